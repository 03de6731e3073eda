package io.processoptimizer.local.kinesis;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Where a listing of shards goes on. The whole of it travels in the token.
 *
 * @param stream name of the stream
 * @param filter what the first page asked for
 * @param afterShardId the last shard shown, empty before the first
 * @param issuedMillis when the token was given out, epoch ms
 */
record ShardListToken(String stream, ShardFilter filter, String afterShardId, long issuedMillis) {
    /** As in the service. */
    static final long LIFETIME_MILLIS = 300_000;

    private static final int PARTS = 6;

    String token() {
        String text = String.join(
                ",",
                stream,
                filter.type().name(),
                filter.shardId(),
                "" + filter.millis(),
                afterShardId,
                "" + issuedMillis);
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws KinesisException InvalidArgument where {@code token} is none of ours */
    static ShardListToken parse(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.split(",", -1));
            if (parts.size() == PARTS) {
                ShardFilter filter = new ShardFilter(
                        ShardFilter.Type.valueOf(parts.get(1)), parts.get(2), Long.parseLong(parts.get(3)));
                return new ShardListToken(parts.get(0), filter, parts.get(4), Long.parseLong(parts.get(5)));
            }
        } catch (IllegalArgumentException e) {
            // Not base64, not a type or not a number: the same answer as for a wrong number of parts.
        }
        throw KinesisError.INVALID_ARGUMENT.with("Invalid NextToken.");
    }
}
