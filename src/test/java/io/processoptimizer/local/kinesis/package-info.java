/** Tests of the Kinesis endpoint: the model alone, and the same contract through the SDK against this and other endpoints. */
@NullMarked
package io.processoptimizer.local.kinesis;

import org.jspecify.annotations.NullMarked;
