package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;

/**
 * A user record as it was read from a shard.
 *
 * @param shardId the shard it was read from
 * @param position where it stands there
 * @param partitionKey the producer's key, any text
 * @param arrivalMillis when the stream took it, epoch ms; approximate, so that neighbours may be out of order by a little
 * @param data its bytes, owned by the receiver
 */
@SuppressWarnings("ArrayRecordComponent") // lives from a fetch to a line; compared by nobody
public record RecordedRecord(
        String shardId, RecordPosition position, String partitionKey, long arrivalMillis, byte[] data) {}
