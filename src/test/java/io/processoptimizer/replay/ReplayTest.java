package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.RecordedOutputs;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FactoryDefinitions;
import io.processoptimizer.simulate.FileSink;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The same records give the same files, however they are cut up, merged and spread over threads; and what the pipeline gives. */
class ReplayTest {
    private static final List<String> FILES =
            List.of(ResultFiles.WINDOWS, ResultFiles.ADVICE, ResultFiles.ADJUSTMENTS, ResultFiles.DEAD_LETTERS);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Factory FACTORY = Factory.of(SimulationOptions.startingAt(
                    Instant.parse("2026-03-02T06:00:00Z"))
            .withSeed(21)
            .withProcesses(7)
            .withLength(Duration.ofMinutes(40))
            .withDelivery(new Delivery(0.3, 0.02, 0.1, 0.02, 0.01, Duration.ofSeconds(5), Duration.ofMinutes(10))));

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private static Path directory;

    private static Path recording = Path.of("");

    @BeforeAll
    static void record() throws IOException, InterruptedException {
        recording = directory.resolve("day.ndjson");
        try (FileSink sink = FileSink.create(recording, FileSink.Format.ENVELOPE)) {
            System.out.println(
                    "factory seed 21: " + Pacer.copy(FACTORY.events(), sink).records() + " records");
        }
        FactoryDefinitions.write(FACTORY, directory.resolve("day.processes.yaml"));
    }

    @Test
    void theFilesAreTheSameToTheByteOnAnyNumberOfThreads() throws IOException, InterruptedException {
        Path one = replay("one", 1, List.of(recording), Map.of());
        Path three = replay("three", 3, List.of(recording), Map.of());

        assertSameFiles(one, three);
        assertThat(Files.size(one.resolve(ResultFiles.WINDOWS))).isPositive();
        assertThat(Files.size(one.resolve(ResultFiles.DEAD_LETTERS))).isPositive();
        assertThat(Files.size(one.resolve(ResultFiles.ADJUSTMENTS))).isPositive();
    }

    @Test
    void aPacedReplayWritesTheSameFilesToTheByteAndShowsEveryResult() throws IOException, InterruptedException {
        Path unpaced = replay("unpaced", 1, List.of(recording), Map.of());
        for (int threads : new int[] {1, 3}) {
            RecordedOutputs watched = new RecordedOutputs();
            Path output = directory.resolve("paced-" + threads);
            ReplayPlan plan = new ReplayPlan(
                    List.of(variant("base", Map.of())),
                    threads,
                    true,
                    false,
                    output.resolve(".spill"),
                    StartingState.EMPTY,
                    threads == 1 ? watched : null);
            Replay.Request request = new Replay.Request(plan, output, false, null, List.of(), List.of("day"));
            AtomicLong now = new AtomicLong();
            PacedRecords.Timer timer = new PacedRecords.Timer() {
                @Override
                public long millis() {
                    return now.get();
                }

                @Override
                public void sleep(long millis) {
                    now.addAndGet(millis);
                }
            };
            try (RecordSource files = ReplayInput.open(List.of(recording), directory, InputStream.nullInputStream());
                    Replay replay = new Replay(request, null, false)) {
                replay.run(
                        new PacedRecords(files, Speed.parse("--speed", "60x"), timer, () -> false),
                        Replayer.Progress.NONE);
            }

            assertSameFiles(unpaced, output);
            assertThat(Files.mismatch(unpaced.resolve(SummaryJson.FILE), output.resolve(SummaryJson.FILE)))
                    .isEqualTo(-1);
            // Forty minutes, and the ten by which the latest record may be late.
            assertThat(now.get()).isBetween(39_000L, 51_000L);
            if (threads == 1) {
                assertThat(watched.adjustments)
                        .containsExactlyInAnyOrderElementsOf(
                                Files.readAllLines(output.resolve(ResultFiles.ADJUSTMENTS)));
                assertThat(watched.deadLetters)
                        .hasSize(Files.readAllLines(output.resolve(ResultFiles.DEAD_LETTERS))
                                .size());
            }
        }
    }

