package io.processoptimizer.replay;

import java.util.List;

/**
 * What a stream is.
 *
 * @param name its name
 * @param arn its name in AWS
 * @param createdMillis when it was made, epoch ms: a stream that was deleted and made anew has the same ARN and another time
 * @param retentionMillis how long it keeps a record
 * @param shards all that it still knows, closed ones too
 */
public record StreamDescription(
        String name, String arn, long createdMillis, long retentionMillis, List<RecordedShard> shards) {
    public StreamDescription {
        shards = List.copyOf(shards);
    }
}
