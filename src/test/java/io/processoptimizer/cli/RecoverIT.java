package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** The commands that look, against a real worker's tables: while it lives, and with what a killed one leaves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class RecoverIT {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String APPLICATION = "recover-it";
    private static final String STATES = "recover-it-states";
    private static final String STREAM = "recover-it-stream";
    private static final Tables.Names TABLES =
            new Tables.Names("recover-it-results", "recover-it-advice", "recover-it-letters", STATES);
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
        Streams.createIfMissing(clients, STREAM, 2);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void saysWhetherAllIsWellAndFreesWhatIsStuck() throws Exception {
        CommandRun before = run("status");
        assertThat(before.exitCode()).isEqualTo(5);
        assertThat(before.out()).startsWith("NOT WELL (1 problem): no worker has run as " + APPLICATION);
        assertThat(run("savepoints").exitCode()).isEqualTo(2);

        new Tables(clients.dynamo()).createMissing(TABLES);
        String shard;
        try (LiveWorker live = new LiveWorker(clients, settings())) {
            put();
            Awaitility.await().atMost(PATIENCE).until(this::isStored);
            // On a busy machine a lease may be free for a moment.
            Awaitility.await().atMost(PATIENCE).until(() -> run("status").exitCode() == 0);
            CommandRun status = run("status", "--count");
            assertThat(status.out()).startsWith("All is well: 2 shards, 1 worker");
            assertThat(status.exitCode()).isZero();
            JsonNode json = JSON.readTree(run("status", "--json").out());
            assertThat(json.path("well").asBoolean()).isTrue();
            shard = json.path("shards").path(0).path("shard").asText();
            assertThat(run("evict", "--shard", shard).out()).contains("Refused: the lease is renewed");
            assertThat(run("evict", "--shard", "shardId-9").exitCode()).isEqualTo(2);
            assertThat(live.stop()).isTrue();
        }

        leaveAsAKilledWorkerWould(shard);
        CommandRun killed = run("status");
        assertThat(killed.exitCode()).isEqualTo(5);
        assertThat(killed.out())
                .startsWith("NOT WELL (2 problems): no worker works: none of 2 leases was renewed")
                .contains(shard + " is stuck in a hand-over from worker-0 to worker-1")
                .contains("do: recover evict --shard " + shard + " --apply");
        assertThat(row(shard)).as("status only reads").containsKey("checkpointOwner");

        CommandRun plan = run("evict", "--shard", shard);
        assertThat(plan.out()).contains("handed over from worker-0", "Nothing was changed");
        assertThat(row(shard)).containsKey("checkpointOwner");
        CommandRun freed = run("evict", "--shard", shard, "--apply", "--no-wait");
        assertThat(freed.exitCode()).isZero();
        assertThat(row(shard)).doesNotContainKeys("checkpointOwner", "leaseOwner");

        try (LiveWorker again = new LiveWorker(clients, settings())) {
            Awaitility.await().atMost(PATIENCE).until(() -> run("status").exitCode() == 0);
            assertThat(again.stop()).isTrue();
        }
        savepointsAreListedVerifiedAndKept(shard);
    }

    private void savepointsAreListedVerifiedAndKept(String shard) throws Exception {
        assertThat(run("savepoints", "verify", "--all").out()).contains("states can be gone back to");
        JsonNode described = JSON.readTree(run("savepoints", "describe", "latest", "--shard", shard, "--json")
                .out());
        String id = described.path(0).path("id").asText();
        assertThat(described.path(0).path("processes").size()).isPositive();
        assertThat(run("savepoints", "keep", id, "--label", "for the audit").exitCode())
                .isZero();
        assertThat(run("savepoints").out()).contains("kept: for the audit");
        // The newest savepoint may be the present state, too, where nothing came after it.
        assertThat(run("savepoints", "delete", id, "--apply").out())
                .containsAnyOf("refused, it is kept", "refused, it is the state where the shard stands")
                .contains("Nothing was changed");

        damage(shard, id);
        CommandRun verified = run("savepoints", "verify", id);
        assertThat(verified.exitCode()).isEqualTo(5);
        assertThat(verified.out())
                .contains(id + " of " + shard, "cannot be read")
                .contains("1 of 1 states");
        assertThat(run("savepoints", "describe", id).out()).contains("cannot be read");
    }

    @Test
    void anotherStreamOfTheSameNameIsSaid() throws Exception {
        String other = "recover-it-other";
        Tables.Names tables = new Tables.Names(other + "-r", other + "-a", other + "-l", other);
        new Tables(clients.dynamo()).createMissing(tables);
        Streams.createIfMissing(clients, other, 1);
        StreamIdentity.check(clients, other, "other-app", "arn:aws:kinesis:::stream/gone", Instant.EPOCH);
        CommandRun status = run(
                List.of("status"), Map.of("stream.name", other, "state.table", other, "application.name", "other-app"));
        assertThat(status.exitCode()).isEqualTo(5);
        assertThat(status.out()).startsWith("NOT WELL (1 problem): leases and states of other-app belong to arn:aws");
    }

    @Test
    void aStreamThatIsNotThereIsSaidInOneLine() {
        CommandRun status = run(List.of("status"), Map.of("stream.name", "nowhere"));
        assertThat(status.exitCode()).isEqualTo(4);
        assertThat(status.err()).contains("stream nowhere cannot be read at " + aws.endpoint(), "check stream.name");
    }

    // ---- what is around

    private CommandRun run(String... arguments) {
        return run(List.of(arguments), Map.of());
    }

    private CommandRun run(List<String> arguments, Map<String, String> changes) {
        List<String> all = new ArrayList<>(List.of("recover"));
        all.addAll(arguments);
        Map<String, String> settings = new LinkedHashMap<>(settings());
        settings.putAll(changes);
        settings.forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return CommandRun.in(Path.of("target"), all.toArray(String[]::new));
    }

    private Map<String, String> settings() {
        return Map.ofEntries(
                Map.entry("application.name", APPLICATION),
                Map.entry("stream.name", STREAM),
                Map.entry("state.table", STATES),
                Map.entry("outputs.metrics_table", TABLES.results()),
                Map.entry("outputs.advice_table", TABLES.advice()),
                Map.entry("outputs.dead_letters_table", TABLES.deadLetters()),
                Map.entry("state.commit_interval", "2s"),
                Map.entry("kcl.failover", "4s"),
                Map.entry("kcl.dynamodb_request_timeout", "2s"),
                Map.entry("kcl.lease_assignment_interval", "500ms"),
                Map.entry("aws.endpoint", aws.endpoint().toString()));
    }

    private boolean isStored() throws Exception {
        JsonNode shards = JSON.readTree(run("status", "--json").out()).path("shards");
        for (JsonNode shard : shards) {
            if (shard.path("pointer").path("state").isMissingNode()) {
                return false;
            }
        }
        return true;
    }

    private void put() throws Exception {
        Factory factory = Factory.of(SimulationOptions.startingAt(
                        Instant.now().minus(1, ChronoUnit.HOURS).truncatedTo(ChronoUnit.MINUTES))
                .withSeed(42)
                .withProcesses(8)
                .withLength(Duration.ofMinutes(10)));
        try (KinesisSink sink = new KinesisSink(clients, STREAM)) {
            assertThat(Pacer.copy(factory.events(), sink).records()).isPositive();
        }
    }

    private void leaveAsAKilledWorkerWould(String shard) throws InterruptedException {
        Calls.await(
                clients.dynamo()
                        .updateItem(r -> r.tableName(APPLICATION)
                                .key(Map.of("leaseKey", fromS(shard)))
                                .updateExpression("SET leaseOwner = :owner, checkpointOwner = :before")
                                .expressionAttributeValues(
                                        Map.of(":owner", fromS("worker-1"), ":before", fromS("worker-0")))),
                ANSWER);
    }

    private Map<String, AttributeValue> row(String shard) throws InterruptedException {
        return Calls.await(
                        clients.dynamo()
                                .getItem(r -> r.tableName(APPLICATION)
                                        .key(Map.of("leaseKey", fromS(shard)))
                                        .consistentRead(true)),
                        ANSWER)
                .item();
    }

    /** Turns a bit of the last byte of a state's last part, whatever its attributes are called. */
    private void damage(String shard, String id) throws InterruptedException {
        Map<String, AttributeValue> part = null;
        for (Map<String, AttributeValue> item : Calls.await(
                        clients.dynamo().scan(r -> r.tableName(STATES).consistentRead(true)), ANSWER)
                .items()) {
            boolean ofState = item.getOrDefault("shard", fromS("")).s().startsWith(shard + "#" + id);
            if (ofState && item.values().stream().anyMatch(value -> value.b() != null)) {
                part = item;
            }
        }
        Map<String, AttributeValue> damaged = new LinkedHashMap<>(Objects.requireNonNull(part));
        damaged.replaceAll((name, value) -> value.b() == null ? value : flipped(value));
        Calls.await(clients.dynamo().putItem(r -> r.tableName(STATES).item(damaged)), ANSWER);
    }

    private static AttributeValue flipped(AttributeValue value) {
        byte[] bytes = value.b().asByteArray();
        bytes[bytes.length / 2] ^= 1;
        return AttributeValue.fromB(SdkBytes.fromByteArray(bytes));
    }
}
