package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import io.processoptimizer.window.WindowFacts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Where records are missing, no result that may lack facts passes for a complete one. */
class LostRecordsTest {
    private static final int GAPS = Integer.getInteger("lost.gaps", 120);

    private static final ShardRange SHARD = ShardRange.whole("shardId-0");

    /** Devices go offline for minutes and send what they have kept afterwards: a lost record can be much older than its arrival. */
    private static final SimulationOptions OPTIONS = SimulationOptions.startingAt(Instant.parse("2026-03-02T06:00:00Z"))
            .withSeed(5)
            .withProcesses(4)
            .withLength(Duration.ofMinutes(25))
            .withDelivery(new Delivery(0.3, 0.02, 0.1, 0, 0, Duration.ofSeconds(5), Duration.ofMinutes(10)));

    private final List<TelemetryRecord> stream = stream();
    private final Set<String> whole = new HashSet<>();

    private static final class Results extends RecordedOutputs {
        final List<WindowResult> all = new ArrayList<>();

        @Override
        public void result(WindowResult result, WindowFacts facts) {
            all.add(result);
        }
    }

    @Test
    void noWindowThatReachesIntoTheGapPassesForComplete() {
        Results undisturbed = new Results();
        ShardPipeline pipeline = pipeline(undisturbed);
        accept(pipeline, 0, stream.size());
        undisturbed.all.forEach(result -> whole.add(json(result)));
        SplittableRandom random = new SplittableRandom(3);
        int incomplete = 0;
        int complete = 0;
        int provisional = 0;
        for (int i = 0; i < GAPS; i++) {
            int from = random.nextInt(stream.size() - 1);
            int to = Math.min(stream.size(), from + 1 + random.nextInt(400));
            long lastLost = stream.get(to - 1).arrivalMillis();
            boolean atTip = random.nextBoolean();
            Results results = afterGap(from, to, atTip);
            Map<String, WindowResult> stored = new HashMap<>();
            for (WindowResult result : results.all) {
                stored.merge(
                        result.processId() + " " + result.window() + " " + result.endMillis(),
                        result,
                        (older, newer) -> newer.rank() > older.rank() ? newer : older);
                incomplete += result.complete() ? 0 : 1;
                complete += result.complete() ? 1 : 0;
                provisional += result.isFinal() ? 0 : 1;
                if (result.complete() && result.isFinal() && result.startMillis() <= lastLost) {
                    assertThat(whole.contains(json(result)))
                            .as(
                                    "records %d to %d are lost: %s from %d",
                                    from, to, result.processId(), result.startMillis())
                            .isTrue();
                }
            }
            results.all.stream()
                    .filter(WindowResult::isFinal)
                    .forEach(result -> assertThat(
                                    stored.get(result.processId() + " " + result.window() + " " + result.endMillis()))
                            .as(
                                    "records %d to %d are lost: %s from %d",
                                    from, to, result.processId(), result.startMillis())
                            .matches(WindowResult::isFinal));
        }
        // Only the time around the gap: not everything is called incomplete.
        assertThat(incomplete).isPositive().isLessThan(complete);
        assertThat(provisional).isPositive();
        System.out.println(GAPS + " gaps: " + complete + " complete results, " + incomplete + " incomplete");
    }

    private Results afterGap(int from, int to, boolean atTip) {
        ShardPipeline before = pipeline(new Results());
        accept(before, 0, from);
        Results results = new Results();
        ShardPipeline after = pipeline(results);
        after.restore(before.snapshot());
        after.recordsLost();
        if (atTip) {
            after.advanceTo(stream.get(to - 1).arrivalMillis());
            ShardPipeline again = pipeline(results);
            again.restore(after.snapshot());
            after = again;
        }
        accept(after, to, stream.size());
        return results;
    }

    private static List<TelemetryRecord> stream() {
        List<TelemetryRecord> stream = new ArrayList<>();
        Factory.events(OPTIONS).forEachRemaining(stream::add);
        return stream;
    }

    private static ShardPipeline pipeline(RecordedOutputs outputs) {
        return new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, outputs);
    }

    private void accept(ShardPipeline pipeline, int from, int to) {
        for (int i = from; i < to; i++) {
            TelemetryRecord record = stream.get(i);
            pipeline.accept(InputRecord.of(
                    SHARD,
                    new RecordPosition(String.valueOf(1_000_000 + i), 0),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    record.data()));
        }
    }

    private static String json(WindowResult result) {
        return new String(ResultJson.toBytes(result), StandardCharsets.UTF_8);
    }
}
