package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import io.processoptimizer.config.SettingsReader;
import io.processoptimizer.event.ProcessDefinition;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
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
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Replay against a bare Jackson streaming parse of the same file, in turn, on one thread and on two. The file: 2,000 processes of 8
 * steps, a record of each step about every 10 s with disorder up to 3 s, about 200 bytes a record, windows of 5 min by 1 min; all
 * results are computed and written. Arguments: number of records (default 10 million), rounds (default 3), folder (default target).
 */
final class ReplayBenchmark {
    private static final int PROCESSES = 2_000;
    private static final int STEPS = 8;
    private static final long EVERY_MILLIS = 10_000;
    private static final int DISORDER_MILLIS = 3_000;
    private static final long START = 1_767_225_600_000L;
    private static final long SEED = 7;
    private static final int MEBIBYTE = 1 << 20;

    private ReplayBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        long records = arguments.length > 0 ? Long.parseLong(arguments[0].replace("_", "")) : 10_000_000;
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        Path folder = Path.of(arguments.length > 2 ? arguments[2] : "target");
        Path file = folder.resolve("replay-benchmark-" + records + ".ndjson");
        if (!Files.exists(file)) {
            System.out.printf(Locale.ROOT, "writing %,d records to %s (seed %d)%n", records, file, SEED);
            write(file, records);
        }
        System.out.printf(
                Locale.ROOT,
                "%,d records, %,d MB, heap at most %,d MiB, %d processors%n",
                records,
                Files.size(file) / 1_000_000,
                Runtime.getRuntime().maxMemory() / MEBIBYTE,
                Runtime.getRuntime().availableProcessors());
        for (int threads = 1; threads <= 2; threads++) {
            double[] ratios = new double[rounds];
            for (int round = 0; round <= rounds; round++) {
                double parse = records / parseSeconds(file, threads);
                double replay = records / replaySeconds(file, threads, folder.resolve("replay-benchmark-output"));
                if (round > 0) {
                    ratios[round - 1] = replay / parse;
                }
                System.out.printf(
                        Locale.ROOT,
                        "%d thread%s, %s: replay %,.0f records/s, bare parse %,.0f records/s, ratio %.2f%n",
                        threads,
                        threads == 1 ? "" : "s",
                        round == 0 ? "warm-up" : "round " + round,
                        replay,
                        parse,
                        replay / parse);
            }
            Arrays.sort(ratios);
            System.out.printf(
                    Locale.ROOT,
                    "%d thread%s: median ratio %.2f%n",
                    threads,
                    threads == 1 ? "" : "s",
                    ratios[rounds / 2]);
        }
        System.out.printf(Locale.ROOT, "largest heap after a collection: %,d MiB%n", largestHeapAfterCollection());
    }

    private static long largestHeapAfterCollection() {
        long bytes = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            if (pool.getCollectionUsage() != null) {
                bytes += pool.getCollectionUsage().getUsed();
            }
        }
        return bytes / MEBIBYTE;
    }

    // ---- the two sides

    private static double replaySeconds(Path file, int threads, Path output) throws IOException, InterruptedException {
        Variant base = new Variant(
                "base",
                SettingsReader.with(Map.of()).pipelineSettings(),
                (processId, atMillis) -> ProcessDefinition.DEFAULT,
                Map.of());
        ReplayPlan plan = new ReplayPlan(List.of(base), threads, true, false, output.resolve(".spill"));
        long start = System.nanoTime();
        try (RecordSource source = ReplayInput.open(List.of(file), Path.of(""), InputStream.nullInputStream());
                Replay replay = new Replay(
                        new Replay.Request(plan, output, false, null, List.of(), List.of(file.toString())),
                        null,
                        false)) {
            replay.run(source, Replayer.Progress.NONE);
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static double parseSeconds(Path file, int threads) throws IOException, InterruptedException {
        long start = System.nanoTime();
        List<Thread> parsers = new ArrayList<>();
        long size = Files.size(file);
        for (int i = 0; i < threads; i++) {
            long from = lineStart(file, size * i / threads);
            long to = lineStart(file, size * (i + 1) / threads);
            Thread parser = new Thread(() -> parse(file, from, to));
            parsers.add(parser);
            parser.start();
        }
        for (Thread parser : parsers) {
            parser.join();
        }
        return (System.nanoTime() - start) / 1e9;
    }

    private static void parse(Path file, long from, long to) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = new Bounded(Channels.newInputStream(channel.position(from)), to - from);
                JsonParser json = new JsonFactory().createParser(in)) {
            long tokens = 0;
            while (json.nextToken() != null) {
                tokens++;
            }
            if (tokens == 0) {
                throw new IllegalStateException("nothing was parsed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long lineStart(Path file, long near) throws IOException {
        long size = Files.size(file);
        if (near == 0 || near >= size) {
            return near == 0 ? 0 : size;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                InputStream in = Channels.newInputStream(channel.position(near))) {
            byte[] some = in.readNBytes(4096);
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

    // ---- the file

    static void write(Path file, long records) throws IOException {
        SplittableRandom random = new SplittableRandom(SEED);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), MEBIBYTE)) {
            ByteArrayOutputStream line = new ByteArrayOutputStream(256);
            int machines = PROCESSES * STEPS;
            for (long i = 0; i < records; i++) {
                int machine = (int) (i % machines);
                // All machines report in turn over the interval, each up to the disorder behind.
                long time = START + i * EVERY_MILLIS / machines - random.nextInt(DISORDER_MILLIS);
                line.reset();
                line.writeBytes(record(machine / STEPS, machine % STEPS, time, random));
                line.writeTo(out);
            }
        }
    }

    private static byte[] record(int process, int step, long time, SplittableRandom random) {
        int kind = random.nextInt(20);
        String state = kind < 15 ? "RUNNING" : kind < 17 ? "STARVED" : kind < 19 ? "BLOCKED" : "DOWN";
        int good = kind < 15 ? 6 + random.nextInt(4) : 0;
        return ("{\"process_id\":\"PROC-" + pad(process, 4) + "\",\"step_id\":\"step-" + step + "\",\"timestamp\":"
                        + time
                        + ",\"state\":\"" + state + "\",\"product\":\"SKU-" + process % 7
                        + "\",\"cycle_time\":1." + pad(random.nextInt(100), 2)
                        + ",\"ideal_cycle_time\":1.0,\"good\":" + good + ",\"reject\":"
                        + (random.nextInt(50) == 0 ? 1 : 0) + ",\"rework\":0,\"energy_kwh\":0.0"
                        + pad(random.nextInt(1000), 3) + "}\n")
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String pad(int number, int digits) {
        String text = Integer.toString(number);
        return "0".repeat(digits - text.length()) + text;
    }
}
