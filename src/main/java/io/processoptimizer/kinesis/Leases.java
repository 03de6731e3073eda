package io.processoptimizer.kinesis;

import io.processoptimizer.event.RecordPosition;
import org.jspecify.annotations.Nullable;

/** What a processor asks of the lease table. */
interface Leases {
    /** The lease of a shard, read consistently, or null. */
    @Nullable
    ShardLease lease(String shardId) throws InterruptedException;

    /** Gives a lease back, if the worker has it, so that the shard is taken anew; returns whether it had it. */
    boolean giveBack(String shardId, String workerId) throws InterruptedException;

    /** The same, and lifts the lease's counter above an epoch. */
    boolean giveBackAbove(String shardId, String workerId, long epoch) throws InterruptedException;

    /** Gives it back, and sets the lease to a position (null: before the first record) from which KCL reads on. */
    boolean rewind(String shardId, String workerId, @Nullable RecordPosition position) throws InterruptedException;
}
