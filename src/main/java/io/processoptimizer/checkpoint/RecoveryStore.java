package io.processoptimizer.checkpoint;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What an operator does with the states of shards, while workers may be at work on them: each call changes nothing where the shard has
 * moved on since it was looked at. Workers use {@link SnapshotStore}.
 *
 * <p>Calls block; one that fails with {@link SnapshotStoreException} may be repeated.
 */
public interface RecoveryStore {
    /** All shards that were ever taken, by id. Reads the whole table of states, which takes a while where they are large. */
    SortedMap<String, ShardPointer> pointers();

    /** The pointer of one shard; null where it was never taken. */
    @Nullable
    ShardPointer pointer(String shardId);

    /** The savepoints of a shard, those that are kept included, newest first. */
    List<Snapshot> savepoints(String shardId);

    /**
     * The bytes of a state.
     *
     * @throws UnreadableSnapshotException where it is missing or damaged
     * @throws NewerSnapshotException where a newer version wrote it
     */
    byte[] load(String shardId, Snapshot snapshot);

    /**
     * Keeps a state until it is released or deleted, whatever is committed and however old it becomes.
     *
     * @param snapshot a savepoint, or the shard's present state, which becomes one
     * @param label why or for whom, not empty; replaces an earlier one
     * @return the savepoint
     * @throws PointerMovedException where it is neither any more
     */
    Snapshot keep(String shardId, Snapshot snapshot, String label) throws PointerMovedException;

    /** A kept savepoint is one like others again, and goes when its time is over; nothing happens where there is none. */
    void release(String shardId, Snapshot savepoint);

    /**
     * Deletes a savepoint, kept or not. The shard's present state stays; it is only no savepoint any more.
     *
     * @return whether there was one
     */
    boolean deleteSavepoint(String shardId, Snapshot savepoint);

    /**
     * Moves the pointer of a shard, which fences its present tenure.
     *
     * @param expected the pointer as it was read, whose holder's epoch is below the operator's; null: there was none, one is made
     * @param operator who moves it; its epoch must be below the lease counter of the next tenure
     * @param to a savepoint, or the present state, which then is kept as a savepoint labelled with the operator's name; null: none
     * @param withoutState with {@code to} null: whether the shard begins without a state at the oldest record of the stream; else it takes
     *     over from its parents
     * @param asked what to reprocess, which is joined to what an earlier rewind asked for ({@link Reprocessing#after}); null: that stays
     * @return the pointer as it is now
     * @throws PointerMovedException where the pointer is not as expected any more, or the savepoint is gone; nothing was changed
     * @throws IllegalArgumentException as {@link ShardPointer#moved}
     */
    ShardPointer move(
            String shardId,
            @Nullable ShardPointer expected,
            Claim operator,
            @Nullable Snapshot to,
            boolean withoutState,
            @Nullable Reprocessing asked)
            throws PointerMovedException;
}
