package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * The production jar's {@code recover rewind} while its worker runs: the same configuration gives the same results again and publishes
 * nothing twice, and another one gives what a replay under it gives.
 */
class RewindIT {
    private static final String STREAM = "manufacturing-process";
    private static final String RESULTS = "manufacturing-process-metrics";
    private static final String ADVICE = "manufacturing-process-advice";
    private static final String STATE = "manufacturing-process-state";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final LocalAws aws;
    private final AwsClients clients;
    private final PointerTable store;
    private @Nullable Process worker;

    RewindIT() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        store = PointerTable.withStates(clients.dynamo(), STATE, SavepointPolicy.DEFAULT, Clock.systemUTC());
    }

    @BeforeEach
    void createStream() throws IOException {
        aws.awaitReady();
        clients.kinesis().createStream(r -> r.streamName(STREAM).shardCount(2)).join();
    }

    @AfterEach
    void stop() {
        if (worker != null) {
            worker.destroyForcibly();
        }
        clients.close();
        aws.close();
    }

    @Test
    void theWorkersComputeAgainWhatCameSince() throws Exception {
        List<TelemetryRecord> telemetry = telemetry();
        int third = telemetry.size() / 3;
        put(telemetry.subList(0, third));
        start("run");
        awaitStoredUpTo(windowsOfReplay("first"));
        keepPresentStates();
        put(telemetry.subList(third, telemetry.size()));
        Map<String, JsonNode> replayed = windowsOfReplay("old");
        awaitStoredUpTo(replayed);
        Map<String, String> adjustments = adjustments();

        // The worker runs on, under the same configuration.
        rewind("plan", "rewind", "--to", "latest");
        assertThat(generations()).containsOnlyKeys(0L);
        rewind("same", "rewind", "--to", "latest", "--apply");
        assertThat(stored()).isEqualTo(replayed);
        assertThat(generations()).containsOnlyKeys(0L, 1L);
        assertThat(adjustments()).isEqualTo(adjustments);
        assertThat(superseded()).isZero();

        // Another configuration: moved while the worker has the old one, which then leaves the shards alone.
        Path corrected = directory.resolve("corrected.yaml");
        Files.writeString(corrected, "bottleneck:\n  utilization_threshold: 0.4\n");
        Map<String, JsonNode> wanted = windowsOfReplay("new", "--config", corrected.toString());
        assertThat(wanted).isNotEqualTo(replayed);
        rewind("other", "rewind", "--to", "latest", "--new-config", corrected.toString(), "--apply", "--no-wait");
        stopPolitely();
        start("run", "--config", corrected.toString());
        rewind("resume", "rewind", "--resume");
        assertThat(generations().getOrDefault(2L, 0L)).isGreaterThan(20);
        Map<String, JsonNode> now = stored();
        Map<String, Long> generationOf = generationsByWindow();
        for (Map.Entry<String, JsonNode> result : now.entrySet()) {
            boolean again = generationOf.getOrDefault(result.getKey(), 0L) == 2;
            assertThat(result.getValue())
                    .as(result.getKey())
                    .isEqualTo((again ? wanted : replayed).get(result.getKey()));
        }
        assertThat(adjustments().entrySet()).containsAll(adjustments.entrySet());
        assertThat(adjustments().values())
                .filteredOn("published"::equals)
                .hasSameSizeAs(adjustments.values().stream()
                        .filter("published"::equals)
                        .toList());
        assertThat(superseded()).isZero();
        stopPolitely();
    }

    // ---- telemetry

    private static List<TelemetryRecord> telemetry() {
        Instant start = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MINUTES);
        SimulationOptions options =
                SimulationOptions.startingAt(start).withSeed(7).withProcesses(6).withLength(Duration.ofMinutes(40));
        List<TelemetryRecord> telemetry = new ArrayList<>();
        Factory.events(options).forEachRemaining(telemetry::add);
        return telemetry;
    }

    private void put(List<TelemetryRecord> telemetry) {
        int batch = 500;
        for (int from = 0; from < telemetry.size(); from += batch) {
            List<PutRecordsRequestEntry> entries =
                    telemetry.subList(from, Math.min(from + batch, telemetry.size())).stream()
                            .map(record -> PutRecordsRequestEntry.builder()
                                    .partitionKey(record.partitionKey())
                                    .data(SdkBytes.fromByteArray(record.data()))
                                    .build())
                            .toList();
            assertThat(clients.kinesis()
                            .putRecords(r -> r.streamName(STREAM).records(entries))
                            .join()
                            .failedRecordCount())
                    .isZero();
        }
    }

    private void keepPresentStates() {
        List<Shard> shards =
                clients.kinesis().listShards(r -> r.streamName(STREAM)).join().shards();
        for (Shard shard : shards) {
            await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                ShardPointer pointer = store.pointer(shard.shardId());
                Snapshot state = pointer == null ? null : pointer.snapshot();
                assertThat(state).isNotNull();
                if (state != null) {
                    store.keep(shard.shardId(), state, "of the test");
                }
            });
        }
    }

    // ---- processes

    private void start(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--set",
                "application.worker_id=it",
                "--set",
                "state.commit_interval=2s",
                "--set",
                "adjustment.max_age=1d"));
        worker = builder(all)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("worker.log").toFile()))
                .start();
    }

    private void stopPolitely() throws InterruptedException {
        Process running = worker;
        if (running != null) {
            running.destroy();
            assertThat(running.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void rewind(String name, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("recover"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--set", "adjustment.max_age=1d"));
        run(name, all);
    }

    private void run(String name, List<String> arguments) throws IOException, InterruptedException {
        Path log = directory.resolve(name + ".log");
        Process process = builder(arguments).redirectOutput(log.toFile()).start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(() -> said(log) + said(directory.resolve("worker.log")))
                .isTrue();
        assertThat(process.exitValue()).as(said(log)).isZero();
        System.out.println(said(log));
    }

    private static String said(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    private ProcessBuilder builder(List<String> arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "process-optimizer.jar").toAbsolutePath().toString()));
        command.addAll(arguments);
        command.addAll(List.of("--set", "aws.endpoint=" + aws.endpoint()));
        return new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    }

    // ---- what there is, and what must be

    /** The final results of a replay of the stream, by window. */
    private Map<String, JsonNode> windowsOfReplay(String name, String... more)
            throws IOException, InterruptedException {
        List<String> arguments = new ArrayList<>(List.of("replay", "--stream", "--output", "replay-" + name));
        arguments.addAll(List.of(more));
        run("replay-" + name, arguments);
        Map<String, JsonNode> windows = new TreeMap<>();
        for (String line :
                Files.readAllLines(directory.resolve("replay-" + name).resolve("windows.ndjson"))) {
            put(JSON.readTree(line), windows);
        }
        return windows;
    }

    private static void put(JsonNode result, Map<String, JsonNode> into) {
        if (result.get("final").asBoolean()) {
            ObjectNode comparable = result.deepCopy();
            // A provisional result that came before counts as a revision, and what table and operation add is not of
            // the result.
            comparable.remove(List.of(
                    "generation", "revision", "result_rank", "timestamp", "ttl", "superseded", "config_version"));
            into.put(key(result), comparable);
        }
    }

    private static String key(JsonNode result) {
        return result.get("process_id").asText() + " "
                + result.get("window_end").asLong();
    }

    private void awaitStoredUpTo(Map<String, JsonNode> expected) {
        assertThat(expected).hasSizeGreaterThan(20);
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .untilAsserted(() -> assertThat(stored()).isEqualTo(expected));
    }

    private Map<String, JsonNode> stored() throws IOException {
        Map<String, JsonNode> stored = new TreeMap<>();
        for (Map<String, AttributeValue> item : items(RESULTS)) {
            put(JSON.readTree(EnhancedDocument.fromAttributeValueMap(item).toJson()), stored);
        }
        return stored;
    }

    private Map<String, Long> generationsByWindow() throws IOException {
        Map<String, Long> generations = new HashMap<>();
        for (Map<String, AttributeValue> item : items(RESULTS)) {
            JsonNode result =
                    JSON.readTree(EnhancedDocument.fromAttributeValueMap(item).toJson());
            generations.put(key(result), result.get("generation").asLong());
        }
        return generations;
    }

    private Map<Long, Long> generations() throws IOException {
        Map<Long, Long> counts = new TreeMap<>();
        generationsByWindow().values().forEach(generation -> counts.merge(generation, 1L, Long::sum));
        return counts;
    }

    private long superseded() {
        return items(RESULTS).stream()
                .filter(item -> item.containsKey("superseded"))
                .count();
    }

    /** The outbox: status by id. */
    private Map<String, String> adjustments() {
        Map<String, String> adjustments = new TreeMap<>();
        for (Map<String, AttributeValue> item : items(ADVICE)) {
            AttributeValue status = item.get("status");
            AttributeValue id = item.get("id");
            if (status != null && id != null) {
                adjustments.put(id.s(), status.s());
            }
        }
        return adjustments;
    }

    private List<Map<String, AttributeValue>> items(String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> after = Map.of();
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page = clients.dynamo()
                    .scan(r -> r.tableName(table).consistentRead(true).exclusiveStartKey(from.isEmpty() ? null : from))
                    .join();
            items.addAll(page.items());
            after = page.lastEvaluatedKey();
        } while (!after.isEmpty());
        return items;
    }
}
