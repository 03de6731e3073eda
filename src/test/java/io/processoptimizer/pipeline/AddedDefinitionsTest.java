package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.DefinitionsChange;
import io.processoptimizer.config.LiveDefinitions;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.window.WindowDefinition;
import io.processoptimizer.window.WindowPolicy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Versions that are added while a pipeline runs: the results, provisional ones too, are those of a pipeline that had them from its first
 * record.
 */
class AddedDefinitionsTest {
    private static final long SEED = Long.getLong("added.seed", 20_261_129L);
    private static final Instant START = Instant.parse("2026-03-02T05:40:00Z");
    private static final ShardRange SHARD = ShardRange.whole("shardId-0");

    /** Hours of 20 minutes as shifts: several end, begin and are under way in a short stream. */
    private static final String SHIFTS =
            "calendar: {time_zone: UTC, day_start: 05:40, shifts: {a: {start: 05:40, end: 06:00},"
                    + " b: {start: 06:00, end: 06:20, breaks: ['06:05-06:08']}, c: {start: 06:20, end: 07:00}}}";

    private static final String KNOWN = """
            processes:
              - {match: PROC-001, steps: [], signal_timeout: 5m, %s}
              - {match: PROC-002, minor_stop: 2m, target_oee: 0.6}
              - {match: 'PROC-*', startup_time: 1m}
            """.formatted(SHIFTS);

    private static final String ADDED = """
              - {match: PROC-001, effective_from: %1$s, signal_timeout: 40s, changeover: product_change, minor_stop: 30s,
                 calendar: {time_zone: UTC, day_start: 05:40, shifts: {n: {start: 05:40, end: 06:30}}}}
              - {match: PROC-002, effective_from: %1$s, target_oee: 0.9, signal_timeout: 30s, %2$s}
              - {match: PROC-003, effective_from: %1$s, startup_time: 10m, minor_stop: 1m, %2$s}
              - {match: 'P*', effective_from: %1$s, target_oee: 0.5}
            """;

    private static List<TelemetryRecord> stream = List.of();

