/**
 * The real Kinesis Client Library: shards are leased, records enter the pipeline of their shard in order, commits and shutdown happen at
 * KCL's callbacks. What the records mean and where outputs go is not known here.
 */
@NullMarked
package io.processoptimizer.kinesis;

import org.jspecify.annotations.NullMarked;
