package io.processoptimizer.checkpoint;

import java.util.List;

/**
 * Where the bytes of states lie: a table, a bucket, a folder. Which of them count is said elsewhere, by the pointers: a state is
 * written under an id of its own, never overwritten, and found by that id alone.
 *
 * <p>Calls block, and may be made from any thread; one that got no answer throws {@link SnapshotStoreException} and may be repeated.
 */
public interface SnapshotParts {
    /** The longest part that may be put, bytes. */
    int maxPartBytes();

    /** Puts all parts of a state; durable on return. */
    void put(String shardId, String id, List<byte[]> parts);

    /**
     * The parts in their order.
     *
     * @throws UnreadableSnapshotException where one is missing
     */
    List<byte[]> get(String shardId, String id, int parts);

    /** Ids of which any part is there, in rising order. */
    List<String> ids(String shardId);

    /** Deletes a state; what is not there is deleted. */
    void delete(String shardId, String id);
}
