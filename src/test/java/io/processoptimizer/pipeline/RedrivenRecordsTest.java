package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.decode.RedriveMark;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
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
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A redriven record gives the results that it would have given had it come in time, where they can still be revised. */
class RedrivenRecordsTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-03-02T06:00:00Z");
    private static final ShardRange SHARD = ShardRange.whole("shardId-0");
    private static final long MINUTE = TimeUnit.MINUTES.toMillis(1);

    /** Little lateness and long windows: most of what is retained is past its lateness. */
    private static final WindowPolicy POLICY = new WindowPolicy(
            MINUTE,
            5_000,
            MINUTE,
            MINUTE,
            MINUTE,
            7 * 24 * 60 * MINUTE,
            List.of(new WindowDefinition("main", 10 * MINUTE, MINUTE)));

    private static final PipelineSettings SETTINGS = new PipelineSettings(
            POLICY,
            PipelineSettings.DEFAULT.limits(),
            PipelineSettings.DEFAULT.maxProcesses(),
            PipelineSettings.DEFAULT.maxRecordBytes(),
            PipelineSettings.DEFAULT.keyRule(),
            PipelineSettings.DEFAULT.advice());

    private RecordedOutputs outputs = new RecordedOutputs();
    private ShardPipeline pipeline = new ShardPipeline(SETTINGS, ProcessDefinitions.DEFAULTS, outputs);
    private long sequence = 1_000_000;

    @Test
    void whatIsRetainedIsAsIfNothingHadBeenLate() throws Exception {
        int revised = 0;
        for (long seed = 1; seed <= 12; seed++) {
            List<TelemetryRecord> stream = stream(seed);
            start();
            stream.forEach(record -> put(record, record.arrivalMillis()));
            Map<Long, JsonNode> inTime = results();

            SplittableRandom random = new SplittableRandom(seed);
            long redrivenAt = START.toEpochMilli() + 25 * MINUTE;
            // The earliest records lie within what the last windows that can be revised begin with.
            long heldFrom = redrivenAt - 9 * MINUTE;
            start();
            List<TelemetryRecord> held = new ArrayList<>();
            boolean redriven = false;
            for (TelemetryRecord record : stream) {
                if (!redriven && record.arrivalMillis() >= redrivenAt) {
                    redriven = true;
                    for (TelemetryRecord late : held) {
                        long arrival = record.arrivalMillis();
                        int before = outputs.deadLetters.size();
                        redrive(late, arrival);
                        assertThat(outputs.deadLetters).as("seed " + seed).hasSize(before);
                        redrive(late, arrival); // twice counts once
                    }
                }
                if (record.arrivalMillis() >= heldFrom
                        && record.arrivalMillis() < redrivenAt - 3 * MINUTE
                        && random.nextInt(3) == 0) {
                    held.add(record);
                } else {
                    put(record, record.arrivalMillis());
                }
                if (random.nextInt(20) == 0) {
                    restart();
                }
            }
            Map<Long, JsonNode> redone = results();
            for (Map.Entry<Long, JsonNode> result : inTime.entrySet()) {
                // The watermark at the redrive is at most the time of the redrive.
                if (result.getKey() > redrivenAt - MINUTE) {
                    assertThat(redone.get(result.getKey()))
                            .as("seed " + seed + " window end " + Instant.ofEpochMilli(result.getKey()))
                            .isEqualTo(result.getValue());
                    revised++;
                }
            }
            assertThat(held).isNotEmpty();
        }
        assertThat(revised).isGreaterThan(12 * 5);
    }

    @Test
    void whatIsNoLongerRetainedIsRefusedUnderItsFirstId() {
        List<TelemetryRecord> stream = stream(3);
        stream.subList(1, stream.size()).forEach(record -> put(record, record.arrivalMillis()));
        outputs.deadLetters.clear();
        redrive(stream.get(0), stream.get(stream.size() - 1).arrivalMillis());
        assertThat(outputs.deadLetters)
                .singleElement()
                .asString()
                .startsWith("late shardId-9:" + stream.get(0).arrivalMillis() + ":0:")
                .endsWith(new String(stream.get(0).data(), java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void anOrdinaryRecordIsRefusedWhereARedrivenOneIsTaken() {
        List<TelemetryRecord> stream = stream(3);
        long end = stream.get(stream.size() - 1).arrivalMillis();
        TelemetryRecord late = stream.stream()
                .filter(record -> record.arrivalMillis() > end - 4 * MINUTE)
                .findFirst()
                .orElseThrow();
        stream.stream().filter(record -> !record.equals(late)).forEach(record -> put(record, record.arrivalMillis()));
        long accepted = pipeline.tally().acceptedEvents();
        put(late, end);
        assertThat(pipeline.tally().rejectedInputs()).containsOnlyKeys(RejectReason.LATE);
        assertThat(pipeline.tally().acceptedEvents()).isEqualTo(accepted);
        redrive(late, end);
        assertThat(pipeline.tally().acceptedEvents()).isEqualTo(accepted + 1);
        assertThat(pipeline.tally().redrivenRecords()).isEqualTo(1);
    }

    private void start() {
        outputs = new RecordedOutputs();
        pipeline = new ShardPipeline(SETTINGS, ProcessDefinitions.DEFAULTS, outputs);
    }

    private void restart() {
        byte[] state = pipeline.snapshot();
        pipeline = new ShardPipeline(SETTINGS, ProcessDefinitions.DEFAULTS, outputs);
        pipeline.restore(state);
    }

    private static List<TelemetryRecord> stream(long seed) {
        List<TelemetryRecord> stream = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(START)
                        .withSeed(seed)
                        .withProcesses(1)
                        .withLength(Duration.ofMinutes(40))
                        .withDelivery(Delivery.PERFECT))
                .forEachRemaining(stream::add);
        return stream;
    }

    private void put(TelemetryRecord record, long arrival) {
        put(record.partitionKey(), record.data(), arrival);
    }

    private void redrive(TelemetryRecord record, long arrival) {
        RedriveMark mark = new RedriveMark(
                RejectReason.LATE,
                "shardId-9",
                // Times are distinct enough to tell records apart.
                new RecordPosition(Long.toString(record.arrivalMillis()), 0),
                Math.floorMod(java.util.Arrays.hashCode(record.data()), 1_000_000),
                record.arrivalMillis(),
                false);
        put(record.partitionKey(), mark.mark(record.data()), arrival);
    }

    private void put(String key, byte[] data, long arrival) {
        pipeline.accept(InputRecord.of(SHARD, new RecordPosition(Long.toString(sequence++), 0), key, arrival, data));
    }

    /** By window end, without the number of the revision. */
    private Map<Long, JsonNode> results() throws Exception {
        Map<Long, JsonNode> results = new TreeMap<>();
        for (String line : outputs.table()) {
            ObjectNode result = (ObjectNode) JSON.readTree(line);
            result.remove("revision");
            results.put(result.get("window_end").asLong(), result);
        }
        return results;
    }
}
