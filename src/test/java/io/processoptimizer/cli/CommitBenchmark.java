package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.DynamoParts;
import io.processoptimizer.aws.S3Parts;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SnapshotEnvelope;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.disk.FileParts;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.LineSpec;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.StepSpec;
import io.processoptimizer.simulate.TelemetryRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * What a commit costs: the state of a shard of 1,000 processes with 8 steps each, after half an hour of simulated telemetry (the
 * retained horizon is a quarter of an hour), serialised, compressed, written to each store, read and restored; then what writing it
 * every minute costs a month on AWS. Arguments: the number of processes, and the share of records with an {@code event_id} (0.3).
 */
final class CommitBenchmark {
    private static final int STEPS = 8;
    private static final Instant START = Instant.parse("2026-01-05T06:00:00Z");
    private static final Duration LENGTH = Duration.ofMinutes(30);
    private static final int ROUNDS = 9;
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final ShardRange SHARD = ShardRange.whole("shardId-000000000000");

    // List prices of us-east-1, on demand, as of November 2024 (DynamoDB) and 2025 (S3), in dollars.
    private static final double WRITE_UNIT = 0.625e-6;
    private static final double READ_UNIT = 0.125e-6;
    private static final double DYNAMO_GB_MONTH = 0.25;
    private static final double S3_REQUEST = 0.005e-3;
    private static final double S3_GB_MONTH = 0.023;
    private static final double MONTH_SECONDS = 30 * 86_400.0;

    /** The present state and a day of hourly savepoints. */
    private static final int STATES_KEPT = 25;

    private final Factory factory;
    private final ShardPipeline pipeline = pipeline();

    private CommitBenchmark(int processes, double eventIdShare) {
        Delivery usual = Delivery.DEFAULT;
        Delivery delivery = new Delivery(
                eventIdShare,
                usual.duplicateShare(),
                usual.shuffledShare(),
                usual.lateShare(),
                0,
                usual.disorder(),
                usual.lateness());
        // Two lines of 3 to 6 steps are one process of 8.
        factory = Factory.of(SimulationOptions.startingAt(START)
                .withProcesses(2 * processes)
                .withLength(LENGTH)
                .withDelivery(delivery));
    }

    public static void main(String[] arguments) throws Exception {
        int processes = arguments.length > 0 ? Integer.parseInt(arguments[0].replace("_", "")) : 1_000;
        double share = arguments.length > 1 ? Double.parseDouble(arguments[1]) : Delivery.DEFAULT.eventIdShare();
        CommitBenchmark benchmark = new CommitBenchmark(processes, share);
        say("%,d processes of %d steps, %,d records", processes, STEPS, benchmark.fill());
        benchmark.measure();
        // The SDK's threads outlive their clients for a while.
        System.exit(0);
    }

    // ---- the state

