package io.processoptimizer.recover;

import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.kinesis.LeaseRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that was seen of an application at one time, nothing of it judged.
 *
 * @param atMillis when, epoch milliseconds
 * @param stream the stream that the settings name
 * @param owner the application whose states the table holds; null: not known
 * @param remembered the stream that leases and states belong to; null: no worker has run yet
 * @param hasLeaseTable whether KCL's table exists
 * @param hasStateTable whether the table of pointers exists
 * @param workers those that report themselves in KCL's table
 * @param shards of the stream and of the leases, by id
 * @param operation of an operator, that was begun and is not done; null: none
 */
public record Sighting(
        long atMillis,
        Stream stream,
        @Nullable String owner,
        @Nullable Stream remembered,
        boolean hasLeaseTable,
        boolean hasStateTable,
        List<LeaseRows.Reporter> workers,
        List<ShardStanding> shards,
        @Nullable Operation operation) {
    public Sighting {
        workers = List.copyOf(workers);
        shards = List.copyOf(shards);
    }

    /**
     * A stream.
     *
     * @param arn its name in AWS
     * @param createdSeconds when it was made, epoch seconds: one that was deleted and made anew has the same ARN
     * @param retentionMillis how long it keeps a record; 0 where that is not known
     */
    public record Stream(String arn, long createdSeconds, long retentionMillis) {
        boolean isSameAs(Stream other) {
            return arn.equals(other.arn) && createdSeconds == other.createdSeconds;
        }
    }

    /**
     * An operation that was begun.
     *
     * @param id names it
     * @param operator who began it
     * @param startedMillis when, epoch milliseconds
     * @param phase how far it came
     */
    public record Operation(String id, String operator, long startedMillis, String phase) {
        /** The one that is under way, or null. */
        public static @Nullable Operation of(RecoveryItem item) {
            RecoveryItem.Stored stored = item.unfinished();
            return stored == null
                    ? null
                    : new Operation(stored.id(), stored.operator(), stored.startedMillis(), stored.phase());
        }
    }

    /** Shards that there is something to do for: neither finished nor gone. */
    public List<ShardStanding> unfinished() {
        return shards.stream().filter(shard -> !shard.isFinished()).toList();
    }
}
