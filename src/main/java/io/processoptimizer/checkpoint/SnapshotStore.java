package io.processoptimizer.checkpoint;

import io.processoptimizer.event.RecordPosition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the state of each shard. The commit of a shard is three steps, always in this order: the snapshot is written, the
 * shard's pointer is moved to it, then KCL checkpoints at the same position. So the KCL checkpoint is a lower bound of what the
 * pointer says, and a crash between any two steps costs only repeated work.
 *
 * <p>Calls block, and may be made from any thread. A store that cannot be reached throws {@link SnapshotStoreException}: the call may
 * be repeated.
 */
public interface SnapshotStore {
    /** Fingerprint of the configuration that what is committed here is computed with; null where that is not known. */
    default @Nullable String configuration() {
        return null;
    }

    /** Whether what is committed here is computed as with this configuration; see {@link ComputedWith#isAs}. */
    default boolean computesAs(String fingerprint) {
        return fingerprint.equals(configuration());
    }

    /**
     * Takes the shard for a tenure and fences every earlier one.
     *
     * @throws FencedException where a later tenure holds the shard
     */
    ShardPointer claim(String shardId, Claim claim) throws FencedException;

    /** What is known of a shard, without taking it; null where it was never taken. */
    @Nullable
    ShardPointer pointer(String shardId);

    /**
     * The bytes of a state.
     *
     * @throws UnreadableSnapshotException where it is missing or damaged
     * @throws NewerSnapshotException where a newer version wrote it
     */
    byte[] load(String shardId, Snapshot snapshot);

    /**
     * Writes a state and moves the pointer to it.
     *
     * @param children the shards that go on from this state, which is the shard's last; empty while the shard lives
     * @throws FencedException where the claim is no longer the shard's; nothing was changed for its present holder
     */
    void commit(String shardId, Claim claim, ShardState state, Set<String> children) throws FencedException;

    /** The savepoints of a shard that are kept, newest first. */
    List<Snapshot> savepoints(String shardId);

    /**
     * Moves the pointer back to a savepoint.
     *
     * @throws FencedException where the claim is no longer the shard's
     */
    void rewind(String shardId, Claim claim, Snapshot savepoint) throws FencedException;

    /**
     * Notes that a record could not be processed; the next commit forgets it.
     *
     * @return how often this record was noted since the last commit, ≥ 1
     * @throws FencedException where the claim is no longer the shard's
     */
    int failed(String shardId, Claim claim, RecordPosition position) throws FencedException;

    /** Deletes the last state of an ended shard once each of its children has one of its own; its savepoints stay for their time. */
    void retire(String shardId);
}
