package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.StoredAdvice;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.Select;

/** A worker that asks the embedded Bedrock; its stream, recorded and replayed with the advice that it recorded. */
class RecordedAdviceIT {
    private static final String STREAM = "recorded-advice-it";
    private static final String TABLE = "recorded-advice-it-advice";
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final Factory factory = Factory.of(SimulationOptions.startingAt(
                    Instant.now().minus(3, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES))
            .withSeed(11)
            .withProcesses(4)
            .withLength(Duration.ofMinutes(30)));

    private static Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        settings.put("application.name", "recorded-advice-it");
        settings.put("stream.name", STREAM);
        settings.put("state.table", "recorded-advice-it-states");
        settings.put("outputs.metrics_table", "recorded-advice-it-results");
        settings.put("outputs.advice_table", TABLE);
        settings.put("outputs.dead_letters_table", "recorded-advice-it-letters");
        settings.put("advice.advisor", "bedrock");
        settings.put("advice.when", "always");
        settings.put("advice.timeout", "60s");
        return settings;
    }

    @Test
    void aReplayWithRecordedAdviceGivesTheWorkersRecordsFieldByField() throws Exception {
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            Streams.createIfMissing(clients, STREAM, 2);
            long put;
            try (KinesisSink sink = new KinesisSink(clients, STREAM)) {
                put = Pacer.copy(factory.events(), sink).records();
            }
            assertThat(put).isPositive();
            try (LiveWorker worker = new LiveWorker(clients, settings())) {
                int[] before = {-1};
                await().atMost(Duration.ofSeconds(120))
                        .pollInterval(Duration.ofSeconds(4))
                        .until(() -> {
                            int now = items(clients);
                            boolean still = now > 4 * 20 && now == before[0];
                            before[0] = now;
                            return still;
                        });
                assertThat(worker.stop()).isTrue();
            }
            Path live = directory.resolve("live.ndjson");
            StoredAdvice.write(clients.dynamo(), TABLE, live);
            Map<String, JsonNode> recorded = records(live);
            assertThat(recorded.values())
                    .anyMatch(record -> record.path("source").asText().equals("bedrock"));

            List<String> access = List.of("--set", "aws.endpoint=" + aws.endpoint());
            run(access, "record", "--output", "recording", "--until", "now");
            String summary = run(
                    access,
                    "replay",
                    "--input",
                    "recording",
                    "-o",
                    "out",
                    "--advice",
                    "recorded",
                    "--advice-from",
                    "live");
            assertThat(summary).contains("as recorded in the table " + TABLE).doesNotContain("nothing is recorded");
            assertSame(recorded, records(directory.resolve("out/advice.ndjson")));

            run(
                    List.of(),
                    "replay",
                    "--input",
                    "recording",
                    "-o",
                    "again",
                    "--advice",
                    "recorded",
                    "--advice-from",
                    "out");
            assertThat(directory.resolve("again/advice.ndjson"))
                    .hasSameBinaryContentAs(directory.resolve("out/advice.ndjson"));
            assertThat(directory.resolve("again/adjustments.ndjson"))
                    .hasSameBinaryContentAs(directory.resolve("out/adjustments.ndjson"));

            run(List.of(), "replay", "--input", "recording", "-o", "rules");
            assertThat(Files.readString(directory.resolve("rules/advice.ndjson")))
                    .doesNotContain("bedrock");
        }
    }

    private static int items(AwsClients clients) {
        return clients.dynamo()
                .scan(r -> r.tableName(TABLE).select(Select.COUNT))
                .join()
                .count();
    }

    private String run(List<String> more, String... args) {
        List<String> all = new ArrayList<>(List.of(args));
        settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        all.addAll(more);
        CommandRun run = CommandRun.in(directory, all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return run.out();
    }

    private static Map<String, JsonNode> records(Path file) throws IOException {
        Map<String, JsonNode> records = new TreeMap<>();
        try (Stream<String> lines = Files.lines(file)) {
            for (String line : (Iterable<String>) lines::iterator) {
                ObjectNode record = (ObjectNode) JSON.readTree(line);
                record.remove("ttl");
                records.put(
                        record.path("process_id").asText() + " "
                                + record.path("id").asText(),
                        record);
            }
        }
        return records;
    }

    /** Numbers by their value: DynamoDB writes 1.0 as 1. */
    private static void assertSame(Map<String, JsonNode> live, Map<String, JsonNode> replayed) {
        assertThat(replayed.keySet()).isEqualTo(live.keySet());
        live.forEach((key, record) -> assertThat(record.equals(
                        (a, b) -> a.isNumber() && b.isNumber()
                                ? a.decimalValue().compareTo(b.decimalValue())
                                : a.equals(b) ? 0 : 1,
                        replayed.get(key)))
                .as("%s%nlive     %s%nreplayed %s", key, record, replayed.get(key))
                .isTrue());
    }
}
