package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Promise 1 over the whole way of a record: however the pipeline is driven, the results are the same to the byte. */
class ShardPipelineModesTest {
    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");
    private static final SimulationOptions OPTIONS = SimulationOptions.startingAt(START)
            .withSeed(7)
            .withProcesses(3)
            .withLength(Duration.ofMinutes(25))
            .withDelivery(new Delivery(0.3, 0.02, 0.1, 0.02, 0.01, Duration.ofSeconds(5), Duration.ofMinutes(10)));

    private static final ShardRange SHARD = ShardRange.whole("shardId-0");

    private static List<TelemetryRecord> stream = List.of();
    private static RecordedOutputs undisturbed = new RecordedOutputs();

    @BeforeAll
    static void runUndisturbed() {
        stream = new ArrayList<>();
        Factory.events(OPTIONS).forEachRemaining(stream::add);
        undisturbed = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(undisturbed);
        for (int i = 0; i < stream.size(); i++) {
            accept(pipeline, i);
        }
        System.out.println("factory seed " + OPTIONS.seed() + ": " + stream.size() + " records, "
                + undisturbed.finals.size() + " final results, " + undisturbed.deadLetters.size() + " dead letters");
    }

    @Test
    void theFactoryGivesEveryProcessItsWindows() {
        // 25 minutes give windows that end at minutes 1 to 24 for each of the 3 processes; revisions come on top.
        assertThat(undisturbed.table()).hasSizeGreaterThanOrEqualTo(3 * 22);
        assertThat(undisturbed.deadLetters).isNotEmpty();
        assertThat(undisturbed.advice).hasSameSizeAs(undisturbed.finals);
        assertThat(undisturbed.adjustments).isNotEmpty().doesNotHaveDuplicates();
    }

    @Test
    void restoringAfterEveryRecordChangesNothing() {
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(outputs);
        for (int i = 0; i < stream.size(); i++) {
            accept(pipeline, i);
            ShardPipeline successor = pipeline(outputs);
            successor.restore(pipeline.snapshot());
            pipeline = successor;
        }
        assertSame(outputs);
    }

    @Test
    void recordsDeliveredAgainAfterARestoreAreDropped() {
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(outputs);
        int middle = stream.size() / 2;
        for (int i = 0; i < middle; i++) {
            accept(pipeline, i);
        }
        ShardPipeline successor = pipeline(outputs);
        successor.restore(pipeline.snapshot());
        for (int i = middle / 2; i < stream.size(); i++) {
            accept(successor, i);
        }
        assertSame(outputs);
    }

    @Test
    void showingQuietProcessesAtAnyMomentChangesNoFinalResult() {
        long seed = 11;
        System.out.println("moments seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline pipeline = pipeline(outputs);
        for (int i = 0; i < stream.size(); i++) {
            accept(pipeline, i);
            if (random.nextInt(50) == 0) {
                pipeline.advanceTo(stream.get(i).arrivalMillis() + random.nextInt(600_000));
            }
        }
        assertThat(outputs.provisional).isNotEmpty();
        assertSame(outputs);
    }

    private static void assertSame(RecordedOutputs outputs) {
        assertThat(outputs.finals).isEqualTo(undisturbed.finals);
        assertThat(outputs.advice).isEqualTo(undisturbed.advice);
        assertThat(outputs.adjustments).isEqualTo(undisturbed.adjustments);
        assertThat(outputs.deadLetters).isEqualTo(undisturbed.deadLetters);
        assertThat(outputs.table()).isEqualTo(undisturbed.table());
    }

    private static ShardPipeline pipeline(RecordedOutputs outputs) {
        return new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, outputs);
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
