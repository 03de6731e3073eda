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
 * @param data the record as it came, without the mark of a redriven one; not copied: treat as read-only
 * @param redrivenMillis where it was redriven and is refused again: when it arrived on the stream for that; else {@link #NEVER}
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
        byte[] data,
        long redrivenMillis) {
    /** Of a letter that was not redriven. */
    public static final long NEVER = Long.MIN_VALUE;

    /** An input that is refused for the first time. */
    public DeadLetter(
            RejectReason reason,
            String detail,
            String shardId,
            RecordPosition position,
            int index,
            String partitionKey,
            long arrivalMillis,
            byte[] data) {
        this(reason, detail, shardId, position, index, partitionKey, arrivalMillis, data, NEVER);
    }

    /** Unique within the reason and the same on every re-run: shard, sequence, sub-sequence, index. */
    public String id() {
        return shardId + ":" + position.sequenceNumber() + ":" + position.subSequenceNumber() + ":" + index;
    }
}
