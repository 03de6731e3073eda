package io.processoptimizer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole way of the records of a factory against a recomputation that shares no code with it. */
class NaiveRecomputationTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyWindowEqualsANaiveRecomputationFromTheRawRecords(long seed) throws IOException {
        SimulationOptions options = SimulationOptions.startingAt(Instant.parse("2026-03-02T05:50:00Z"))
                .withSeed(seed)
                .withProcesses(4)
                .withLength(Duration.ofMinutes(60))
                .withDelivery(new Delivery(0.3, 0.02, 0.1, 0.02, 0.01, Duration.ofSeconds(5), Duration.ofMinutes(10)));
        RecordedOutputs outputs = new RecordedOutputs();
        ShardPipeline pipeline = new ShardPipeline(PipelineSettings.DEFAULT, ProcessDefinitions.DEFAULTS, outputs);
        ShardRange shard = ShardRange.whole("shardId-0");
        List<NaiveResults.RawRecord> raw = new ArrayList<>();
        for (var records = Factory.events(options); records.hasNext(); ) {
            TelemetryRecord record = records.next();
            raw.add(new NaiveResults.RawRecord(record.arrivalMillis(), record.data()));
            pipeline.accept(InputRecord.of(
                    shard,
                    new RecordPosition(String.valueOf(1_000_000 + raw.size()), 0),
                    record.partitionKey(),
                    record.arrivalMillis(),
                    record.data()));
        }

        Map<String, Map<String, Object>> table = new TreeMap<>();
        for (String line : outputs.table()) {
            JsonNode result = JSON.readTree(line);
            table.put(
                    result.get("process_id").asText() + " "
                            + result.get("window_end").asLong(),
                    NaiveResults.figuresOf(result));
        }
        System.out.println("factory seed " + seed + ": " + raw.size() + " records, " + table.size() + " windows");
        assertThat(table).hasSizeGreaterThan(200);
        Map<String, Map<String, Object>> naive = NaiveResults.of(raw);
        assertThat(naive.values())
                .filteredOn(figures -> figures.containsKey("oee"))
                .hasSizeGreaterThan(80);
        assertThat(table.keySet()).isEqualTo(new TreeMap<>(naive).keySet());
        naive.forEach((window, figures) ->
                assertThat(table.get(window)).describedAs(window).isEqualTo(figures));
    }
}
