package io.processoptimizer.kinesis;

import org.jspecify.annotations.Nullable;

/** Tells who holds a shard. */
@FunctionalInterface
interface Leases {
    /** The lease of a shard, read consistently, or null where there is none. */
    @Nullable
    ShardLease lease(String shardId) throws InterruptedException;
}
