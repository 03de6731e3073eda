package io.processoptimizer.checkpoint;

import io.processoptimizer.event.RecordPosition;
import org.jspecify.annotations.Nullable;

/**
 * One stored state of a shard: where to find it, not the state itself.
 *
 * @param id names it within its shard; ids of one shard rise with time
 * @param position the last record that it contains; null: it stands before the first record
 * @param parts of how many parts it consists, ≥ 1
 * @param bytes its size in memory, not compressed
 * @param writtenMillis when it was written, epoch milliseconds
 * @param configuration fingerprint of the configuration that it was computed with; null where that is not known
 * @param label of a savepoint that is kept until it is deleted; null of one that is kept for its time, and of any other state
 */
public record Snapshot(
        String id,
        @Nullable RecordPosition position,
        int parts,
        long bytes,
        long writtenMillis,
        @Nullable String configuration,
        @Nullable String label) {
    /** A state of an unknown configuration, without a label. */
    public Snapshot(String id, @Nullable RecordPosition position, int parts, long bytes, long writtenMillis) {
        this(id, position, parts, bytes, writtenMillis, null, null);
    }

    /** Whether it is kept until an operator deletes it. */
    public boolean isKept() {
        return label != null;
    }

    /** The same, kept under a label; null: not kept any more. */
    public Snapshot labelled(@Nullable String newLabel) {
        return new Snapshot(id, position, parts, bytes, writtenMillis, configuration, newLabel);
    }
}
