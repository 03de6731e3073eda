package io.processoptimizer.replay;

import java.math.BigInteger;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A shard of a stream.
 *
 * @param shardId its id, which names a file too: letters, digits, dot, dash and underscore
 * @param startingHashKey the first hash key it takes, inclusive, ≥ 0
 * @param endingHashKey the last hash key it takes, inclusive
 * @param parents ids of the shards that it came from by a split or a merge, at most two; they may have expired
 * @param closed whether it takes no more records
 */
public record RecordedShard(
        String shardId, BigInteger startingHashKey, BigInteger endingHashKey, List<String> parents, boolean closed) {
    private static final Pattern ID = Pattern.compile("[a-zA-Z0-9_.-]{1,128}");

    public RecordedShard {
        if (!ID.matcher(shardId).matches()) {
            throw new IllegalArgumentException("'" + shardId + "' is not the id of a shard");
        }
        if (startingHashKey.signum() < 0 || startingHashKey.compareTo(endingHashKey) > 0) {
            throw new IllegalArgumentException(
                    "hash keys of " + shardId + " run from " + startingHashKey + " to " + endingHashKey);
        }
        parents = List.copyOf(parents);
    }
}
