package io.processoptimizer.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.sun.management.OperatingSystemMXBean;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;

/**
 * The command {@code replay} with all its output files, against a bare Jackson streaming parse of the same file, in turn, on one
 * thread and on two. By the clock, and by processor time, where the machine has other work. The parse is timed twice: over the tokens alone, and reading each value, as everybody does who wants to know it.
 * Arguments: a file as {@code simulate --output} writes it, and the number of rounds (default 3).
 */
final class ReplayBenchmark {
    private static final int MEBIBYTE = 1 << 20;
    private static final int MAX_LINE = 1 << 16;

    private final Path file;
    private final Path output;
    private final long records;

    ReplayBenchmark(Path file, Path output) throws IOException, InterruptedException {
        this.file = file;
        this.output = output;
        LongAdder counted = new LongAdder();
        parseSeconds(1, false, counted);
        records = counted.sum();
    }

    long records() {
        return records;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length == 0) {
            throw new IllegalArgumentException("no file was named; write one with 'simulate --output FILE'");
        }
        Path file = Path.of(arguments[0]);
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Path output = Files.createTempDirectory("replay-benchmark");
        ReplayBenchmark benchmark = new ReplayBenchmark(file, output);
        System.out.printf(
                Locale.ROOT,
                "%,d records, %,d MB, heap at most %,d MiB, %d processors%n",
                benchmark.records,
                Files.size(file) / 1_000_000,
                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                Runtime.getRuntime().availableProcessors());
        for (int threads = 1; threads <= 2; threads++) {
            benchmark.compare(threads, rounds);
        }
        System.out.printf(Locale.ROOT, "heap after the last collection: %,d MiB%n", heapAfterCollection());
    }

    private void compare(int threads, int rounds) throws IOException, InterruptedException {
        double[] toTokens = new double[rounds];
        double[] toValues = new double[rounds];
        double[] ofProcessors = new double[rounds];
        for (int round = 0; round <= rounds; round++) {
            double tokens = records / parseSeconds(threads, false, new LongAdder());
            long begun = processorNanos();
            double values = records / parseSeconds(threads, true, new LongAdder());
            long parsed = processorNanos();
            double replay = records / replaySeconds(threads);
            long replayed = processorNanos();
            if (round > 0) {
                ofProcessors[round - 1] = (double) (parsed - begun) / (replayed - parsed);
                toTokens[round - 1] = replay / tokens;
                toValues[round - 1] = replay / values;
            }
            System.out.printf(
                    Locale.ROOT,
                    "%d thread%s, %s, records/s: replay %,.0f; parse with values %,.0f (ratio %.2f), tokens alone %,.0f (ratio %.2f)%n",
                    threads,
                    threads == 1 ? "" : "s",
                    round == 0 ? "warm-up" : "round " + round,
                    replay,
                    values,
                    replay / values,
                    tokens,
                    replay / tokens);
        }
        Arrays.sort(toTokens);
        Arrays.sort(toValues);
        Arrays.sort(ofProcessors);
        System.out.printf(
                Locale.ROOT,
                "%d thread%s: median ratio %.2f to a parse with values (%.2f by processor time), %.2f to tokens alone%n",
                threads,
                threads == 1 ? "" : "s",
                toValues[rounds / 2],
                ofProcessors[rounds / 2],
                toTokens[rounds / 2]);
    }

    /** Of the whole process, with compiling and collecting: what other work on the machine changes least. */
    private static long processorNanos() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getProcessCpuTime();
    }

    private static long heapAfterCollection() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getCollectionUsage() != null) {
                bytes += pool.getCollectionUsage().getUsed();
            }
        }
        return bytes / MEBIBYTE;
    }

    // ---- the two sides

    double replaySeconds(int threads) {
        PrintWriter quiet = new PrintWriter(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        long start = System.nanoTime();
        int exitCode = Main.commandLine(Surroundings.ofProcess(), quiet, err)
                .execute("replay", "--input=" + file, "--output=" + output, "--threads=" + threads);
        if (exitCode != 0) {
            throw new IllegalStateException("replay ended with " + exitCode);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** Of a parse that reads the values. */
    double parseSeconds(int threads) throws IOException, InterruptedException {
        return parseSeconds(threads, true, new LongAdder());
    }

    private double parseSeconds(int threads, boolean values, LongAdder counted)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Thread> parsers = new ArrayList<>();
        long size = Files.size(file);
        for (int i = 0; i < threads; i++) {
            long from = lineStart(size * i / threads);
            long to = lineStart(size * (i + 1) / threads);
            Thread parser = new Thread(() -> parse(from, to, values, counted));
            parsers.add(parser);
            parser.start();
        }
        for (Thread parser : parsers) {
            parser.join();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private void parse(long from, long to, boolean values, LongAdder counted) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = new Bounded(Channels.newInputStream(channel.position(from)), to - from);
                JsonParser json = new JsonFactory().createParser(in)) {
            long lines = 0;
            long sum = 0;
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    lines++;
                } else if (values) {
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
