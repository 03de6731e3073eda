/**
 * Taking shards back to an earlier state, with or without workers running: START HERE with
 * {@link io.processoptimizer.recover.rewind.RewindPlanner}, which decides purely from what is known where each shard goes;
 * {@link io.processoptimizer.recover.rewind.RewindExecutor} does it step by step, so that a death between any two is gone on from.
 * Records go in as leases, pointers and savepoints say; what leaves are moved leases and pointers, never results of its own.
 */
@NullMarked
package io.processoptimizer.recover.rewind;

import org.jspecify.annotations.NullMarked;
