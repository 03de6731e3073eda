package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.pipeline.NaiveResults;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/**
 * The production jar against the embedded AWS, as a person runs it: stopped politely and killed in the middle, its table must hold
 * just what a naive recomputation from the stream's records gives, and running again changes nothing.
 */
class RunIT {
    private static final String STREAM = "manufacturing-process";
    private static final String RESULTS = "manufacturing-process-metrics";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** A worker that starts on a busy machine takes some ten seconds; a lease of a killed one is free after ten more. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private static final long SEED = 5;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private LocalAws aws;
    private KinesisClient kinesis;
    private DynamoDbClient dynamo;
    private @Nullable Process worker;

    RunIT() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
        kinesis = KinesisClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .build();
        dynamo = DynamoDbClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .build();
    }

    @BeforeEach
    void createStream() throws IOException {
        aws.awaitReady();
        kinesis.createStream(request -> request.streamName(STREAM).shardCount(2));
    }

    @AfterEach
    void stop() {
        if (worker != null) {
            worker.destroyForcibly();
        }
        kinesis.close();
        dynamo.close();
        aws.close();
    }

    @Test
    void theTableEqualsANaiveRecomputationWhateverHappensToTheWorker() throws Exception {
        List<TelemetryRecord> telemetry = telemetry();
        int third = telemetry.size() / 3;

        put(telemetry.subList(0, third));
        start("process-optimizer");
        awaitTableEqualToTheStream();
        stopPolitely();
        assertThat(leaseOwners()).isEmpty();

        put(telemetry.subList(third, 2 * third));
        start("process-optimizer");
        awaitTableEqualToTheStream();
        put(telemetry.subList(2 * third, telemetry.size()));
        stopForcibly();

        start("process-optimizer");
        awaitTableEqualToTheStream();
        stopPolitely();

        List<Map<String, AttributeValue>> before = finalItems();
        start("second-run", "--set", "state.table=second-run-state");
        await().atMost(PATIENCE).until(() -> checkpointsOf("second-run").containsAll(lastSequenceNumbers()));
        stopPolitely();
        assertThat(finalItems()).containsExactlyInAnyOrderElementsOf(before);

        assertReplayOfARecordingEqualsTheTable(before.size());
    }

    /** The states hold all records, so what is left are the windows that were open at the end. */
    private void assertTheOpenWindowsOfTheStoredStatesAreThoseOfTheRecording() throws IOException {
        List<String> rest = Files.readAllLines(directory.resolve("rest/windows.ndjson"));
        List<String> recorded = Files.readAllLines(directory.resolve("recorded/windows.ndjson")).stream()
                .map(RunIT::withoutRevision)
                .toList();
        assertThat(rest).isNotEmpty();
        for (String open : rest) {
            assertThat(open).contains("\"final\":false");
            assertThat(recorded).contains(withoutRevision(open));
        }
    }

    /** A provisional result counts how often its process was silent, which a replay does not see. */
    private static String withoutRevision(String result) {
        return result.replaceFirst("\"revision\":[0-9]+", "");
    }

    /** Live equals replay: what the worker consumed, recorded and replayed, gives every field of every final result. */
    private void assertReplayOfARecordingEqualsTheTable(int finals) throws IOException, InterruptedException {
        Path said = directory.resolve("replay.log");
        assertThat(run(said, "record", "--output", "recording"))
                .as(Files.readString(said))
                .isZero();
        assertThat(run(said, "replay", "--input", "recording", "--baseline", "live", "--fail-on-difference"))
                .as(Files.readString(said))
                .isZero();
        // Straight from the stream, the result files are the same as from the recording.
        assertThat(run(said, "replay", "--input", "recording", "--output", "recorded"))
                .isZero();
        assertThat(run(said, "replay", "--stream", "--output", "streamed", "--baseline", "recorded"))
                .as(Files.readString(said))
                .isZero();
        assertThat(run(said, "replay", "--stream", "--from-savepoint", "latest", "--output", "rest"))
                .as(Files.readString(said))
                .isZero();
        assertTheOpenWindowsOfTheStoredStatesAreThoseOfTheRecording();
        for (String file : List.of("windows.ndjson", "advice.ndjson", "adjustments.ndjson", "dead-letters.ndjson")) {
            assertThat(directory.resolve("streamed").resolve(file))
                    .hasSameBinaryContentAs(directory.resolve("recorded").resolve(file));
        }
        assertThat(said)
                .content()
                .contains(String.format(
                        Locale.ROOT, "baseline: %,d windows the same, 0 different, 0 missing, 0 new", finals));
    }

    private int run(Path said, String... arguments) throws IOException, InterruptedException {
        Process process = builder(arguments)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }

    private static List<TelemetryRecord> telemetry() {
        Instant start = Instant.now().minus(Duration.ofHours(2)).truncatedTo(java.time.temporal.ChronoUnit.MINUTES);
        SimulationOptions options = SimulationOptions.startingAt(start)
                .withSeed(SEED)
                .withProcesses(4)
                .withLength(Duration.ofMinutes(45))
                .withDelivery(new Delivery(0.3, 0.02, 0.1, 0.02, 0.01, Duration.ofSeconds(5), Duration.ofMinutes(10)));
        List<TelemetryRecord> telemetry = new ArrayList<>();
        Factory.events(options).forEachRemaining(telemetry::add);
        System.out.println("factory seed " + SEED + " from " + start + ": " + telemetry.size() + " records");
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
            int failed = kinesis.putRecords(
                            request -> request.streamName(STREAM).records(entries))
                    .failedRecordCount();
            assertThat(failed).isZero();
        }
    }

    // ---- the worker

    private void start(String application, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "run",
                "--set",
                "application.name=" + application,
                "--set",
                "application.worker_id=it",
                "--set",
                "state.commit_interval=2s",
                "--set",
                "kcl.lease_assignment_interval=500ms"));
        arguments.addAll(List.of(more));
        worker = builder(arguments.toArray(String[]::new))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    /** The production jar with these arguments against the embedded AWS. */
    private ProcessBuilder builder(String... arguments) {
        List<String> command = BuiltJar.command("process-optimizer.jar", arguments);
        command.addAll(List.of("--set", "aws.endpoint=" + aws.endpoint()));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("AWS_ACCESS_KEY_ID", "test");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "test");
        return builder;
    }

    private Path log() {
        return directory.resolve("worker.log");
    }

    private void stopPolitely() throws InterruptedException {
        Process running = running();
        running.destroy();
        assertThat(running.waitFor(90, TimeUnit.SECONDS))
                .describedAs("ended; 25 s are the budget, and a busy machine may need more")
                .isTrue();
        assertThat(running.exitValue()).isZero();
    }

    private void stopForcibly() throws InterruptedException {
        running().destroyForcibly().waitFor();
    }

    private Process running() {
        Process running = worker;
        if (running == null) {
            throw new IllegalStateException("no worker was started");
        }
        return running;
    }

    // ---- what is in the table, and what must be

    private void awaitTableEqualToTheStream() throws IOException {
        Map<String, Map<String, Object>> expected = new TreeMap<>();
        for (Shard shard : shards()) {
            List<NaiveResults.RawRecord> raw = recordsOf(shard).stream()
                    .map(record -> new NaiveResults.RawRecord(
                            record.approximateArrivalTimestamp().toEpochMilli(),
                            record.data().asByteArray()))
                    .toList();
            expected.putAll(NaiveResults.of(raw));
        }
        assertThat(expected).hasSizeGreaterThan(20);
        await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).untilAsserted(() -> {
            assertThat(running().isAlive())
                    .describedAs(() -> "the worker runs; its log: " + readLog())
                    .isTrue();
            assertThat(finalResults()).isEqualTo(expected);
        });
    }

    private String readLog() {
        try {
            return Files.readString(log());
        } catch (IOException e) {
            return "unreadable: " + e.getMessage();
        }
    }

    private Map<String, Map<String, Object>> finalResults() throws IOException {
        Map<String, Map<String, Object>> results = new TreeMap<>();
        for (Map<String, AttributeValue> item : finalItems()) {
            JsonNode result =
                    JSON.readTree(EnhancedDocument.fromAttributeValueMap(item).toJson());
            if (result.get("final").asBoolean()) {
                results.put(
                        result.get("process_id").asText() + " "
                                + result.get("window_end").asLong(),
                        NaiveResults.figuresOf(result));
            }
        }
        return results;
    }

    /** Provisional results come with the clock and are not compared. */
    private List<Map<String, AttributeValue>> finalItems() {
        if (!dynamo.listTables().tableNames().contains(RESULTS)) {
            return List.of();
        }
        return dynamo.scanPaginator(request -> request.tableName(RESULTS)).items().stream()
                .filter(item -> AttributeValue.fromBool(true).equals(item.get("final")))
                .toList();
    }

    private List<Map<String, AttributeValue>> leases(String application) {
        return dynamo.scanPaginator(request -> request.tableName(application)).items().stream()
                .filter(row -> row.containsKey("checkpoint"))
                .toList();
    }

    private List<String> leaseOwners() {
        return leases("process-optimizer").stream()
                .filter(row -> row.containsKey("leaseOwner"))
                .map(row -> text(row, "leaseOwner"))
                .toList();
    }

    private static String text(Map<String, AttributeValue> row, String name) {
        AttributeValue value = row.get(name);
        return value == null ? "" : value.s();
    }

    private List<String> checkpointsOf(String application) {
        if (!dynamo.listTables().tableNames().contains(application)) {
            return List.of();
        }
        return leases(application).stream().map(row -> text(row, "checkpoint")).toList();
    }

    private List<String> lastSequenceNumbers() {
        List<String> last = new ArrayList<>();
        for (Shard shard : shards()) {
            List<Record> records = recordsOf(shard);
            if (!records.isEmpty()) {
                last.add(records.get(records.size() - 1).sequenceNumber());
            }
        }
        return last;
    }

    private List<Shard> shards() {
        return kinesis.listShards(request -> request.streamName(STREAM)).shards();
    }

    private List<Record> recordsOf(Shard shard) {
        List<Record> records = new ArrayList<>();
        String iterator = kinesis.getShardIterator(request -> request.streamName(STREAM)
                        .shardId(shard.shardId())
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .shardIterator();
        while (true) {
            String from = iterator;
            var batch = kinesis.getRecords(request -> request.shardIterator(from));
            records.addAll(batch.records());
            if (batch.records().isEmpty() && batch.millisBehindLatest() == 0) {
                return records;
            }
            iterator = batch.nextShardIterator();
        }
    }
}
