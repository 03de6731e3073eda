package io.processoptimizer.recover.rewind;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that a rewind would do, for people to decide on. Nothing of it has been done.
 *
 * @param application whose leases are moved
 * @param stream the stream they are on
 * @param to the target as the person wrote it
 * @param shards parents before their children
 * @param processes those whose results are replaced; empty: all
 * @param publish whether adjustments that are decided again are sent
 * @param configuration fingerprint that workers must have, or null: any
 * @param affected what is stored of the time that is computed again
 * @param notes what a person should know besides, a sentence each
 */
public record RewindPlan(
        String application,
        String stream,
        String to,
        List<ShardPlan> shards,
        Set<String> processes,
        boolean publish,
        @Nullable String configuration,
        Affected affected,
        List<String> notes) {
    /** What one shard is re-read with, when nobody has measured it: a worker's usual pace of catching up on one shard. */
    static final long ASSUMED_RECORDS_PER_SECOND = 2_000;

    /** From the fenced lease to the first record on its new owner, as measured. */
    static final Duration ASSUMED_TAKEOVER = Duration.ofSeconds(20);

    public RewindPlan {
        shards = List.copyOf(shards);
        processes = Set.copyOf(processes);
        notes = List.copyOf(notes);
    }

    /**
     * One shard.
     *
     * @param records to be read again, as far as they were counted
     * @param more whether there are more
     * @param firstArrival when the first of them arrived, epoch milliseconds; null where there is none
     * @param readAgainMillis how much time of the stream is read again, ms; 0 where nothing is
     * @param incomplete why some windows cannot be complete; null where all can
     */
    public record ShardPlan(
            ShardMove move,
            long records,
            boolean more,
            @Nullable Long firstArrival,
            long readAgainMillis,
            @Nullable String incomplete) {}

    /**
     * Stored outputs of the time that is computed again.
     *
     * @param processes with any
     * @param results complete results that the new generation replaces, or else marks as superseded
     * @param adjustments that it confirms, or else marks
     * @param more whether counting was given up at that: there are more
     */
    public record Affected(int processes, long results, long adjustments, boolean more) {}

    /** Records of all shards, as far as they were counted. */
    public long records() {
        return shards.stream().mapToLong(ShardPlan::records).sum();
    }

    /** Whether there are more than {@link #records}. */
    public boolean more() {
        return shards.stream().anyMatch(ShardPlan::more);
    }

    /** At the assumed pace, shards beside each other but children behind their parents. */
    public Duration estimate() {
        long most = 0;
        long all = 0;
        for (ShardPlan shard : shards) {
            most = Math.max(most, shard.records());
            all += shard.move().kind() == ShardMove.Kind.FROM_PARENTS ? shard.records() : 0;
        }
        return ASSUMED_TAKEOVER.plusMillis((most + all) * 1_000 / ASSUMED_RECORDS_PER_SECOND);
    }
}
