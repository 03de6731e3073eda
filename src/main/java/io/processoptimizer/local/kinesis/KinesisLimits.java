package io.processoptimizer.local.kinesis;

/**
 * What the endpoint holds and how much it lets through.
 *
 * @param throttled whether the service's rates are enforced: per shard 1 MiB/s and 1,000 records/s written, 5 GetRecords calls/s
 *     and 2 MiB/s read, per consumer and shard 2 MiB/s pushed; per stream 10 UpdateShardCount calls in 24 h; and a
 *     SubscribeToShard repeated within 5 s is refused even where the first has ended. Sizes (record, request, page) always hold.
 * @param maxStoredBytes bound on all records held, in bytes of data, keys and bookkeeping; a write beyond it is refused with
 *     LimitExceededException, because dropping records inside their retention would be a silent loss
 * @param maxShards bound on the shards held by all streams together, open and closed, 1 to 1,000,000
 */
public record KinesisLimits(boolean throttled, long maxStoredBytes, int maxShards) {
    /** A quarter of the heap: the worker and the other services of the embedded AWS live in the same process. */
    private static final long DEFAULT_STORED_BYTES = Runtime.getRuntime().maxMemory() / 4;

    /** As many as the largest stream a service account can have; a shard without records costs under 1 KB. */
    private static final int DEFAULT_SHARDS = 10_000;

    private static final int MOST_SHARDS = 1_000_000;

    public KinesisLimits {
        if (maxStoredBytes < 1) {
            throw new IllegalArgumentException(
                    "maxStoredBytes (" + maxStoredBytes + ") must be at least 1; use 268435456 for 256 MiB");
        }
        if (maxShards < 1 || maxShards > MOST_SHARDS) {
            throw new IllegalArgumentException(
                    "maxShards (" + maxShards + ") must be between 1 and " + MOST_SHARDS + "; use " + DEFAULT_SHARDS);
        }
    }

    /** No rates; storage bounded by a quarter of the heap. */
    public static KinesisLimits unthrottled() {
        return new KinesisLimits(false, DEFAULT_STORED_BYTES, DEFAULT_SHARDS);
    }

    /** The rates of the real service; storage bounded by a quarter of the heap. */
    public static KinesisLimits asInTheService() {
        return new KinesisLimits(true, DEFAULT_STORED_BYTES, DEFAULT_SHARDS);
    }
}