    @BeforeAll
    static void makeStream() {
        stream = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(START)
                        .withSeed(SEED)
                        .withProcesses(4)
                        .withLength(Duration.ofMinutes(60))
                        .withDelivery(
                                new Delivery(0.3, 0.02, 0.1, 0.02, 0, Duration.ofSeconds(5), Duration.ofMinutes(10))))
                .forEachRemaining(stream::add);
        System.out.println("added definitions, seed " + SEED + ", " + stream.size() + " records");
    }

    @Test
    void takenOverAtAnyMomentAheadOfItsBeginningItIsAsIfItHadAlwaysBeenThere() {
        SplittableRandom random = new SplittableRandom(SEED);
        int differing = 0;
        for (int round = 0; round < 25; round++) {
            int taken = random.nextInt(stream.size());
            long now = stream.get(taken).arrivalMillis();
            // Nothing is granted to clocks here: the bare bound, and one millisecond.
            long least = now + WindowPolicy.DEFAULT.maxFutureMillis() + 1;
            long beginning = random.nextBoolean() ? least : least + random.nextInt(600_000);
            ConfiguredProcesses known = parse(KNOWN);
            ConfiguredProcesses all = parse(KNOWN + ADDED.formatted(Instant.ofEpochMilli(beginning), SHIFTS));
            long silence = 60_000L + random.nextInt(30_000);
            RecordedOutputs always = run(all, -1, all, silence);
            RecordedOutputs added = run(known, taken, all, silence);
            String at = "seed " + SEED + ", round " + round + ", taken over at " + Instant.ofEpochMilli(now)
                    + ", in force from " + Instant.ofEpochMilli(beginning);
            assertThat(added.finals).as(at).isEqualTo(always.finals);
            assertThat(added.provisional).as(at).isEqualTo(always.provisional);
            assertThat(added.advice).as(at).isEqualTo(always.advice);
            assertThat(added.adjustments).as(at).isEqualTo(always.adjustments);
            assertThat(added.deadLetters).as(at).isEqualTo(always.deadLetters);
            assertThat(added.gaps).as(at).isEqualTo(always.gaps);
            differing += added.table().equals(run(known, -1, known, silence).table()) ? 0 : 1;
        }
        assertThat(differing)
                .as("rounds in which the addition changes anything at all")
                .isGreaterThan(10);
    }

    @Test
    void takenOverAfterItsBeginningItWouldShow() {
        ConfiguredProcesses known = parse(KNOWN);
        int taken = stream.size() / 2;
        long beginning = stream.get(taken).arrivalMillis() - 600_000;
        ConfiguredProcesses all = parse(KNOWN + ADDED.formatted(Instant.ofEpochMilli(beginning), SHIFTS));
        assertThat(DefinitionsChange.of(known, all, stream.get(taken).arrivalMillis()))
                .isInstanceOf(DefinitionsChange.Refusal.class);
        LiveDefinitions definitions = new LiveDefinitions(known);
        RecordedOutputs late = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(definitions, late, PipelineSettings.DEFAULT);
        for (int i = 0; i < stream.size(); i++) {
            accept(pipeline, i);
            if (i == taken) {
                definitions.takeOver(all);
            }
        }
        assertThat(late.finals).isNotEqualTo(run(all, -1, all, 60_000).finals);
    }

    /** The pipeline is restored from its own state now and then, too: as by another worker that has taken the addition over. */
    private static RecordedOutputs run(
            ConfiguredProcesses before, int taken, ConfiguredProcesses after, long silenceMillis) {
        LiveDefinitions definitions = new LiveDefinitions(before);
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(definitions, outputs, PipelineSettings.DEFAULT);
        for (int i = 0; i < stream.size(); i++) {
            accept(pipeline, i);
            long now = stream.get(i).arrivalMillis();
            if (i % 97 == 0) {
                pipeline.advanceTo(now);
            }
            if (i == taken) {
                DefinitionsChange change =
                        DefinitionsChange.of(before, after, now + WindowPolicy.DEFAULT.maxFutureMillis());
                assertThat(change).isInstanceOf(DefinitionsChange.Addition.class);
                definitions.takeOver(((DefinitionsChange.Addition) change).definitions());
            }
            if (i % 1_009 == 0) {
                ShardPipeline successor = pipeline(definitions, outputs, PipelineSettings.DEFAULT);
                successor.restore(pipeline.snapshot());
                pipeline = successor;
            }
        }
        pipeline.advanceTo(stream.get(stream.size() - 1).arrivalMillis() + silenceMillis);
        return outputs;
    }

    @Test
    void nothingIsLookedUpFurtherAheadThanTheLeadAllows() {
        SplittableRandom random = new SplittableRandom(SEED);
        // Forgets soon, so that windows which have not ended are shown for the last time.
        WindowPolicy forgetful = new WindowPolicy(
                60_000, 5_000, 60_000, 60_000, 60_000, 420_000, List.of(new WindowDefinition("main", 300_000, 60_000)));
        long longest = 0;
        for (int round = 0; round < 10; round++) {
            boolean forgets = round % 2 == 0;
            PipelineSettings settings = forgets
                    ? new PipelineSettings(
                            forgetful,
                            PipelineSettings.DEFAULT.limits(),
                            PipelineSettings.DEFAULT.maxProcesses(),
                            PipelineSettings.DEFAULT.maxRecordBytes(),
                            PipelineSettings.DEFAULT.keyRule(),
                            PipelineSettings.DEFAULT.advice())
                    : PipelineSettings.DEFAULT;
            // A lead without what is granted to clocks and to taking over; see DefinitionsLead.
            long ahead = settings.windows().maxFutureMillis()
                    + Math.max(
                            0,
                            Duration.ofHours(26).toMillis() - settings.windows().forgetAfterMillis());
            long[] latest = {Long.MIN_VALUE};
            ConfiguredProcesses known = parse(KNOWN + ADDED.formatted("2026-03-02T06:00:00Z", SHIFTS));
            ProcessDefinitions watched = (processId, atMillis) -> {
                latest[0] = Math.max(latest[0], atMillis);
                return known.of(processId, atMillis);
            };
            ShardPipeline pipeline = pipeline(watched, new RecordedOutputs(), settings);
            long now = 0;
            for (int i = 0; i < stream.size(); i++) {
                // A pause of the whole stream, of which the shard's end is seen.
                if (random.nextInt(2_000) == 0) {
                    i = Math.min(stream.size() - 1, i + 500);
                    now = Math.max(now, stream.get(i).arrivalMillis() - 1);
                    pipeline.advanceTo(now);
                }
                now = Math.max(now, stream.get(i).arrivalMillis());
                accept(pipeline, i);
                pipeline.advanceTo(now);
                assertThat(latest[0] - now)
                        .as("seed %d, round %d: looked up ahead of now, ms", SEED, round)
                        .isLessThanOrEqualTo(ahead);
                longest = Math.max(longest, latest[0] - now);
            }
            long end = now + random.nextInt(900_000);
            pipeline.advanceTo(end);
            assertThat(latest[0]).isLessThanOrEqualTo(end + ahead);
        }
        System.out.println("looked up at most " + longest + " ms ahead of now");
    }

    private static ConfiguredProcesses parse(String yaml) {
        return ProcessesFile.parse(yaml, ProcessDefinition.DEFAULT, "processes.yaml");
    }

    private static ShardPipeline pipeline(
            ProcessDefinitions definitions, RecordedOutputs outputs, PipelineSettings settings) {
        return new ShardPipeline(settings, definitions, outputs);
    }

    private static void accept(ShardPipeline pipeline, int index) {
        TelemetryRecord record = stream.get(index);
        pipeline.accept(InputRecord.of(
                SHARD,
                new RecordPosition(String.valueOf(1_000_000 + index), 0),
                record.partitionKey(),
                record.arrivalMillis(),
                record.data()));
    }
}
