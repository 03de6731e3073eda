package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.BuiltJar;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.TelemetryRecord;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.enhanced.dynamodb.document.EnhancedDocument;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * {@code recover rewind} while a worker runs, back past a split and a merge: the operator dies in the middle and goes on or turns back,
 * some processes or all, published or not, under the same configuration or another. What the plan says is what happens, and the results
 * are always those of a replay of the stream. The tests build on one another, since each needs the worker's past.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before all tests
@Tag("long")
class RewindIT {
    private static final String STREAM = "rewind-it";
    private static final Tables.Names TABLES =
            new Tables.Names("rewind-it-results", "rewind-it-advice", "rewind-it-letters", "rewind-it-states");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String ADJUSTMENT = "adjustment#";

    private final List<TelemetryRecord> telemetry = telemetry();

    @TempDir
    private static Path directory;

    private LocalAws aws;
    private AwsClients clients;
    private PointerTable store;
    private LiveWorker worker;

    /** After this everything was put that the rewinds compute again. */
    private String target;

    private Map<String, JsonNode> replayed;

    @BeforeAll
    void aStreamThatWasSplitAndMerged() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
        Streams.createIfMissing(clients, STREAM, 2);
        new Tables(clients.dynamo()).createMissing(TABLES);
        store = PointerTable.withStates(clients.dynamo(), TABLES.state(), SavepointPolicy.DEFAULT, Clock.systemUTC());
        worker = new LiveWorker(clients, settings());
        put(0, 2);
        awaitCaughtUp();
        for (String shard : store.pointers().keySet()) {
            ShardPointer pointer = Objects.requireNonNull(store.pointer(shard));
            store.keep(shard, Objects.requireNonNull(pointer.snapshot()), "of the test");
        }
        target = Instant.now().toString();
        reshard(4);
        put(2, 4);
        awaitCaughtUp();
        reshard(2);
        put(4, 5);
        awaitCaughtUp();
        replayed = replay(Map.of());
        assertThat(stored()).isEqualTo(replayed).hasSizeGreaterThan(100);
    }

    @AfterAll
    void stop() {
        worker.close();
        clients.close();
        aws.close();
    }

    @Test
    @Order(1)
    void killedInTheMiddleItIsGoneOnWithAndOnlyTheNamedProcessIsComputedAgain() throws Exception {
        String process = replayed.keySet().iterator().next().split(" ", 2)[0];
        JsonNode plan = json("rewind", "--to", target, "--process", process);
        assertThat(plan.path("shards").findValuesAsText("kind")).contains("savepoint", "from_parents");
        assertThat(plan.path("affected").path("results").asLong()).isPositive();
        Set<String> lost = new TreeSet<>();
        for (Map<String, AttributeValue> item : items(TABLES.advice())) {
            String id = text(item, "id");
            if (id.startsWith(ADJUSTMENT) && text(item, "process_id").equals(process)) {
                Map<String, AttributeValue> key = new LinkedHashMap<>(item);
                key.keySet().retainAll(Set.of("process_id", "id"));
                clients.dynamo()
                        .deleteItem(r -> r.tableName(TABLES.advice()).key(key))
                        .join();
                lost.add(id);
            }
        }

        killInTheMiddleOf("rewind", "--to", target, "--process", process, "--apply");
        CommandRun second = run("rewind", "--to", target, "--apply");
        assertThat(second.exitCode()).isEqualTo(5);
        assertThat(second.err()).contains("is not done (phase moving)", "--resume", "--undo");
        assertThat(JSON.readTree(run("status", "--json").out())
                        .path("operation")
                        .path("phase")
                        .asText())
                .isEqualTo("moving");

        JsonNode outcome = json("rewind", "--resume").path("outcome");
        assertThat(outcome.path("renewed").asLong())
                .isEqualTo(plan.path("affected").path("results").asLong());
        assertThat(outcome.path("superseded").asLong()).isZero();
        awaitCaughtUp();
        assertThat(stored()).isEqualTo(replayed);
        for (Map<String, AttributeValue> item : items(TABLES.results())) {
            boolean again = !number(item, "generation").equals("0");
            assertThat(!again || text(item, "process_id").startsWith(process))
                    .as("%s", item)
                    .isTrue();
        }
        assertThat(status(lost).values()).isNotEmpty().containsOnly("withheld");
        assertThat(outcome.path("adjustments_withheld").asLong())
                .isEqualTo(status(lost).size());
    }

    @Test
    @Order(2)
    void whatWasWithheldIsPublishedWhereTheOperatorWantsIt() throws Exception {
        Map<String, String> before = status(null);
        assertThat(before.values()).contains("withheld");
        JsonNode outcome = json("rewind", "--to", target, "--publish", "--apply");
        assertThat(outcome.path("outcome").path("renewed").asLong())
                .isEqualTo(outcome.path("affected").path("results").asLong());
        awaitCaughtUp();
        assertThat(stored()).isEqualTo(replayed);
        assertThat(status(null).keySet()).isEqualTo(before.keySet());
        assertThat(status(null).values()).containsOnly("published");
    }

    @Test
    @Order(3)
    void killedInTheMiddleItIsTakenBackAndTheWorkerGoesOn() throws Exception {
        killInTheMiddleOf("rewind", "--to", target, "--apply");
        assertThat(run("rewind", "--undo").out()).contains("Nothing was changed");
        CommandRun undo = run("rewind", "--undo", "--apply");
        assertThat(undo.exitCode()).as(undo.err()).isZero();
        put(5, 6);
        awaitCaughtUp();
        replayed = replay(Map.of());
        assertThat(stored()).isEqualTo(replayed);
    }

    @Test
    @Order(4)
    void anotherConfigurationIsWaitedForAndTheMarksOfARewindThatIsTakenBackAreLifted() throws Exception {
        Path corrected = directory.resolve("corrected.yaml");
        Files.writeString(corrected, "oee:\n  signal_timeout: 5s\n");
        Map<String, String> now = status(null);
        Map<String, String> changed = Map.of("oee.signal_timeout", "5s");
        Map<String, JsonNode> wanted = replay(changed);
        assertThat(wanted).isNotEqualTo(replayed);
        CommandRun moved = run("rewind", "--to", target, "--new-config", corrected.toString(), "--apply", "--no-wait");
        assertThat(moved.exitCode()).as(moved.err()).isZero();
        assertThat(worker.stop()).isTrue();
        worker.close();
        Map<String, String> settings = new LinkedHashMap<>(settings());
        settings.putAll(changed);
        worker = new LiveWorker(clients, "worker-2", settings);
        JsonNode outcome = json("rewind", "--resume").path("outcome");
        awaitCaughtUp();
        Map<String, JsonNode> present = stored();
        long renewed = 0;
        for (Map.Entry<String, Long> result : generations().entrySet()) {
            boolean again = result.getValue() >= 3;
            renewed += again ? 1 : 0;
            assertThat(present.get(result.getKey()))
                    .as(result.getKey())
                    .isEqualTo((again ? wanted : replayed).get(result.getKey()));
        }
        // Late records revise some windows that had ended before the target, too.
        assertThat(renewed)
                .isGreaterThanOrEqualTo(outcome.path("renewed").asLong())
                .isGreaterThan(100);
        long marked = marked();
        assertThat(marked)
                .as("adjustments that the corrected configuration does not decide")
                .isPositive();
        assertThat(outcome.path("adjustments_superseded").asLong()).isEqualTo(marked);
        assertThat(status(null)).containsAllEntriesOf(now);

        CommandRun undo = run("rewind", "--undo", "--apply");
        assertThat(undo.exitCode()).as(undo.err()).isZero();
        assertThat(marked()).isZero();
        awaitCaughtUp();
    }

    @Test
    @Order(5)
    void isRefusedWhereTheTargetIsNotOfThisApplication() throws Exception {
        CommandRun unknown = run("rewind", "--to", target, "--shard", "shardId-9", "--apply");
        assertThat(unknown.err()).contains("is not known to the stream");
        assertThat(unknown.exitCode()).isEqualTo(2);
        List<String> shards = new ArrayList<>(store.pointers().keySet());
        String last = shards.get(shards.size() - 1);
        String other = shards.get(shards.size() - 2);
        String sequence = Objects.requireNonNull(Objects.requireNonNull(
                                Objects.requireNonNull(store.pointer(last)).snapshot())
                        .position())
                .sequenceNumber();
        refused("it is of another shard", "--to", sequence, "--shard", other);
        refused("is in no present state", "--to", target, "--process", "nobody");
        refused("a sequence number belongs to one shard", "--to", sequence);
    }

    @Test
    @Order(6)
    void theWatchGoesOnUntilItIsEnded() throws Exception {
        Process watch = process("status", "--watch=1", "--json");
        try (BufferedReader lines = watch.inputReader()) {
            for (int i = 0; i < 2; i++) {
                assertThat(JSON.readTree(lines.readLine()).path("shards").size())
                        .isPositive();
            }
            new ProcessBuilder("kill", Long.toString(watch.pid())).start().waitFor();
            assertThat(watch.waitFor(90, TimeUnit.SECONDS)).isTrue();
            assertThat(watch.exitValue()).isZero();
        } finally {
            watch.destroyForcibly();
        }
    }

    @Test
    @Order(7)
    void isRefusedWhereTheStreamWasMadeAnew() throws Exception {
        assertThat(worker.stop()).isTrue();
        clients.kinesis().deleteStream(r -> r.streamName(STREAM)).join();
        await().atMost(PATIENCE)
                .until(() ->
                        clients.kinesis().listStreams().join().streamNames().isEmpty());
        Streams.createIfMissing(clients, STREAM, 2);
        refused("leases and states of rewind-it-app belong to", "--to", target);
    }

    // ---- commands

    private void refused(String why, String... arguments) {
        List<String> all = new ArrayList<>(List.of("rewind"));
        all.addAll(List.of(arguments));
        all.add("--apply");
        CommandRun run = run(all.toArray(String[]::new));
        assertThat(run.err()).contains(why);
        assertThat(run.exitCode()).isEqualTo(5);
    }

    private JsonNode json(String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        CommandRun run = run(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        return JSON.readTree(run.out());
    }

    private CommandRun run(String... arguments) {
        return CommandRun.in(directory, command(arguments).toArray(String[]::new));
    }

    private List<String> command(String... arguments) {
        List<String> all = new ArrayList<>(List.of("recover"));
        all.addAll(List.of(arguments));
        settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return all;
    }

    private Process process(String... arguments) throws IOException {
        List<String> all = BuiltJar.command("process-optimizer.jar");
        all.addAll(command(arguments));
        return new ProcessBuilder(all)
                .directory(directory.toFile())
                .redirectError(directory.resolve("process.log").toFile())
                .start();
    }

    /** kill -9 when the first shard is being moved and the last is not yet. */
    private void killInTheMiddleOf(String... arguments) throws IOException {
        RecoveryItem item = new RecoveryItem(clients.dynamo(), TABLES.state(), "rewind-it-app");
        Process process = process(arguments);
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(2)).until(() -> {
                RecoveryItem.Stored stored = item.unfinished();
                return stored != null && stored.json().contains("\"POINTED\"");
            });
        } finally {
            process.destroyForcibly();
        }
        await().atMost(Duration.ofMinutes(1)).until(() -> !process.isAlive());
        assertThat(Objects.requireNonNull(item.unfinished()).phase()).isEqualTo("moving");
    }

    private Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("application.name", "rewind-it-app");
        settings.put("stream.name", STREAM);
        settings.put("outputs.metrics_table", TABLES.results());
        settings.put("outputs.advice_table", TABLES.advice());
        settings.put("outputs.dead_letters_table", TABLES.deadLetters());
        settings.put("state.table", TABLES.state());
        settings.put("state.commit_interval", "1s");
        settings.put("adjustment.max_age", "1d");
        settings.put("kcl.failover", "4s");
        settings.put("kcl.dynamodb_request_timeout", "2s");
        settings.put("kcl.lease_assignment_interval", "500ms");
        settings.put("aws.endpoint", aws.endpoint().toString());
        return settings;
    }

    // ---- telemetry

    private static List<TelemetryRecord> telemetry() {
        Instant start = Instant.now().minus(Duration.ofHours(1)).truncatedTo(ChronoUnit.MINUTES);
        List<TelemetryRecord> telemetry = new ArrayList<>();
        Factory.events(SimulationOptions.startingAt(start)
                        .withSeed(7)
                        .withProcesses(8)
                        .withLength(Duration.ofMinutes(50)))
                .forEachRemaining(telemetry::add);
        return telemetry;
    }

    /** From one sixth of the telemetry to another. */
    private void put(int from, int to) throws Exception {
        int size = telemetry.size();
        List<TelemetryRecord> part = telemetry.subList(size * from / 6, size * to / 6);
        try (KinesisSink sink = new KinesisSink(clients, STREAM)) {
            assertThat(Pacer.copy(part.iterator(), sink).records()).isEqualTo(part.size());
        }
    }

    private void reshard(int shards) {
        clients.kinesis()
                .updateShardCount(
                        r -> r.streamName(STREAM).targetShardCount(shards).scalingType(ScalingType.UNIFORM_SCALING))
                .join();
        await().atMost(PATIENCE)
                .until(() -> clients.kinesis()
                                .describeStreamSummary(r -> r.streamName(STREAM))
                                .join()
                                .streamDescriptionSummary()
                                .streamStatus()
                        == StreamStatus.ACTIVE);
    }

    /** Until every open shard's stored state holds all that is on the stream. */
    private void awaitCaughtUp() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(500)).untilAsserted(() -> {
            CommandRun status = run("status", "--json", "--count");
            assertThat(status.exitCode()).as(status.out() + status.err()).isZero();
            for (JsonNode shard : JSON.readTree(status.out()).path("shards")) {
                boolean isRead = shard.path("records").asLong(1) == 0
                        && shard.path("pointer").has("state");
                assertThat(isRead || shard.path("finished").asBoolean())
                        .as("%s", shard)
                        .isTrue();
            }
        });
    }

    // ---- what there is, and what must be

    private Map<String, JsonNode> replay(Map<String, String> changes) throws IOException {
        Path output = Files.createTempDirectory(directory, "replay");
        List<String> all = new ArrayList<>(
                List.of("replay", "--stream", "--output", output.resolve("r").toString()));
        Map<String, String> settings = new LinkedHashMap<>(settings());
        settings.putAll(changes);
        settings.forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        CommandRun run = CommandRun.in(directory, all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, JsonNode> windows = new TreeMap<>();
        for (String line : Files.readAllLines(output.resolve("r").resolve("windows.ndjson"))) {
            put(JSON.readTree(line), windows);
        }
        return windows;
    }

    private static void put(JsonNode result, Map<String, JsonNode> into) {
        if (result.get("final").asBoolean()) {
            ObjectNode comparable = result.deepCopy();
            // A provisional result that came before counts as a revision, and what table and operation add is not of
            // the result.
            comparable.remove(List.of("generation", "revision", "result_rank", "timestamp", "ttl", "config_version"));
            into.put(key(result), comparable);
        }
    }

    private static String key(JsonNode result) {
        return result.get("process_id").asText() + " "
                + result.get("window_end").asLong();
    }

    private Map<String, JsonNode> stored() throws IOException {
        Map<String, JsonNode> stored = new TreeMap<>();
        for (Map<String, AttributeValue> item : items(TABLES.results())) {
            put(JSON.readTree(EnhancedDocument.fromAttributeValueMap(item).toJson()), stored);
        }
        return stored;
    }

    private Map<String, Long> generations() throws IOException {
        Map<String, Long> generations = new TreeMap<>();
        for (Map<String, AttributeValue> item : items(TABLES.results())) {
            JsonNode result =
                    JSON.readTree(EnhancedDocument.fromAttributeValueMap(item).toJson());
            if (result.get("final").asBoolean()) {
                generations.put(key(result), result.get("generation").asLong());
            }
        }
        return generations;
    }

    private long marked() {
        return items(TABLES.advice()).stream()
                .filter(item -> item.containsKey("superseded"))
                .count();
    }

    /** Of the adjustments in the outbox, or of some of them. */
    private Map<String, String> status(@Nullable Set<String> ids) {
        Map<String, String> status = new TreeMap<>();
        for (Map<String, AttributeValue> item : items(TABLES.advice())) {
            String id = text(item, "id");
            String plain = id.replaceAll("#g\\d+$", "");
            if (id.startsWith(ADJUSTMENT) && (ids == null || ids.contains(plain))) {
                status.put(id, text(item, "status"));
            }
        }
        return status;
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? "" : value.s();
    }

    private static String number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? "" : value.n();
    }

    private List<Map<String, AttributeValue>> items(String table) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        clients.dynamo()
                .scanPaginator(r -> r.tableName(table).consistentRead(true))
                .items()
                .subscribe(items::add)
                .join();
        return items;
    }
}
