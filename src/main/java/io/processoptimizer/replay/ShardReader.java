package io.processoptimizer.replay;

/** Reads one shard in order. Used by one thread at a time. */
public interface ShardReader {
    /**
     * Fetches once, as soon as the shard's limit of reads allows.
     *
     * @throws TrimmedException once, where the stream has dropped the record that reading was to go on after; the next call goes on with
     *     the oldest record that is left
     * @throws RuntimeException where the stream cannot be read, after patient retries
     */
    Fetched next() throws TrimmedException, InterruptedException;
}
