package io.processoptimizer.local.kinesis;

/**
 * Which shards a listing shows.
 *
 * @param type how
 * @param shardId for {@code AFTER_SHARD_ID}, else empty
 * @param millis for {@code AT_TIMESTAMP} and {@code FROM_TIMESTAMP}, epoch ms, else 0
 */
record ShardFilter(Type type, String shardId, long millis) {
    enum Type {
        AFTER_SHARD_ID,
        AT_TRIM_HORIZON,
        FROM_TRIM_HORIZON,
        AT_LATEST,
        AT_TIMESTAMP,
        FROM_TIMESTAMP
    }

    /** What a listing without a filter shows: all shards that are held. */
    static final ShardFilter ALL = new ShardFilter(Type.FROM_TRIM_HORIZON, "", 0);

    /**
     * Whether the shard is shown. A shard lives from its creation up to, not including, the moment it closed, so that the shards
     * of one moment never overlap and never leave a gap.
     *
     * @param trimHorizonMillis the start of retention or of the stream, whichever is later; earlier timestamps mean this one
     */
    boolean shows(Shard shard, long trimHorizonMillis) {
        return switch (type) {
            case AFTER_SHARD_ID -> shard.id().compareTo(shardId) > 0;
            case AT_LATEST -> shard.isOpen();
            case AT_TRIM_HORIZON -> livesAt(shard, trimHorizonMillis);
            case FROM_TRIM_HORIZON -> livesAfter(shard, trimHorizonMillis);
            case AT_TIMESTAMP -> livesAt(shard, Math.max(millis, trimHorizonMillis));
            case FROM_TIMESTAMP -> livesAfter(shard, Math.max(millis, trimHorizonMillis));
        };
    }

    private static boolean livesAt(Shard shard, long atMillis) {
        Shard.Closing closing = shard.closing();
        return shard.place().createdMillis() <= atMillis && (closing == null || closing.atMillis() > atMillis);
    }

    private static boolean livesAfter(Shard shard, long fromMillis) {
        Shard.Closing closing = shard.closing();
        return closing == null || closing.atMillis() >= fromMillis;
    }
}