    private static ShardPipeline pipeline() {
        return new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, new NoOutputs());
    }

    private long fill() {
        List<LineSpec> lines = factory.lines();
        List<Set<String>> kept = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            int wanted = i % 2 == 0 ? STEPS : STEPS - kept.get(i - 1).size();
            kept.add(lines.get(i).steps().stream()
                    .limit(wanted)
                    .map(StepSpec::id)
                    .collect(Collectors.toSet()));
        }
        long sequence = 0;
        for (Iterator<TelemetryRecord> records = factory.events(); records.hasNext(); ) {
            TelemetryRecord record = records.next();
            String text = new String(record.data(), StandardCharsets.UTF_8);
            int line = Integer.parseInt(record.partitionKey().substring("PROC-".length())) - 1;
            String step = between(text, "\"step_id\":\"");
            if (!kept.get(line).contains(step)) {
                continue;
            }
            String process = String.format(Locale.ROOT, "PROC-%04d", line / 2 + 1);
            byte[] data = text.replace("\"process_id\":\"" + record.partitionKey(), "\"process_id\":\"" + process)
                    .replace("\"step_id\":\"" + step, "\"step_id\":\"" + (line % 2 == 0 ? "" : "second-") + step)
                    .getBytes(StandardCharsets.UTF_8);
            RecordPosition position = new RecordPosition(Long.toString(++sequence), 0);
            pipeline.accept(InputRecord.of(SHARD, position, process, record.arrivalMillis(), data));
        }
        if (pipeline.tally().acceptedEvents() + pipeline.tally().duplicateEvents() < sequence * 0.99) {
            throw new IllegalStateException(
                    "records are refused: " + pipeline.tally().rejectedInputs());
        }
        return sequence;
    }

    private static String between(String text, String before) {
        int from = text.indexOf(before) + before.length();
        return text.substring(from, text.indexOf('"', from));
    }

    // ---- the measurements

    private void measure() throws Exception {
        byte[] state = pipeline.snapshot();
        List<byte[]> packed = SnapshotEnvelope.pack(state, 1 << 30);
        long bytes = packed.get(0).length;
        say("state %,d bytes, compressed %,d", state.length, bytes);
        say("serialise (on the processing thread) %s", took(pipeline::snapshot));
        say("compress (off it) %s", took(() -> SnapshotEnvelope.pack(state, 1 << 20)));
        say("unpack %s", took(() -> SnapshotEnvelope.unpack("the state", packed)));
        say("restore %s", took(() -> restored(state)));
        Path folder = Files.createTempDirectory("commit-benchmark");
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
            S3Parts s3 = new S3Parts(clients.s3(), "commit-benchmark", "state");
            s3.createMissing();
            store("dynamodb (embedded)", new DynamoParts(clients.dynamo(), Tables.Names.DEFAULT.state()), state);
            store("s3 (embedded)", s3, state);
            store("file", FileParts.in(folder), state);
            cost(SnapshotEnvelope.pack(state, new DynamoParts(clients.dynamo(), "").maxPartBytes()), s3, bytes);
        }
    }

    private static ShardPipeline restored(byte[] state) {
        ShardPipeline other = pipeline();
        other.restore(state);
        return other;
    }

    private static void store(String name, SnapshotParts parts, byte[] state) {
        List<byte[]> packed = SnapshotEnvelope.pack(state, parts.maxPartBytes());
        Took write = took(() -> {
            parts.put(SHARD.shardId(), "0001", packed);
            return packed;
        });
        Took list = took(() -> parts.ids(SHARD.shardId()));
        Took load = took(() ->
                restored(SnapshotEnvelope.unpack("the state", parts.get(SHARD.shardId(), "0001", packed.size()))));
        Took delete = took(() -> {
            parts.put(SHARD.shardId(), "0002", packed);
            parts.delete(SHARD.shardId(), "0002");
            return packed;
        });
        say(
                "%s: %d parts; write %s, list %s, load and restore %s, write again and delete %s",
                name, packed.size(), write, list, load, delete);
    }

    private static void cost(List<byte[]> dynamoParts, SnapshotParts s3, long bytes) {
        // A unit is a KB of an item, its keys included; a deletion costs what the item that it deletes does.
        long units = dynamoParts.stream()
                .mapToLong(part -> (part.length + 100) / 1_024 + 1)
                .sum();
        long s3Parts = (bytes + s3.maxPartBytes() - 1) / s3.maxPartBytes();
        for (int seconds : new int[] {60, 300, 600}) {
            double commits = MONTH_SECONDS / seconds;
            // Beside the parts: the item that lists them, and the pointer, which both have; listings read some KB.
            double pointer = commits * (2 * WRITE_UNIT + 4 * READ_UNIT);
            double dynamo =
                    commits * (2 * units + 2) * WRITE_UNIT + pointer + STATES_KEPT * bytes / 1e9 * DYNAMO_GB_MONTH;
            double bucket = commits * (s3Parts + 2) * S3_REQUEST + pointer + STATES_KEPT * bytes / 1e9 * S3_GB_MONTH;
            say(
                    "a month at %d s: dynamodb $%.2f (%,d units written and as many deleted a commit), s3 $%.2f (%d requests a"
                            + " commit)",
                    seconds, dynamo, units, bucket, s3Parts + 2);
        }
    }

    /**
     * The median of some rounds after as many that warm up: elapsed, and this thread's time on a processor, which the other load of the
     * machine does not change much.
     */
    private static Took took(Supplier<?> work) {
        double[] elapsed = new double[ROUNDS];
        double[] processor = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            long start = System.nanoTime();
            long busy = THREADS.getCurrentThreadCpuTime();
            if (work.get() == null) {
                throw new IllegalStateException("nothing came of it");
            }
            elapsed[Math.max(0, round)] = (System.nanoTime() - start) / 1e6;
            processor[Math.max(0, round)] = (THREADS.getCurrentThreadCpuTime() - busy) / 1e6;
        }
        Arrays.sort(elapsed);
        Arrays.sort(processor);
        return new Took(elapsed[ROUNDS / 2], processor[ROUNDS / 2]);
    }

    private record Took(double elapsed, double processor) {
        @Override
        public String toString() {
            return String.format(Locale.ROOT, "%.0f ms (%.0f ms of a processor)", elapsed, processor);
        }
    }

    private static void say(String format, Object... values) {
        System.out.printf(Locale.ROOT, format + "%n", values);
    }
}
