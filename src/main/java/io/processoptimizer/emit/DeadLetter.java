package io.processoptimizer.emit;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;

/**
 * An input that was refused, with its bytes, so that it can be looked at, mended and redriven.
 *
 * @param reason why it was refused
 * @param detail one sentence for a person: names the field, the value and what is expected
 * @param shardId the shard it came from
 * @param position where in the shard
 * @param index which observation of the record, from 0
 * @param partitionKey as on the stream
 * @param arrivalMillis when it arrived on the stream, epoch milliseconds
 * @param data the record as it came; not copied: treat as read-only
 */
@SuppressWarnings("ArrayRecordComponent") // the bytes of the record itself, passed on untouched
public record DeadLetter(
        RejectReason reason,
        String detail,
        String shardId,
        RecordPosition position,
        int index,
        String partitionKey,
        long arrivalMillis,
        byte[] data) {
    /** Unique within the reason and the same on every re-run: shard, sequence, sub-sequence, index. */
    public String id() {
        return shardId + ":" + position.sequenceNumber() + ":" + position.subSequenceNumber() + ":" + index;
    }
}
