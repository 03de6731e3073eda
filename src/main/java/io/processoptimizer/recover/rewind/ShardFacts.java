package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.ShardLease;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One shard, as the stream, the leases and the store of states know it.
 *
 * @param onStream whether the stream still knows it
 * @param parents the shards it came from, whether or not anybody still knows them
 * @param startingHashKey the first hash key it takes, inclusive
 * @param endingHashKey the last, inclusive
 * @param endingSequence of a closed shard, where it ends; null of an open one
 * @param lease null where there is none
 * @param pointer null where no worker ever took it
 * @param savepoints newest first
 */
public record ShardFacts(
        String shardId,
        boolean onStream,
        List<String> parents,
        BigInteger startingHashKey,
        BigInteger endingHashKey,
        @Nullable String endingSequence,
        @Nullable ShardLease lease,
        @Nullable ShardPointer pointer,
        List<Snapshot> savepoints) {
    public ShardFacts {
        parents = List.copyOf(parents);
        savepoints = List.copyOf(savepoints);
    }

    /** The same shard with another pointer. */
    ShardFacts standing(@Nullable ShardPointer now) {
        return new ShardFacts(
                shardId, onStream, parents, startingHashKey, endingHashKey, endingSequence, lease, now, savepoints);
    }

    /** Whether a worker of this application has had to do with it. */
    public boolean isOurs() {
        return lease != null || pointer != null;
    }

    /** The state that it would go on from, or null. */
    public @Nullable Snapshot state() {
        return pointer == null ? null : pointer.snapshot();
    }

    public boolean isSealed() {
        return pointer != null && pointer.isSealed();
    }

    /** Whether it was read to its end: KCL removes the lease of such a shard once its children have begun. */
    public boolean hasEnded() {
        return isSealed() || (lease == null ? pointer != null : lease.hasEnded());
    }

    /** The last record that is in its state, null before the first; of a shard that was read to its end, its end. */
    public @Nullable RecordPosition standsAt() {
        Snapshot state = state();
        if (isSealed() && endingSequence != null) {
            return new RecordPosition(endingSequence, Long.MAX_VALUE);
        }
        return state == null ? null : state.position();
    }
}
