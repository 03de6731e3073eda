package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
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
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.PutRecordsResponse;

/**
 * An application that goes on elsewhere while its worker runs: blue, with states in a table, is cloned to green, with states in a
 * bucket, which is exported and imported as yellow, with states in a folder. All three give the same results, and blue does too after
 * it was taken back to an export of its own. What must not be done is refused.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class RecoverMoveIT {
    private static final String STREAM = "move-it-stream";
    private static final String BUCKET = "move-it-states";
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Pattern SETTING = Pattern.compile("--set ([a-z_.]+)=(\\S+)");
    private static final Pattern COMPARE = Pattern.compile("recover (compare --with \\S+ --from \\S+)");
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final Map<String, RecordPosition> last = new HashMap<>();
    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
        Streams.createIfMissing(clients, STREAM, 2);
        clients.s3().createBucket(r -> r.bucket(BUCKET)).join();
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void applicationsMoveWhileTheirWorkersRun() throws Exception {
        Map<String, String> blue = blue();
        List<TelemetryRecord> telemetry = telemetry();
        int part = telemetry.size() / 3;
        try (LiveWorker blueWorker = new LiveWorker(clients, blue)) {
            put(telemetry.subList(0, part));
            awaitCommitted("blue-states");
            assertThat(run(blue, "export", "--output", path("early")).exitCode())
                    .isZero();
            assertThat(run(blue, "export", "--output", path("early.zip")).out()).contains("with 2 shards and 2 states");

            CommandRun cloned = cloneOf(blue);
            Map<String, String> green = printed(blue, cloned.out());
            try (LiveWorker greenWorker = new LiveWorker(clients, green)) {
                put(telemetry.subList(part, 2 * part));
                awaitCommitted("blue-states");
                awaitCommitted("green-states");
                Matcher compare = COMPARE.matcher(cloned.out());
                assertThat(compare.find()).as(cloned.out()).isTrue();
                assertEqual(run(blue, compare.group(1).split(" ", -1)));

                Map<String, String> yellow = movedByFile(green);
                try (LiveWorker yellowWorker = new LiveWorker(clients, yellow)) {
                    put(telemetry.subList(2 * part, telemetry.size()));
                    for (String states : List.of("blue-states", "green-states", "yellow-states")) {
                        awaitCommitted(states);
                    }
                    assertEqual(run(blue, "compare", "--with", "green-metrics"));
                    assertEqual(run(blue, "compare", "--with", "yellow-metrics"));
                    assertThat(yellowWorker.stop()).isTrue();
                }
                assertThat(greenWorker.stop()).isTrue();
            }
            takenBackToAnExport(blue);
            damageIsRefused(blue);
            aReshardIsRefused(blue);
            assertThat(blueWorker.stop()).isTrue();
        }
        differencesAreSaid(blue);
    }

    private CommandRun cloneOf(Map<String, String> blue) {
        CommandRun same = run(blue, "clone", "--to-application", "blue", "--to-state-table", "x");
        assertThat(same.exitCode()).isEqualTo(2);
        assertThat(same.err()).contains("must differ", "blue");

        String[] arguments = {
            "clone", "--to-application", "green", "--to-state-table", "green-states", "--to-store", "s3"
        };
        CommandRun plan = run(blue, arguments);
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("2 shards would be copied to green", "Nothing was changed");
        assertThat(clients.dynamo().listTables().join().tableNames()).noneMatch(name -> name.startsWith("green"));

        CommandRun cloned = run(blue, with(arguments, "--apply"));
        assertThat(cloned.exitCode()).as(cloned.err()).isZero();
        CommandRun again = run(blue, with(arguments, "--apply"));
        assertThat(again.exitCode()).isEqualTo(5);
        assertThat(again.err()).contains("green", "name another with --to-application");
        return cloned;
    }

    /** Through a zip file with all savepoints into a folder. */
    private Map<String, String> movedByFile(Map<String, String> green) {
        assertThat(run(green, "export", "--savepoints", "--output", path("green.zip"))
                        .exitCode())
                .isZero();
        CommandRun twice = run(green, "export", "--output", path("green.zip"));
        assertThat(twice.exitCode()).isEqualTo(2);
        assertThat(twice.err()).contains("green.zip exists; remove it, or name another with --output");

        Map<String, String> yellow = new TreeMap<>(green);
        yellow.replaceAll((name, value) -> value.replace("green", "yellow"));
        yellow.put("state.store", "file");
        yellow.put("state.folder", path("folder"));
        CommandRun plan = run(yellow, "import", path("green.zip"));
        assertThat(plan.exitCode()).as(plan.err()).isZero();
        assertThat(plan.out()).contains("Export of green", "which is empty", "nothing → ", "Nothing was changed");
        assertThat(clients.dynamo().listTables().join().tableNames()).noneMatch(name -> name.startsWith("yellow"));
        CommandRun imported = run(yellow, "import", path("green.zip"), "--apply");
        assertThat(imported.exitCode()).as(imported.err()).isZero();
        Map<String, String> mistyped = new TreeMap<>(yellow);
        mistyped.put("application.name", "yelow");
        CommandRun another = run(mistyped, "import", path("green.zip"), "--replace", "--apply");
        assertThat(another.exitCode()).isEqualTo(5);
        assertThat(another.err())
                .contains("yellow-states (state.table) holds the states of the application yellow, not of yelow");
        CommandRun verified = run(yellow, "savepoints", "verify", "--all");
        assertThat(verified.exitCode()).as(verified.out()).isZero();

        assertThat(run(yellow, "export", "--output", path("yellow.zip")).exitCode())
                .isZero();
        return yellow;
    }

    private void takenBackToAnExport(Map<String, String> blue) throws Exception {
        CommandRun refused = run(blue, "import", path("early.zip"), "--apply");
        assertThat(refused.exitCode()).isEqualTo(5);
        assertThat(refused.err())
                .contains("shardId-000000000000 has a newer state", "--replace goes back to the older");
        CommandRun plan = run(blue, "import", path("early.zip"), "--replace");
        assertThat(plan.out()).contains("Leases are held by worker-1", "Nothing was changed");

        CommandRun back = run(blue, "import", path("early.zip"), "--replace", "--apply");
        assertThat(back.exitCode()).as(back.err()).isZero();
        awaitCommitted("blue-states");
        assertEqual(run(blue, "compare", "--with", "green-metrics"));
        assertThat(run(blue, "savepoints").out()).contains("before recover:import-");
    }

    private void damageIsRefused(Map<String, String> blue) throws IOException {
        byte[] zip = Files.readAllBytes(directory.resolve("early.zip"));
        Files.write(directory.resolve("half.zip"), Arrays.copyOf(zip, zip.length / 2));
        Files.writeString(directory.resolve("text.zip"), "no zip at all");
        Files.createDirectories(directory.resolve("empty"));
        try (Stream<Path> files = Files.walk(directory.resolve("early/states"))) {
            Path state = files.filter(Files::isRegularFile).findFirst().orElseThrow();
            byte[] bytes = Files.readAllBytes(state);
            bytes[bytes.length / 2] ^= 1;
            Files.write(state, bytes);
        }
        for (String damaged : List.of("half.zip", "text.zip", "empty", "early")) {
            CommandRun refused = run(blue, "import", path(damaged), "--replace", "--apply");
            assertThat(refused.exitCode()).as(damaged + ": " + refused.err()).isEqualTo(3);
            assertThat(refused.err()).contains(damaged, "nothing was changed", "export");
        }
        CommandRun missing = run(blue, "import", path("missing.zip"));
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.err()).contains("missing.zip");
    }

    private void aReshardIsRefused(Map<String, String> blue) throws Exception {
        Map<String, String> other = new TreeMap<>(blue);
        other.put("stream.name", "move-it-other");
        Streams.createIfMissing(clients, "move-it-other", 2);
        CommandRun elsewhere = run(other, "import", path("early.zip"), "--replace");
        assertThat(elsewhere.exitCode()).isEqualTo(5);
        assertThat(elsewhere.err()).contains("the export is of", STREAM, "move-it-other", "check stream.name");

        clients.kinesis()
                .splitShard(r -> r.streamName(STREAM)
                        .shardToSplit("shardId-000000000000")
                        .newStartingHashKey("1000000"))
                .join();
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).until(() -> {
            JsonNode status = JSON.readTree(run(blue, "status", "--json").out());
            return status.path("shards").size() > 2;
        });
        CommandRun resharded = run(blue, "import", path("early.zip"), "--replace");
        assertThat(resharded.exitCode()).isEqualTo(5);
        assertThat(resharded.err()).contains("was made by a reshard since the export", "recover rewind --to TIME");
    }

    private void differencesAreSaid(Map<String, String> blue) {
        CommandRun none = run(blue, "compare", "--with", "nowhere");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.err()).contains("there is no table nowhere", "--with");
        Map<String, AttributeValue> item = clients
                .dynamo()
                .scan(r -> r.tableName("green-metrics")
                        .filterExpression("#final = :yes AND revision = :first")
                        .expressionAttributeNames(Map.of("#final", "final"))
                        .expressionAttributeValues(
                                Map.of(":yes", AttributeValue.fromBool(true), ":first", AttributeValue.fromN("0"))))
                .join()
                .items()
                .stream()
                .max((a, b) -> Long.compare(end(a), end(b)))
                .orElseThrow();
        Map<String, AttributeValue> changed = new HashMap<>(item);
        changed.put("good", AttributeValue.fromN("123456"));
        clients.dynamo()
                .putItem(r -> r.tableName("green-metrics").item(changed))
                .join();
        CommandRun different = run(blue, "compare", "--with", "green-metrics");
        assertThat(different.exitCode()).isEqualTo(5);
        assertThat(different.out()).contains("NOT EQUAL", "1 differ", "good", "123456");
    }

    private static long end(Map<String, AttributeValue> item) {
        return Long.parseLong(Objects.requireNonNull(item.get("timestamp")).n());
    }

    private static void assertEqual(CommandRun compared) {
        assertThat(compared.exitCode()).as(compared.out() + compared.err()).isZero();
        Matcher count = Pattern.compile("EQUAL: (\\d+) final").matcher(compared.out());
        assertThat(count.find()).isTrue();
        assertThat(Integer.parseInt(count.group(1))).as(compared.out()).isGreaterThan(20);
    }

    // ---- settings

    private Map<String, String> blue() {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "application.name", "blue",
                "stream.name", STREAM,
                "state.table", "blue-states",
                "state.bucket", BUCKET,
                "outputs.metrics_table", "blue-metrics",
                "outputs.advice_table", "blue-advice",
                "outputs.dead_letters_table", "blue-letters",
                "kcl.failover", "10s",
                "kcl.lease_assignment_interval", "500ms",
                "aws.endpoint", aws.endpoint().toString()));
        settings.put("state.commit_interval", "1s");
        return settings;
    }

    /** Those of the old worker and those that the command said. */
    private static Map<String, String> printed(Map<String, String> old, String said) {
        Map<String, String> settings = new TreeMap<>(old);
        Matcher setting = SETTING.matcher(said.substring(0, said.indexOf("2. Compare")));
        while (setting.find()) {
            settings.put(setting.group(1), setting.group(2));
        }
        return settings;
    }

    private CommandRun run(Map<String, String> settings, String... arguments) {
        List<String> all = new ArrayList<>(List.of("recover"));
        all.addAll(List.of(arguments));
        settings.forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return CommandRun.in(Path.of("target"), all.toArray(String[]::new));
    }

    private static String[] with(String[] arguments, String more) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = more;
        return all;
    }

    private String path(String name) {
        return directory.resolve(name).toAbsolutePath().toString();
    }

    // ---- telemetry

    private static List<TelemetryRecord> telemetry() {
        Instant start = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MINUTES);
        List<TelemetryRecord> telemetry = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(start)
                        .withSeed(11)
                        .withProcesses(8)
                        .withLength(Duration.ofMinutes(45)))
                .forEachRemaining(telemetry::add);
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
            PutRecordsResponse answer = clients.kinesis()
                    .putRecords(r -> r.streamName(STREAM).records(entries))
                    .join();
            assertThat(answer.failedRecordCount()).isZero();
            answer.records()
                    .forEach(record -> last.put(record.shardId(), new RecordPosition(record.sequenceNumber(), 0)));
        }
    }

    private void awaitCommitted(String states) {
        PointerTable store =
                PointerTable.withStates(clients.dynamo(), states, SavepointPolicy.DEFAULT, Clock.systemUTC());
        assertThat(last).hasSize(2);
        for (Map.Entry<String, RecordPosition> shard : last.entrySet()) {
            try {
                await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                    ShardPointer pointer = store.pointer(shard.getKey());
                    Snapshot snapshot = pointer == null ? null : pointer.snapshot();
                    RecordPosition stands = snapshot == null ? null : snapshot.position();
                    return stands != null && stands.compareTo(shard.getValue()) >= 0;
                });
            } catch (ConditionTimeoutException e) {
                Map<String, String> settings = blue();
                settings.replaceAll((name, value) -> value.replace("blue", states.replace("-states", "")));
                throw new AssertionError(
                        shard + " of " + states + " was not reached: "
                                + run(settings, "status").out(),
                        e);
            }
        }
    }
}
