package io.processoptimizer.kinesis;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the lease table says of one shard.
 *
 * @param shardId the shard
 * @param owner the worker that holds it, or null
 * @param counter rises with every renewal and every change of hands
 * @param checkpoint a sequence number or one of KCL's words (TRIM_HORIZON, LATEST, SHARD_END)
 * @param parents the shards it came from by a split or a merge; empty where it came from none
 * @param children the shards that came from it; empty while it lives
 * @param startingHashKey first hash key of the shard, inclusive
 * @param endingHashKey last hash key, inclusive
 */
public record ShardLease(
        String shardId,
        @Nullable String owner,
        long counter,
        String checkpoint,
        List<String> parents,
        List<String> children,
        BigInteger startingHashKey,
        BigInteger endingHashKey) {
    /** The greatest hash key: 2¹²⁸ − 1. */
    public static final BigInteger MAX_HASH_KEY = BigInteger.ONE.shiftLeft(128).subtract(BigInteger.ONE);

    /** Whether KCL has processed the shard to its end. */
    public boolean hasEnded() {
        return checkpoint.equals("SHARD_END");
    }

    public ShardLease {
        parents = List.copyOf(parents);
        children = List.copyOf(children);
    }
}