    @Test
    void fromStoredStatesTheRestOfARecordingGivesTheRestOfTheResults() throws IOException, InterruptedException {
        Path whole = replay("whole", 2, List.of(recording), Map.of());
        List<String> records = Files.readAllLines(recording);
        int half = records.size() / 2;
        Path rest = Files.write(directory.resolve("rest.ndjson"), records.subList(half, records.size()));
        StartingState start = new StartingState(List.of(stateAfter(half)));
        for (int threads : new int[] {1, 3}) {
            Path output = directory.resolve("rest-" + threads);
            ReplayPlan plan = new ReplayPlan(
                    List.of(variant("base", Map.of())), threads, true, false, output.resolve(".spill"), start, null);
            run(new Replay.Request(plan, output, false, null, List.of(), List.of("rest")), List.of(rest), null);

            List<String> expected = new ArrayList<>(Files.readAllLines(whole.resolve(ResultFiles.WINDOWS)));
            List<String> results = Files.readAllLines(output.resolve(ResultFiles.WINDOWS));
            assertThat(results).hasSizeGreaterThan(expected.size() / 3).isSubsetOf(expected);
            long firstEnd = JSON.readTree(results.get(0)).get("window_end").asLong();
            expected.removeAll(results);
            for (String before : expected) {
                assertThat(JSON.readTree(before).get("window_end").asLong()).isLessThan(firstEnd + 600_000);
            }
        }
    }

    private static StartingState.Shard stateAfter(int records) throws IOException, InterruptedException {
        Variant variant = variant("base", Map.of());
        ShardPipeline pipeline = new ShardPipeline(variant.settings(), variant.definitions(), new RecordedOutputs());
        RecordBlock block = new RecordBlock(new RecordBlock.Spare());
        InputRecord last = null;
        try (RecordSource source = ReplayInput.open(List.of(recording), directory, InputStream.nullInputStream())) {
            int taken = 0;
            while (taken < records && source.fill(block)) {
                for (int i = 0; i < block.count() && taken < records; i++) {
                    last = block.record(i);
                    pipeline.accept(last);
                    taken++;
                }
                block.clear();
            }
        }
        InputRecord position = Objects.requireNonNull(last);
        return new StartingState.Shard(position.shard().shardId(), position.position(), pipeline.snapshot());
    }

    @Test
    void aRecordingInManyFilesGivesTheSameAsInOne() throws IOException, InterruptedException {
        Path parts = Files.createDirectories(directory.resolve("parts"));
        List<BufferedWriter> writers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            writers.add(Files.newBufferedWriter(parts.resolve("part-" + (7 * i % 4) + ".ndjson")));
        }
        int line = 0;
        for (String record : Files.readAllLines(recording)) {
            writers.get(line++ % 4).append(record).append('\n');
        }
        for (BufferedWriter writer : writers) {
            writer.close();
        }

        Path whole = replay("whole", 1, List.of(recording), Map.of());
        Path merged = replay("merged", 2, List.of(parts), Map.of());

