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
 * fit a processor's caches; with several records of a process one after the other it is fetched once for all of them. So that the
 * records themselves are read front to back too, they are moved into that order at once ({@link #assignTo}).
 */
final class RecordBlock {
    /** Large enough for tens of records of each of thousands of processes, so that the state of one is fetched for all of them. */
    private static final int USUAL_BYTES = 8 << 20;

    /** A longer line is cut, and refused as too large: no setting takes a record so long. */
    static final int MAX_LINE_BYTES = 32 << 20;

    private static final int USUAL_RECORDS = 1 << 15;

    /** What is known of each record beside its bytes takes about 30; short lines are not to take more than usual ones. */
    private static final int MOST_RECORDS = 8 * USUAL_RECORDS;

    /** A block that had to grow beyond it for a long line is not kept so large. */
    private static final int MOST_KEPT_BYTES = 4 * USUAL_BYTES;

    /** Groups of processes a worker: with more of them fewer processes share one, and the counters still fit the caches. */
    private static final int GROUPS = 4096;

    private static final int GROUP_SHIFT = 20;

    private Contents contents;
    private final Spare spare;

    private int used;
    private int count;
    private int[] groupEnds = {};

    /** @param spare that of all blocks which one thread fills */
    RecordBlock(Spare spare) {
        this(spare, new Contents(USUAL_BYTES, USUAL_RECORDS));
    }

    private RecordBlock(Spare spare, Contents contents) {
        this.spare = spare;
        this.contents = contents;
    }

    /** One without room, to stand for the end. */
    static RecordBlock none() {
        return new RecordBlock(new Spare(), new Contents(0, 0));
    }

    /** Where the records of a block go as they are put in order; then the place of those that were. */
    static final class Spare {
        private @Nullable Contents contents;
    }

    /** The bytes of the records, each behind the one before it, and what else is known of each. */
    private static final class Contents {
        byte[] bytes;
        int[] ends;

        /** Of each record's process. */
        int[] hashes;

        @Nullable
        Envelope[] envelopes;

        // Of a record without an envelope: the file that it is a line of, and its number there.
        ShardRange[] files;
        long[] lines;

        Contents(int byteCount, int records) {
            bytes = new byte[byteCount];
            ends = new int[records];
            hashes = new int[records];
            envelopes = new @Nullable Envelope[records];
            files = new ShardRange[records];
            lines = new long[records];
        }

        boolean holds(Contents other) {
            return bytes.length >= other.bytes.length && ends.length >= other.ends.length;
        }

        void makeRoomForRecords(int records) {
            ends = Arrays.copyOf(ends, records);
            hashes = Arrays.copyOf(hashes, records);
            envelopes = Arrays.copyOf(envelopes, records);
            files = Arrays.copyOf(files, records);
            lines = Arrays.copyOf(lines, records);
        }

        int start(int record) {
            return record == 0 ? 0 : ends[record - 1];
        }
    }

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
        if (contents.bytes.length > MOST_KEPT_BYTES) {
            contents = new Contents(USUAL_BYTES, USUAL_RECORDS);
        }
    }

    int count() {
        return count;
    }

    boolean isFull() {
        return used >= USUAL_BYTES || count >= MOST_RECORDS;
    }

    /** Appends the record {@code source[from, to)}. */
    void add(byte[] source, int from, int to, Envelope envelope) {
        int record = append(source, from, to);
        contents.envelopes[record] = envelope;
    }

    /** Appends the record {@code source[from, to)}, a line of a file of which nothing else is known. */
    void addLine(byte[] source, int from, int to, ShardRange file, long line) {
        int record = append(source, from, to);
        contents.envelopes[record] = null;
        contents.files[record] = file;
        contents.lines[record] = line;
    }

    private int append(byte[] source, int from, int to) {
        int length = to - from;
        if (contents.bytes.length - used < length) {
            contents.bytes = Arrays.copyOf(contents.bytes, Math.max(used + length, contents.bytes.length * 2));
        }
        if (count == contents.ends.length) {
            contents.makeRoomForRecords(count * 2);
        }
        System.arraycopy(source, from, contents.bytes, used, length);
        contents.hashes[count] = ProcessPeek.hash(contents.bytes, used, used + length);
        used += length;
        contents.ends[count] = used;
        return count++;
    }

    /**
     * Decides which of the workers takes each record, and puts the records in the order in which they are taken: all of a process go to
     * the same worker, in the order of the input. To be called once all records were added.
     */
    void assignTo(int workers) {
        Contents from = contents;
        int[] places = new int[workers * GROUPS + 1];
        int[] offsets = new int[workers * GROUPS + 1];
        for (int i = 0, start = 0; i < count; i++) {
            int end = from.ends[i];
            int group = groupOf(from.hashes[i], workers);
            places[group + 1]++;
            offsets[group + 1] += end - start;
            start = end;
        }
        for (int group = 0; group < workers * GROUPS; group++) {
            places[group + 1] += places[group];
            offsets[group + 1] += offsets[group];
        }
        // As its records find their places, the first place of a group becomes its end, which is the next one's first.
        Contents free = spare.contents;
        Contents to = free != null && free.holds(from) ? free : new Contents(from.bytes.length, from.ends.length);
        for (int i = 0, start = 0; i < count; i++) {
            int end = from.ends[i];
            int group = groupOf(from.hashes[i], workers);
            int place = places[group]++;
            System.arraycopy(from.bytes, start, to.bytes, offsets[group], end - start);
            offsets[group] += end - start;
            to.ends[place] = offsets[group];
            to.envelopes[place] = from.envelopes[i];
            to.files[place] = from.files[i];
            to.lines[place] = from.lines[i];
            start = end;
        }
        groupEnds = places;
        contents = to;
        spare.contents = from.bytes.length > MOST_KEPT_BYTES ? null : from;
    }

    private static int groupOf(int hash, int workers) {
        return ProcessPeek.ownerOf(hash, workers) * GROUPS + (hash >>> GROUP_SHIFT);
    }

    /** The first record that belongs to a worker; of the one behind the last, the count. */
    int firstOf(int worker) {
        return worker == 0 ? 0 : groupEnds[worker * GROUPS - 1];
    }

    InputRecord record(int record) {
        Contents from = contents;
        Envelope envelope = from.envelopes[record];
        int start = from.start(record);
        int length = from.ends[record] - start;
        if (envelope == null) {
            return new InputRecord(from.files[record], from.lines[record], from.bytes, start, length);
        }
        return new InputRecord(
                envelope.shard(),
                envelope.position(),
                envelope.partitionKey(),
                envelope.arrivalMillis(),
                from.bytes,
                start,
                length);
    }

    /** Why the line of a record cannot be read, or null. */
    @Nullable
    String fault(int record) {
        Envelope envelope = contents.envelopes[record];
        return envelope == null ? null : envelope.fault();
    }
}
