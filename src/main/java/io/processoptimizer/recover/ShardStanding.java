package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardProbe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where one shard stands.
 *
 * @param shardId the shard
 * @param onStream what the stream says of it
 * @param parents the shards it came from; empty where it came from none
 * @param lease KCL's row; null: none
 * @param age how long the lease has stood still; null without one
 * @param pointer where the state stands; null: no worker has taken the shard yet
 * @param lag of the pointer's position; null where it was not looked at or could not be
 * @param count records behind the pointer's position; null where that was not asked for
 * @param savepoints those that are kept, newest first
 */
public record ShardStanding(
        String shardId,
        OnStream onStream,
        List<String> parents,
        LeaseRows.@Nullable Lease lease,
        LeaseWatch.@Nullable Age age,
        @Nullable ShardPointer pointer,
        ShardProbe.@Nullable Lag lag,
        ShardProbe.@Nullable Count count,
        List<Snapshot> savepoints) {
    /** What the stream says of a shard. */
    public enum OnStream {
        OPEN,
        CLOSED,
        /** Older than the stream's retention, or of another stream. */
        GONE
    }

    public ShardStanding {
        parents = List.copyOf(parents);
        savepoints = List.copyOf(savepoints);
    }

    /** Whether it was processed to its end, or has nothing to be processed any more. */
    public boolean isFinished() {
        return lease == null ? onStream == OnStream.GONE : lease.lease().hasEnded();
    }

    /** Whether a worker was seen to renew its lease, and has not missed it since. */
    public boolean isRenewed(Expectations expected) {
        return age != null && age.isRenewed(expected.stale());
    }

    /** The state that counts, or null. */
    public @Nullable Snapshot state() {
        return pointer == null ? null : pointer.snapshot();
    }

    /** The last record that the state contains, or null. */
    public @Nullable RecordPosition position() {
        Snapshot state = state();
        return state == null ? null : state.position();
    }

    /** The worker that processes it, as far as leases say; null: nobody. */
    public @Nullable String processor() {
        return lease == null ? null : lease.processor();
    }
}
