package io.processoptimizer.replay;

/** A stream that can be read shard by shard: the port to Kinesis. Safe for use by several threads. */
public interface StreamSource extends AutoCloseable {
    /**
     * Asks what the stream is now.
     *
     * @throws RuntimeException where it does not exist or cannot be reached, with the remedy
     */
    StreamDescription describe() throws InterruptedException;

    /**
     * Opens a shard.
     *
     * @param shardId of {@link #describe()}
     */
    ShardReader open(String shardId, ReadFrom from) throws InterruptedException;

    @Override
    void close();
}
