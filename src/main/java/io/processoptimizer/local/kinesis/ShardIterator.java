package io.processoptimizer.local.kinesis;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;

/**
 * Where a reader stands in a shard. The whole of it travels in the token, so the endpoint keeps nothing per reader.
 *
 * @param stream name of the stream
 * @param streamCreatedMillis tells a stream from an earlier one of the same name, epoch ms
 * @param shardIndex the shard
 * @param position of the next record to read, from 1
 * @param issuedMillis when the token was given out, epoch ms
 */
record ShardIterator(String stream, long streamCreatedMillis, int shardIndex, long position, long issuedMillis) {
    /** As in the service. */
    static final long LIFETIME_MILLIS = 300_000;

    private static final int PARTS = 5;

    String token() {
        String text =
                String.join(",", stream, "" + streamCreatedMillis, "" + shardIndex, "" + position, "" + issuedMillis);
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** @throws KinesisException InvalidArgument where {@code token} is none of ours */
    static ShardIterator parse(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            List<String> parts = List.of(text.split(",", -1));
            if (parts.size() == PARTS) {
                return new ShardIterator(
                        parts.get(0),
                        Long.parseLong(parts.get(1)),
                        Integer.parseInt(parts.get(2)),
                        Long.parseLong(parts.get(3)),
                        Long.parseLong(parts.get(4)));
            }
        } catch (IllegalArgumentException e) {
            // Not base64 or not a number: the same answer as for a wrong number of parts.
        }
        throw KinesisError.INVALID_ARGUMENT.with("Invalid ShardIterator.");
    }
}
