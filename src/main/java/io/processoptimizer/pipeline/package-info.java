/**
 * START HERE: {@code ShardPipeline} is the whole way of a record, decode to checkpoint, on one
 * screen. Records of one shard enter in stream order, outputs leave through a port, and the state in between can be snapshot and
 * restored at any record. Knows no AWS, no clock and no thread: what the time is, it is told.
 */
@NullMarked
package io.processoptimizer.pipeline;

import org.jspecify.annotations.NullMarked;
