package io.processoptimizer.simulate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
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

    private static final byte[] ENVELOPE_HEAD =
            EventWriter.ascii("{\"shard\":\"shardId-000000000000\",\"sequence\":\"");
    private static final byte[] PARTITION_KEY = EventWriter.ascii("\",\"subsequence\":0,\"partition_key\":\"");
    private static final byte[] ARRIVAL = EventWriter.ascii("\",\"arrival\":");
    private static final byte[] DATA = EventWriter.ascii(",\"data\":");
    private static final byte[] DATA_BASE64 = EventWriter.ascii(",\"data_base64\":\"");
    private static final byte[] STRING_END = EventWriter.ascii("\"}");

    private final OutputStream out;
    private final Format format;
    private final EventWriter envelope = new EventWriter();
    private long sequence;

    /** Writes to a stream that it closes in the end. */
    public FileSink(OutputStream out, Format format) {
        this.out = new BufferedOutputStream(out, BUFFER_BYTES);
        this.format = format;
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
                wrap(record).writeTo(out);
            } else {
                out.write(record.data());
            }
            out.write('\n');
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    private EventWriter wrap(TelemetryRecord record) {
        envelope.clear()
                .write(ENVELOPE_HEAD)
                .number(++sequence)
                .write(PARTITION_KEY)
                .write(record.partitionKey().getBytes(StandardCharsets.UTF_8))
                .write(ARRIVAL)
                .number(record.arrivalMillis());
        if (record.kind() == TelemetryRecord.Kind.MALFORMED) {
            return envelope.write(DATA_BASE64)
                    .write(Base64.getEncoder().encode(record.data()))
                    .write(STRING_END);
        }
        return envelope.write(DATA).write(record.data()).write('}');
    }

    /** Telemetry repeats itself: the fastest level already shrinks it well, and keeps up with the generator. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
