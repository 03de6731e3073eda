package io.processoptimizer.status;

import java.io.IOException;
import java.util.List;

/** Where workers leave overviews of their shards for each other. Calls block for at most some seconds. */
public interface Overviews {
    /** Longest overview, in bytes: it is one item. */
    int MOST_BYTES = 380_000;

    /**
     * Leaves the overview of a shard in place of the one before; without effect where a later tenure has left one.
     *
     * @param overview at most {@link #MOST_BYTES}
     * @throws IOException where it cannot be written; the next one makes good for it
     */
    void put(String shardId, long epoch, byte[] overview) throws IOException;

    /**
     * Takes the overview of a shard away that is gone, unless a later tenure has left it.
     *
     * @throws IOException where it cannot be deleted; it is tried again
     */
    void remove(String shardId, long epoch) throws IOException;

    /**
     * The overviews of all shards.
     *
     * @throws IOException where they cannot be read
     */
    List<byte[]> all() throws IOException;
}
