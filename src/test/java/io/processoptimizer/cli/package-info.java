/** Tests of the commands. */
@NullMarked
package io.processoptimizer.cli;

import org.jspecify.annotations.NullMarked;
