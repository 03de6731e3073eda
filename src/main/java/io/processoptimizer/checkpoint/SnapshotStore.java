package io.processoptimizer.checkpoint;

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
    /**
     * Takes the shard for a tenure and fences every earlier one.
     *
     * @return the state that the pointer names, or null where the shard never had one
     * @throws FencedException where a later tenure holds the shard
     * @throws UnreadableSnapshotException where the pointer names a state that is missing, damaged or of a newer format
     */
    @Nullable
    ShardState claim(String shardId, Claim claim) throws FencedException;

    /**
     * Writes a state and moves the pointer to it.
     *
     * @param sealed no further state follows: the shard has ended
     * @throws FencedException where the claim is no longer the shard's; nothing was changed for its present holder
     */
    void commit(String shardId, Claim claim, ShardState state, boolean sealed) throws FencedException;
}
