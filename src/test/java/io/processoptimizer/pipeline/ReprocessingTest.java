package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.event.ProcessDefinition;
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
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A wrong configuration for a while, then back to a state from before: what a store keeps in the end is as if it had never been there.
 * A fifth of the records comes late, so that windows which closed before the state was written are computed anew by both.
 */
class ReprocessingTest {
    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");
    private static final ShardRange SHARD = ShardRange.whole("shardId-0");
    private static final long WRONG_TIMEOUT_MILLIS = 5_000;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void nothingOfAWrongConfigurationStays(long seed) {
        List<TelemetryRecord> stream = stream(seed);
        SplittableRandom random = new SplittableRandom(seed);
        RecordedOutputs undisturbed = new RecordedOutputs();
        accept(pipeline(undisturbed, ProcessDefinitions.DEFAULTS), stream, 0, stream.size());

        int target = stream.size() / 4 + random.nextInt(stream.size() / 4);
        int noticed = target + random.nextInt(stream.size() - target);
        System.out.println("seed " + seed + ": " + stream.size() + " records, back from " + noticed + " to " + target);
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline right = pipeline(outputs, ProcessDefinitions.DEFAULTS);
        accept(right, stream, 0, target);
        byte[] state = right.snapshot();
        ShardPipeline wrong = pipeline(outputs, (processId, atMillis) -> wrong());
        wrong.restore(state);
        accept(wrong, stream, target, noticed);

        ShardPipeline again = pipeline(outputs, ProcessDefinitions.DEFAULTS);
        again.restore(state);
        again.reprocess(new Reprocessing(1, Set.of(), position(noticed - 1), false, null));
        accept(again, stream, target, stream.size());
        assertThat(withoutGeneration(outputs)).isEqualTo(withoutGeneration(undisturbed));
    }

    private static ProcessDefinition wrong() {
        ProcessDefinition right = ProcessDefinition.DEFAULT;
        return new ProcessDefinition(
                right.version(),
                right.stepOrder(),
                right.outputStep(),
                right.profile(),
                right.basis(),
                right.targetOeeNano(),
                right.minorStopMillis(),
                WRONG_TIMEOUT_MILLIS,
                right.idealCycleMicros(),
                right.utilizationThresholdNano());
    }

    private static List<String> withoutGeneration(RecordedOutputs outputs) {
        return outputs.table().stream()
                .map(result -> result.replaceAll("\"generation\":\\d+", "\"generation\":0"))
                .toList();
    }

    private static List<TelemetryRecord> stream(long seed) {
        List<TelemetryRecord> stream = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(START)
                        .withSeed(seed)
                        .withProcesses(3)
                        .withLength(Duration.ofMinutes(40))
                        .withDelivery(
                                new Delivery(0.3, 0.02, 0.1, 0.01, 0, Duration.ofSeconds(5), Duration.ofMinutes(9))))
                .forEachRemaining(stream::add);
        return stream;
    }

    private static ShardPipeline pipeline(RecordedOutputs outputs, ProcessDefinitions definitions) {
        return new ShardPipeline(PipelineSettings.DEFAULT, definitions, outputs);
    }

    private static void accept(ShardPipeline pipeline, List<TelemetryRecord> stream, int from, int to) {
        for (int i = from; i < to; i++) {
            TelemetryRecord record = stream.get(i);
            pipeline.accept(
                    InputRecord.of(SHARD, position(i), record.partitionKey(), record.arrivalMillis(), record.data()));
        }
    }

    private static RecordPosition position(int index) {
        return new RecordPosition(String.valueOf(1_000_000 + index), 0);
    }
}
