package io.processoptimizer.pipeline;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One user record as it came: from a stream, or from a file. */
public final class InputRecord {
    private final ShardRange shard;

    /** Null of a line of a file: few lines are ever asked for it. */
    private final @Nullable RecordPosition known;

    private final long line;
    private final @Nullable String partitionKey;
    private final long arrivalMillis;
    private final byte[] buffer;
    private final int offset;
    private final int length;

    private InputRecord(
            ShardRange shard,
            @Nullable RecordPosition known,
            long line,
            @Nullable String partitionKey,
            long arrivalMillis,
            byte[] buffer,
            int offset,
            int length) {
        Objects.checkFromIndexSize(offset, length, buffer.length);
        this.shard = shard;
        this.known = known;
        this.line = line;
        this.partitionKey = partitionKey;
        this.arrivalMillis = arrivalMillis;
        this.buffer = buffer;
        this.offset = offset;
        this.length = length;
    }

    /**
     * A record that was on a stream.
     *
     * @param shard the shard it came from, which must own its partition key; a file without shards is one that owns every key
     * @param position where in the shard
     * @param partitionKey as on the stream; null where the input has none and its order per process is all that is known
     * @param arrivalMillis when it arrived on the stream, epoch milliseconds, or {@link TelemetryEvent#ABSENT}
     * @param buffer holds the record at {@code [offset, offset + length)}; the receiver reads it during the call only
     */
    public InputRecord(
            ShardRange shard,
            RecordPosition position,
            @Nullable String partitionKey,
            long arrivalMillis,
            byte[] buffer,
            int offset,
            int length) {
        this(shard, position, 0, partitionKey, arrivalMillis, buffer, offset, length);
    }

    /**
     * A record of which nothing is known but that it is a line of a file.
     *
     * @param file stands for the file, and owns every key
     * @param line its number, from 1: its position in the file
     * @param buffer as of a record that was on a stream
     */
    public InputRecord(ShardRange file, long line, byte[] buffer, int offset, int length) {
        this(file, null, line, null, TelemetryEvent.ABSENT, buffer, offset, length);
    }

    /** A record that fills its buffer. */
    public static InputRecord of(
            ShardRange shard, RecordPosition position, String partitionKey, long arrivalMillis, byte[] data) {
        return new InputRecord(shard, position, partitionKey, arrivalMillis, data, 0, data.length);
    }

    public ShardRange shard() {
        return shard;
    }

    public RecordPosition position() {
        return known != null ? known : new RecordPosition(Long.toString(line), 0);
    }

    public @Nullable String partitionKey() {
        return partitionKey;
    }

    public long arrivalMillis() {
        return arrivalMillis;
    }

    public byte[] buffer() {
        return buffer;
    }

    public int offset() {
        return offset;
    }

    public int length() {
        return length;
    }

    /** The record's bytes from the given one on, the receiver's own. */
    byte[] copyOfData(int from) {
        return Arrays.copyOfRange(buffer, offset + from, offset + length);
    }
}
