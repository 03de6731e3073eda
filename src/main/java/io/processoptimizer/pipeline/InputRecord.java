package io.processoptimizer.pipeline;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One user record as it came: from a stream, or from a file.
 *
 * @param shard the shard it came from, which must own its partition key; a file without shards is one that owns every key
 * @param position where in the shard
 * @param partitionKey as on the stream; null where the input has none and its order per process is all that is known
 * @param arrivalMillis when it arrived on the stream, epoch milliseconds, or {@link TelemetryEvent#ABSENT}
 * @param buffer holds the record at {@code [offset, offset + length)}; the receiver reads it during the call only
 */
@SuppressWarnings("ArrayRecordComponent") // bytes of a larger block, passed on without a copy
public record InputRecord(
        ShardRange shard,
        RecordPosition position,
        @Nullable String partitionKey,
        long arrivalMillis,
        byte[] buffer,
        int offset,
        int length) {
    public InputRecord {
        Objects.checkFromIndexSize(offset, length, buffer.length);
    }

    /** A record that fills its buffer. */
    public static InputRecord of(
            ShardRange shard, RecordPosition position, String partitionKey, long arrivalMillis, byte[] data) {
        return new InputRecord(shard, position, partitionKey, arrivalMillis, data, 0, data.length);
    }

    /** The record's bytes from the given one on, the receiver's own. */
    byte[] copyOfData(int from) {
        return Arrays.copyOfRange(buffer, offset + from, offset + length);
    }
}
