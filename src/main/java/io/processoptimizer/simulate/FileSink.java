package io.processoptimizer.simulate;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.EnvelopeWriter;
import io.processoptimizer.replay.RecordedRecord;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/** Writes telemetry as NDJSON, a line a record. */
public final class FileSink implements TelemetrySink {

    /** What a line is. */
    public enum Format {
        /** The record's bytes as they are. */
        RAW,
        /** The envelope of a recording with position, partition key and arrival, as from a stream with one shard. */
        ENVELOPE
    }

    /** One write to the system per this many bytes. */
    private static final int BUFFER_BYTES = 1 << 16;

    private static final String SHARD = "shardId-000000000000";

    private final OutputStream out;
    private final Format format;
    private final EnvelopeWriter envelopes;
    private long sequence;

    /** Writes to a stream that it closes in the end. */
    public FileSink(OutputStream out, Format format) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.format = format;
        this.envelopes = new EnvelopeWriter(this.out);
    }

    /**
     * Creates or overwrites a file; a name that ends in {@code .gz} is compressed.
     *
     * @throws IOException where the file cannot be written
     */
    public static FileSink create(Path file, Format format) throws IOException {
        OutputStream plain = Files.newOutputStream(file);
        return new FileSink(file.toString().endsWith(".gz") ? new FastGzip(plain) : plain, format);
    }

    @Override
    public void put(List<TelemetryRecord> batch) throws IOException {
        for (TelemetryRecord record : batch) {
            if (format == Format.ENVELOPE) {
                envelopes.write(new RecordedRecord(
                        SHARD,
                        new RecordPosition(Long.toString(++sequence), 0),
                        record.partitionKey(),
                        record.arrivalMillis(),
                        record.data()));
            } else {
                out.write(record.data());
                out.write('\n');
            }
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /** Telemetry repeats itself: the fastest level already shrinks it well, and keeps up with the generator. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
