package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.ShardRange;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Some megabytes of input on their way from the reader to the workers: the bytes, and where in them the records are. Filled by one
 * thread, then read by all workers, each taking the records of its own processes, then filled again.
 *
 * <p>A worker takes the records process by process, of each in the order of the input. The state of thousands of processes does not
 * fit a processor's caches; with several records of a process one after the other it is fetched once for all of them.
 */
final class RecordBlock {
    /** Large enough for several records of each of thousands of processes, small enough for the caches. */
    static final int USUAL_BYTES = 4 << 20;

    /** A longer line is cut, and refused as too large: no setting takes a record so long. */
    static final int MAX_LINE_BYTES = 32 << 20;

    private static final int USUAL_RECORDS = 1 << 15;

    /** Groups of processes a worker: with more of them fewer processes share one, and the counters still fit the caches. */
    private static final int GROUPS = 1024;

    private static final int GROUP_SHIFT = 22;

    private byte[] bytes = new byte[USUAL_BYTES];
    private int used;
    private int count;
    private int[] ends = new int[USUAL_RECORDS];
    private int[] groups = new int[USUAL_RECORDS];
    private int[] order = new int[USUAL_RECORDS];
    private int[] groupEnds = {};
    private @Nullable Envelope[] envelopes = new @Nullable Envelope[USUAL_RECORDS];

    // Of a record without an envelope: the file that it is a line of, and its number there.
    private ShardRange[] files = new ShardRange[USUAL_RECORDS];
    private long[] lines = new long[USUAL_RECORDS];

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
        // In two steps: appending may replace the array that it goes into.
        int record = append(source, from, to);
        envelopes[record] = envelope;
    }

    /** Appends the record {@code source[from, to)}, a line of a file of which nothing else is known. */
    void addLine(byte[] source, int from, int to, ShardRange file, long line) {
        int record = append(source, from, to);
        envelopes[record] = null;
        files[record] = file;
        lines[record] = line;
    }

    private int append(byte[] source, int from, int to) {
        int length = to - from;
        if (bytes.length - used < length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + length, bytes.length * 2));
        }
        if (count == ends.length) {
            ends = Arrays.copyOf(ends, count * 2);
            groups = new int[count * 2];
            order = new int[count * 2];
            envelopes = Arrays.copyOf(envelopes, count * 2);
            files = Arrays.copyOf(files, count * 2);
            lines = Arrays.copyOf(lines, count * 2);
        }
        System.arraycopy(source, from, bytes, used, length);
        used += length;
        ends[count] = used;
        return count++;
    }

    private int start(int record) {
        return record == 0 ? 0 : ends[record - 1];
    }

    /** Decides which of the workers takes each record, and in which order: all records of a process go to the same. */
    void assignTo(int workers) {
        int[] firsts = new int[workers * GROUPS + 1];
        for (int i = 0; i < count; i++) {
            int hash = ProcessPeek.hash(bytes, start(i), ends[i]);
            groups[i] = ProcessPeek.ownerOf(hash, workers) * GROUPS + (hash >>> GROUP_SHIFT);
            firsts[groups[i] + 1]++;
        }
        for (int group = 0; group < workers * GROUPS; group++) {
            firsts[group + 1] += firsts[group];
        }
        // As its records find their places, the first place of a group becomes its end, which is the next one's first.
        for (int i = 0; i < count; i++) {
            order[firsts[groups[i]]++] = i;
        }
        groupEnds = firsts;
    }

    /** The first place in the order that belongs to a worker; of the one behind the last, the count. */
    int firstOf(int worker) {
        return worker == 0 ? 0 : groupEnds[worker * GROUPS - 1];
    }

    /** The record at a place in the order. */
    int at(int place) {
        return order[place];
    }

    InputRecord record(int record) {
        Envelope envelope = envelopes[record];
        int start = start(record);
        if (envelope == null) {
            return new InputRecord(files[record], lines[record], bytes, start, ends[record] - start);
        }
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
        Envelope envelope = envelopes[record];
        return envelope == null ? null : envelope.fault();
    }
}
