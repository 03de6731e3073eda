package io.processoptimizer.kinesis;

import io.processoptimizer.event.RecordPosition;
import org.jspecify.annotations.Nullable;

/**
 * A user record as KCL delivered it.
 *
 * @param position where it stands in the shard
 * @param partitionKey as on the stream
 * @param explicitHashKey overrides the hash of the partition key, or null
 * @param arrivalMillis when it arrived on the stream, epoch milliseconds
 * @param data its bytes; from 0 to {@code length}; valid during the call only
 * @param length how many of them
 */
@SuppressWarnings("ArrayRecordComponent") // the shard's one buffer, filled again for the next record
public record Delivery(
        RecordPosition position,
        String partitionKey,
        @Nullable String explicitHashKey,
        long arrivalMillis,
        byte[] data,
        int length) {}