        assertSameFiles(whole, merged);
    }

    @Test
    void recordsThatStandInTwoFilesCountOnce() throws IOException, InterruptedException {
        Path whole = replay("once", 1, List.of(recording), Map.of());
        Path twice = replay("twice", 2, List.of(recording, recording), Map.of());

        assertSameFiles(whole, twice);
    }

    @Test
    void theResultsAreThoseOfThePipelineThatTheWorkerRuns() throws IOException, InterruptedException {
        RecordedOutputs outputs = new RecordedOutputs();
        Configuration configuration = configuration(Map.of());
        ShardPipeline pipeline =
                new ShardPipeline(configuration.settings().pipelineSettings(), configuration.definitions(), outputs);
        ShardRange shard = ShardRange.whole("shardId-000000000000");
        long sequence = 0;
        for (var records = FACTORY.events(); records.hasNext(); ) {
            TelemetryRecord record = records.next();
            pipeline.accept(InputRecord.of(
                    shard,
                    new RecordPosition(Long.toString(++sequence), 0),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    record.data()));
        }

        Path output = replay("replayed", 2, List.of(recording), Map.of());
        List<String> finals = Files.readAllLines(output.resolve(ResultFiles.WINDOWS)).stream()
                .filter(line -> line.contains("\"final\":true"))
                .toList();
        assertThat(finals).containsExactlyInAnyOrderElementsOf(outputs.table());
        assertThat(Files.readAllLines(output.resolve(ResultFiles.ADJUSTMENTS)))
                .containsExactlyInAnyOrderElementsOf(outputs.adjustments);
        assertThat(Files.readAllLines(output.resolve(ResultFiles.ADVICE)))
                .containsExactlyInAnyOrderElementsOf(outputs.advice);
        assertThat(Files.readAllLines(output.resolve(ResultFiles.DEAD_LETTERS))).hasSameSizeAs(outputs.deadLetters);
    }

    @Test
    void revisionsAreWrittenBeforeTheLastResultOfTheirWindow() throws IOException, InterruptedException {
        Path output = directory.resolve("revisions");
        run(request(output, 1, Map.of(), true), List.of(recording), null);

        Map<String, Integer> last = new TreeMap<>();
        int earlier = 0;
        for (String line : Files.readAllLines(output.resolve(ResultFiles.WINDOWS))) {
            JsonNode result = JSON.readTree(line);
            String window = result.get("process_id").asText() + " " + result.get("window_end");
            int revision = result.get("revision").asInt();
            Integer before = last.put(window, result.get("final").asBoolean() ? revision : -1);
            if (before != null) {
                earlier++;
                assertThat(revision).isGreaterThan(before);
            }
        }
        assertThat(earlier).isPositive();
    }

    @Test
    void aComparisonSaysWhatTwoReplaysOneByOneWouldHaveSaid() throws IOException, InterruptedException {
        Path base = replay("base", 1, List.of(recording), Map.of());
        Map<String, String> changes = Map.of("oee.target", "0.6", "bottleneck.utilization_threshold", "0.8");
        Path other = replay("other", 1, List.of(recording), changes);
        Variant baseVariant = variant("base", Map.of());
        Variant otherVariant = variant("other", changes);
        Path output = directory.resolve("compared");
        Replay compared = run(
                new Replay.Request(
                        new ReplayPlan(List.of(baseVariant, otherVariant), 2, true, false, output.resolve(".spill")),
                        output,
                        false,
                        null,
                        List.of(),
                        List.of("day")),
                List.of(recording),
                null);

        Map<String, JsonNode> was = windows(base);
        Map<String, JsonNode> is = windows(other);
        long status = was.keySet().stream()
                .filter(key -> !of(was, key).get("status").equals(of(is, key).get("status")))
                .count();
        long below = is.values().stream()
                .filter(result -> result.get("status").asText().equals("below_target"))
                .count();
        long flagged = is.values().stream()
                .mapToLong(result -> result.get("bottlenecks").size())
                .sum();
        Comparison comparison = Objects.requireNonNull(compared.comparison());
        Comparison.Side side = comparison.sides().get(1);
        assertThat(status).isPositive();
        assertThat(side.changedStatus).isEqualTo(status);
        assertThat(side.belowTarget).isEqualTo(below);
        assertThat(side.bottlenecksFlagged).isEqualTo(flagged);
        assertThat(side.windows).isEqualTo(is.size());
        assertThat(side.adjustments)
                .isEqualTo(Files.readAllLines(other.resolve(ResultFiles.ADJUSTMENTS))
                        .size());
        assertThat(comparison.sides().get(0).adjustments + side.adjustmentsAdded - side.adjustmentsRemoved)
                .isEqualTo(side.adjustments);
        assertSameFiles(base, output);
    }

    @Test
    void aBaselineIsEqualToItselfAndADifferenceIsFoundByItsField() throws IOException, InterruptedException {
        Path before = replay("before", 1, List.of(recording), Map.of());
        BaselineCheck same = checked("again", before);
        assertThat(same.isEqual()).isTrue();
        assertThat(same.same()).isEqualTo(windows(before).size());

        Path windows = before.resolve(ResultFiles.WINDOWS);
        List<String> lines = new ArrayList<>(Files.readAllLines(windows));
        String removed = lines.remove(5);
        lines.set(9, lines.get(9).replaceFirst("\"good\":\\d+", "\"good\":123456"));
        Files.write(windows, lines);
        BaselineCheck different = checked("changed", before);

        assertThat(different.isEqual()).isFalse();
        assertThat(different.added()).isEqualTo(1);
        assertThat(different.different()).isEqualTo(1);
        assertThat(different.missing()).isZero();
        assertThat(different.shown()).hasSize(2);
        assertThat(different.shown().get(0).windowEndMillis())
                .isEqualTo(JSON.readTree(removed).get("window_end").asLong());
        assertThat(different.shown().get(1).toString()).contains(" good: 123456 → ");
    }

    // ---- the runs

    private static BaselineCheck checked(String name, Path before) throws IOException, InterruptedException {
        try (EarlierResults earlier = new ResultFileLines(before, "before")) {
            BaselineCheck check = run(request(directory.resolve(name), 2, Map.of(), false), List.of(recording), earlier)
                    .baseline();
            if (check == null) {
                throw new AssertionError("nothing was compared");
            }
            return check;
        }
    }

    /** Replays into a folder of that name, and returns it. */
    private static Path replay(String name, int threads, List<Path> inputs, Map<String, String> changes)
            throws IOException, InterruptedException {
        Path output = directory.resolve(name);
        run(request(output, threads, changes, false), inputs, null);
        return output;
    }

    private static Replay.Request request(Path output, int threads, Map<String, String> changes, boolean revisions) {
        ReplayPlan plan =
                new ReplayPlan(List.of(variant("base", changes)), threads, true, false, output.resolve(".spill"));
        return new Replay.Request(plan, output, revisions, null, List.of(), List.of("day"));
    }

    private static Replay run(Replay.Request request, List<Path> inputs, @Nullable EarlierResults earlier)
            throws IOException, InterruptedException {
        try (RecordSource source = ReplayInput.open(inputs, directory, InputStream.nullInputStream());
                Replay replay = new Replay(request, earlier, false)) {
            replay.run(source, Replayer.Progress.NONE);
            assertThat(replay.totals().damages()).isEmpty();
            return replay;
        }
    }

    private static Variant variant(String name, Map<String, String> changes) {
        Configuration configuration = configuration(changes);
        ProcessDefinitions definitions = configuration.definitions();
        return new Variant(name, configuration.settings().pipelineSettings(), definitions, changes);
    }

    private static Configuration configuration(Map<String, String> changes) {
        return Configuration.load(
                new Configuration.Request(null, Map.of(), changes, directory, Path.of("day.processes.yaml")));
    }

    private static JsonNode of(Map<String, JsonNode> windows, String key) {
        return Objects.requireNonNull(windows.get(key), key);
    }

    private static Map<String, JsonNode> windows(Path output) throws IOException {
        Map<String, JsonNode> windows = new TreeMap<>();
        for (String line : Files.readAllLines(output.resolve(ResultFiles.WINDOWS))) {
            JsonNode result = JSON.readTree(line);
            windows.put(result.get("process_id").asText() + " " + result.get("window_end"), result);
        }
        return windows;
    }

    private static void assertSameFiles(Path one, Path other) throws IOException {
        for (String file : FILES) {
            assertThat(Files.mismatch(one.resolve(file), other.resolve(file)))
                    .describedAs(file)
                    .isEqualTo(-1);
        }
    }
}
