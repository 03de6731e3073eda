/**
 * The command line: the composition root that reads the configuration, puts the parts together and runs one command. Arguments,
 * environment and files enter; text for people or JSON, and an exit code, leave. Nothing else depends on this package but the
 * embedded AWS, which implements its port.
 */
@NullMarked
package io.processoptimizer.cli;

import org.jspecify.annotations.NullMarked;
