package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Jackson's streaming parse of a file of records, which reads each value, as everybody does who wants to know it, and does nothing with it. */
final class BareParse {
    private static final int MAX_LINE = 1 << 16;

    private final Path file;
    private long records;

    BareParse(Path file) {
        this.file = file;
    }

    /** How many records the last run read. */
    long records() {
        return records;
    }

    /** Parses the whole file once, the parts on threads of their own, and returns the seconds that it took. */
    double seconds(int threads) throws IOException, InterruptedException {
        LongAdder counted = new LongAdder();
        long start = System.nanoTime();
        List<Thread> parsers = new ArrayList<>();
        long size = Files.size(file);
        for (int i = 0; i < threads; i++) {
            long from = lineStart(size * i / threads);
            long to = lineStart(size * (i + 1) / threads);
            Thread parser = new Thread(() -> parse(from, to, counted));
            parsers.add(parser);
            parser.start();
        }
        for (Thread parser : parsers) {
            parser.join();
        }
        records = counted.sum();
        return (System.nanoTime() - start) / 1e9;
    }

    private void parse(long from, long to, LongAdder counted) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = new Bounded(Channels.newInputStream(channel.position(from)), to - from);
                JsonParser json = new JsonFactory().createParser(in)) {
            long lines = 0;
            long sum = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    lines++;
                } else {
                    sum += valueOf(token, json);
                }
            }
            if (sum == Long.MIN_VALUE) {
                throw new IllegalStateException("keeps the values from being optimised away");
            }
            counted.add(lines);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long valueOf(JsonToken token, JsonParser json) throws IOException {
        return switch (token) {
            case FIELD_NAME -> json.currentName().length();
            case VALUE_STRING -> json.getText().length();
            case VALUE_NUMBER_INT -> json.getLongValue();
            case VALUE_NUMBER_FLOAT -> (long) json.getDoubleValue();
            default -> 0;
        };
    }

    private long lineStart(long near) throws IOException {
        long size = Files.size(file);
        if (near == 0 || near >= size) {
            return near == 0 ? 0 : size;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = Channels.newInputStream(channel.position(near))) {
            byte[] some = in.readNBytes(MAX_LINE);
            int feed = 0;
            while (some[feed] != '\n') {
                feed++;
            }
            return near + feed + 1;
        }
    }

    private static final class Bounded extends FilterInputStream {
        private long left;

        Bounded(InputStream in, long bytes) {
            super(in);
            left = bytes;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = super.read(target, offset, (int) Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }
    }
}
