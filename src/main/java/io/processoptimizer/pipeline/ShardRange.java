package io.processoptimizer.pipeline;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A shard and the keys that belong to it: those whose MD5, read as an unsigned 128-bit number, lies within its bounds.
 *
 * @param shardId as on the stream
 * @param startingHashKey inclusive, 0 … 2¹²⁸ − 1
 * @param endingHashKey inclusive, at least the start
 */
public record ShardRange(String shardId, BigInteger startingHashKey, BigInteger endingHashKey) {
    private static final BigInteger HIGHEST = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    public ShardRange {
        if (startingHashKey.signum() < 0
                || startingHashKey.compareTo(endingHashKey) > 0
                || endingHashKey.compareTo(HIGHEST) > 0) {
            throw new IllegalArgumentException("hash range of " + shardId + " is " + startingHashKey + " to "
                    + endingHashKey + "; it must rise within 0 and 2^128 - 1");
        }
    }

    /** A shard that owns every key: a stream of one shard, or a file. */
    public static ShardRange whole(String shardId) {
        return new ShardRange(shardId, BigInteger.ZERO, HIGHEST);
    }

    public boolean ownsEveryKey() {
        return startingHashKey.signum() == 0 && endingHashKey.equals(HIGHEST);
    }

    public boolean owns(String partitionKey) {
        BigInteger hash = new BigInteger(1, md5().digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
        return startingHashKey.compareTo(hash) <= 0 && hash.compareTo(endingHashKey) <= 0;
    }

    private static MessageDigest md5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5; this one does not", e);
        }
    }
}
