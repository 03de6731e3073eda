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
 */
public record Snapshot(String id, @Nullable RecordPosition position, int parts, long bytes, long writtenMillis) {}
