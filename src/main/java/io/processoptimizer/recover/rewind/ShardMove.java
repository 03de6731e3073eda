package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import org.jspecify.annotations.Nullable;

/**
 * Where a rewind takes one shard.
 *
 * @param from the last record in its state before; null: it stands before its first
 * @param savepoint the state to go on from; null where there is none, and of a shard that takes over from its parents
 * @param to the last record that is not read again; null: it is read from its first record on that the stream keeps
 */
public record ShardMove(
        String shardId,
        Kind kind,
        @Nullable RecordPosition from,
        @Nullable Snapshot savepoint,
        @Nullable RecordPosition to) {
    /** What a shard goes on from. */
    public enum Kind {
        /** Its own earlier state. */
        SAVEPOINT,
        /** Nothing, and nothing is missing: the stream keeps all that ever came. */
        FROM_START,
        /** Nothing: what came before is missing. */
        WITHOUT_STATE,
        /** What its parents leave when they have been read again to their end. */
        FROM_PARENTS
    }
}
