/** Tests of the worker on KCL. */
@NullMarked
package io.processoptimizer.kinesis;

import org.jspecify.annotations.NullMarked;
