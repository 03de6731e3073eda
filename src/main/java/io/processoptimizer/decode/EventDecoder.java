package io.processoptimizer.decode;

import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Map;
import java.util.Objects;

/**
 * Turns the bytes of one record into an event, a process snapshot or a reason for refusal. The common form of an event costs one
 * pass over its bytes and no allocation ({@link CanonicalEventParser}); everything else is read by {@link RecordReader}, which
 * alone refuses. What a record means does not depend on which of the two read it, nor on the records before it.
 *
 * <p>Not thread-safe: one instance a shard.
 */
public final class EventDecoder {
    /** The largest record that Kinesis takes by default. */
    public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;

    /** Names of processes, steps and products of one shard that are kept; beyond, a name is a new string each time. */
    private static final int MAX_NAMES = 1 << 14;

    private final int maxRecordBytes;
    private final TelemetryEvent slot = new TelemetryEvent();
    private final IgnoredFields ignored = new IgnoredFields();
    private final CanonicalEventParser canonical;
    private final RecordReader reader;
    private final MappedRecords mapped;

    /** Takes records up to {@link #DEFAULT_MAX_RECORD_BYTES}. */
    public EventDecoder() {
        this(DEFAULT_MAX_RECORD_BYTES);
    }

    /** @param maxRecordBytes the longest record that is read, bytes, ≥ 1 */
    public EventDecoder(int maxRecordBytes) {
        this(maxRecordBytes, InputMappings.NONE);
    }

    /** @param mappings how records that are not canonical are read */
    public EventDecoder(int maxRecordBytes, InputMappings mappings) {
        if (maxRecordBytes < 1) {
            throw new IllegalArgumentException("maxRecordBytes must be at least 1, not " + maxRecordBytes);
        }
        this.maxRecordBytes = maxRecordBytes;
        NameTable names = new NameTable(MAX_NAMES);
        this.canonical = new CanonicalEventParser(names, ignored);
        this.reader = new RecordReader(names, ignored);
        this.mapped = new MappedRecords(mappings, reader, ignored);
    }

    /**
     * Hands exactly one event, snapshot or refusal to {@code out}; of a record that a mapping reads, one for each observation that says
     * anything, in the order of the record.
     *
     * @param data holds the record at {@code [offset, offset + length)}; not kept
     * @param arrivalMillis when the record arrived on the stream, epoch milliseconds, which dates a snapshot that names no time;
     *     {@link TelemetryEvent#ABSENT} where that is not known
     */
    public void decode(byte[] data, int offset, int length, long arrivalMillis, DecodedInput out) {
        Objects.checkFromIndexSize(offset, length, data.length);
        if (RedriveMark.begins(data, offset, length)) {
            decodeRedriven(data, offset, length, out);
        } else {
            decodeBody(data, offset, length, arrivalMillis, MappedRecords.ALL, out);
        }
    }

    /** A snapshot that names no time is dated by its first arrival. */
    private void decodeRedriven(byte[] data, int offset, int length, DecodedInput out) {
        int bodyFrom = RedriveMark.bodyFrom(data, offset, length);
        RedriveMark mark = RedriveMark.read(data, offset, length);
        if (mark == null) {
            out.rejected(
                    RejectReason.MALFORMED,
                    "the record begins as a redriven one, and its first line is not what recover redrive writes");
            return;
        }
        out.redriven(mark, bodyFrom);
        decodeBody(data, offset + bodyFrom, length - bodyFrom, mark.arrivalMillis(), mark.index(), out);
    }

    /** @param only the observation that is meant, of a record that holds several, or {@link MappedRecords#ALL} */
    private void decodeBody(byte[] data, int offset, int length, long arrivalMillis, int only, DecodedInput out) {
        if (length > maxRecordBytes) {
            out.rejected(
                    RejectReason.TOO_LARGE, "the record has " + length + " bytes; expected at most " + maxRecordBytes);
        } else if (canonical.parse(data, offset, length, slot)) {
            out.event(slot);
        } else if (GzipRecord.begins(data, offset, length)) {
            decodeCompressed(data, offset, length, arrivalMillis, only, out);
        } else {
            decodeThoroughly(data, offset, length, arrivalMillis, only, out);
        }
    }

    private void decodeCompressed(byte[] data, int offset, int length, long arrivalMillis, int only, DecodedInput out) {
        byte[] inflated;
        try {
            inflated = GzipRecord.inflate(data, offset, length);
        } catch (Refusal refusal) {
            out.rejected(refusal.reason(), refusal.detail());
            return;
        }
        if (canonical.parse(inflated, 0, inflated.length, slot)) {
            out.event(slot);
        } else {
            decodeThoroughly(inflated, 0, inflated.length, arrivalMillis, only, out);
        }
    }

    private void decodeThoroughly(byte[] data, int offset, int length, long arrivalMillis, int only, DecodedInput out) {
        if (mapped.isEmpty()) {
            reader.read(data, offset, length, arrivalMillis, slot, out);
        } else {
            mapped.read(data, offset, length, new MappedRecords.Reading(arrivalMillis, only, slot, out));
        }
    }

    /** How often each unknown field of accepted records was ignored, by name; a copy, at most about a hundred names. */
    public Map<String, Long> ignoredFields() {
        return ignored.counts();
    }
}
