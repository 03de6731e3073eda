package io.processoptimizer.simulate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SimulationOptions OPTIONS = SimulationOptions.startingAt(Instant.parse("2026-01-01T00:00:00Z"))
            .withLength(Duration.ofMinutes(30))
            .withDelivery(new Delivery(0.5, 0.1, 0.1, 0.01, 0.1, Duration.ofSeconds(5), Duration.ofMinutes(10)));

    @TempDir
    private Path directory;

    @Test
    void rawLinesAreTheRecordsThemselvesCompressedOrNot() throws IOException, InterruptedException {
        Path plain = directory.resolve("events.ndjson");
        Path zipped = directory.resolve("events.ndjson.gz");
        write(plain, FileSink.Format.RAW);
        write(zipped, FileSink.Format.RAW);

        List<String> lines = Files.readAllLines(plain, UTF_8);
        assertThat(lines)
                .isEqualTo(
                        records().stream().map(e -> new String(e.data(), UTF_8)).toList());
        try (InputStream in = new GZIPInputStream(Files.newInputStream(zipped))) {
            assertThat(new String(in.readAllBytes(), UTF_8).lines()).containsExactlyElementsOf(lines);
        }
    }

    @Test
    void envelopesKeepEveryRecordWithItsPositionKeyAndArrival() throws IOException, InterruptedException {
        Path file = directory.resolve("recording.ndjson");
        write(file, FileSink.Format.ENVELOPE);

        List<TelemetryRecord> records = records();
        List<String> lines = Files.readAllLines(file, UTF_8);
        assertThat(lines).hasSameSizeAs(records);
        for (int i = 0; i < lines.size(); i++) {
            JsonNode line = JSON.readTree(lines.get(i));
            TelemetryRecord record = records.get(i);
            assertThat(line.path("sequence").textValue()).isEqualTo(Integer.toString(i + 1));
            assertThat(line.path("partition_key").textValue()).isEqualTo(record.partitionKey());
            assertThat(line.path("arrival").longValue()).isEqualTo(record.arrivalMillis());
            if (record.kind() == TelemetryRecord.Kind.MALFORMED) {
                assertThat(line.path("data_base64").binaryValue()).isEqualTo(record.data());
            } else {
                assertThat(line.path("data")).isEqualTo(JSON.readTree(record.data()));
            }
        }
    }

    @Test
    void definitionsTellStepsAndIdealCyclesOfEveryLine() throws IOException {
        Factory factory = Factory.of(OPTIONS);
        Path file = directory.resolve("processes.yaml");
        FactoryDefinitions.write(factory, file);

        JsonNode processes = new YAMLMapper().readTree(Files.readString(file)).path("processes");
        assertThat(processes).hasSize(8);
        for (int i = 0; i < 8; i++) {
            JsonNode process = processes.get(i);
            LineSpec line = factory.lines().get(i);
            assertThat(process.path("match").textValue()).isEqualTo(line.processId());
            assertThat(process.path("steps"))
                    .extracting(JsonNode::textValue)
                    .isEqualTo(line.steps().stream().map(StepSpec::id).toList());
            assertThat(process.has("ideal_cycle_times")).as(line.processId()).isEqualTo(i != 3);
            if (i != 3) {
                BigDecimal seconds = process.path("ideal_cycle_times")
                        .path(line.steps().get(1).id())
                        .path(line.products().get(1).id())
                        .decimalValue();
                assertThat(seconds.movePointRight(6).longValueExact()).isEqualTo(line.idealMicros(1, 1));
            }
        }
    }

    private static void write(Path file, FileSink.Format format) throws IOException, InterruptedException {
        try (FileSink sink = FileSink.create(file, format)) {
            Pacer.copy(Factory.events(OPTIONS), sink);
        }
    }

    private static List<TelemetryRecord> records() {
        List<TelemetryRecord> records = new ArrayList<>();
        Factory.events(OPTIONS).forEachRemaining(records::add);
        return records;
    }
}
