package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some hundred kilobytes of input on their way from the reader to the workers: the bytes, and where in them the records are. Filled by
 * one thread, then read by all workers, each taking the records of its own processes, then filled again.
 */
final class RecordBlock {
    /** Large enough that handing a block over costs nothing beside its records. */
    static final int USUAL_BYTES = 512 * 1024;

    /** A longer line is cut, and refused as too large: no setting takes a record so long. */
    static final int MAX_LINE_BYTES = 32 << 20;

    private static final int USUAL_RECORDS = 4096;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int used;
    private int count;
    private int[] ends = new int[USUAL_RECORDS];
    private int[] owners = new int[USUAL_RECORDS];
    private Envelope[] envelopes = new Envelope[USUAL_RECORDS];

    /**
     * Where a record was on its stream.
     *
     * @param partitionKey as on the stream, or null where that is not known
     * @param arrivalMillis epoch milliseconds, or {@link TelemetryEvent#ABSENT}
     * @param fault why the line cannot be read, or null
     */
    record Envelope(
            ShardRange shard,
            RecordPosition position,
            @Nullable String partitionKey,
            long arrivalMillis,
            @Nullable String fault) {}

    void clear() {
        used = 0;
        count = 0;
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return used >= USUAL_BYTES;
    }

    /** Appends the record {@code source[from, to)}. */
    void add(byte[] source, int from, int to, Envelope envelope) {
        int length = to - from;
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length * 2));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            owners = Arrays.copyOf(owners, count * 2);
            envelopes = Arrays.copyOf(envelopes, count * 2);
        }
        System.arraycopy(source, from, bytes, used, length);
        used += length;
        ends[count] = used;
        envelopes[count] = envelope;
        count++;
    }

    private int start(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }

    /** Decides which of the workers takes each record: all records of a process go to the same. */
    void assignTo(int workers) {
        for (int i = 0; i < count; i++) {
            owners[i] = workers == 1 ? 0 : Math.floorMod(ProcessPeek.hash(bytes, start(i), ends[i]), workers);
        }
    }

    boolean isOwnedBy(int record, int worker) {
        return owners[record] == worker;
    }

    InputRecord record(int record) {
        Envelope envelope = envelopes[record];
        int start = start(record);
        return new InputRecord(
                envelope.shard(),
                envelope.position(),
                envelope.partitionKey(),
                envelope.arrivalMillis(),
                bytes,
                start,
                ends[record] - start);
    }

    /** Why the line of a record cannot be read, or null. */
    @Nullable
    String fault(int record) {
        return envelopes[record].fault();
    }
}
