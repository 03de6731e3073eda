package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

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
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Dead letters of every reason, made by a worker out of records: what {@code recover redrive} says of each is what happens, however
 * often it is run and wherever it ends. Times are minutes since an hour ago; each letter that is to be counted has parts of its own.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class RecoverRedriveIT {
    private static final String STREAM = "redrive-it-stream";
    private static final String STATES = "redrive-it-states";
    private static final String LETTERS = "redrive-it-letters";
    private static final String RESULTS = "redrive-it-results";
    private static final String SHARD = "shardId-000000000000";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a worker with these refuses, one with the defaults takes. */
    private static final Map<String, String> TIGHT = Map.of(
            "limits.processes_per_shard", "4",
            "limits.steps_per_process", "3",
            "limits.samples_per_step", "100",
            "input.max_record_bytes", "450000");

    private final long start = Instant.now()
            .minus(1, ChronoUnit.HOURS)
            .truncatedTo(ChronoUnit.MINUTES)
            .toEpochMilli();

    private LocalAws aws;
    private AwsClients clients;
    private PointerTable store;

    /** The id of each letter by what it is called here. */
    private final Map<String, String> idOf = new HashMap<>();

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        store = PointerTable.withStates(clients.dynamo(), STATES, SavepointPolicy.DEFAULT, Clock.systemUTC());
        aws.awaitReady();
        Streams.createIfMissing(clients, STREAM, 1);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void whatThePlanSaysOfALetterOfAnyReasonIsWhatHappens() throws Exception {
        try (LiveWorker worker = worker(TIGHT)) {
            putWhatIsFine();
            assertThat(worker.stop()).isTrue();
        }
        refuse(put("unprocessable", "LINE", event("LINE", "s", 18, 80)));
        try (LiveWorker worker = worker(TIGHT)) {
            putWhatIsRefused();
            awaitCommitted(put("LINE", event("LINE", "s", 20.5, 0)));
            assertThat(letters().values()).containsOnly(false);
            Map<String, String> expected = planOfATightWorker();
            await().atMost(PATIENCE).untilAsserted(() -> assertThat(plan(TIGHT)).isEqualTo(expected));
            assertThat(letters())
                    .as("a plan changes nothing")
                    .hasSameSizeAs(expected)
                    .doesNotContainValue(true);

            aReasonAndAProcessAreChosen();
            theRestIsPut();
            whatWasRefusedAgainKeepsItsId();
            assertThat(worker.stop()).isTrue();
        }
        whatWiderLimitsTakeIsCountedOnceThoughTheCommandDiesBeforeItIsNoted();
    }

    private Map<String, String> planOfATightWorker() {
        Map<String, String> plan = new TreeMap<>();
        for (String taken : List.of("late", "facts late", "future", "misrouted", "unprocessable")) {
            plan.put(taken, "accepted");
        }
        plan.put("claim too early", "accepted in part");
        for (String refused : List.of(
                "malformed", "missing", "bad", "far future", "too late", "process", "step", "sample", "large")) {
            plan.put(refused, "refused again");
        }
        return plan;
    }

    private void aReasonAndAProcessAreChosen() throws Exception {
        assertThat(run(TIGHT, "--apply").exitCode()).isEqualTo(2);
        CommandRun nothing = run(TIGHT, "--reason", "late", "--process", "OTHER", "--apply");
        assertThat(nothing.out()).contains("0 of 0 letters were put");
        CommandRun chosen = run(TIGHT, "--reason", "late,misrouted", "--process", "LINE", "--apply");
        assertThat(chosen.exitCode()).as(chosen.err()).isZero();
        assertThat(chosen.out())
                .contains("late: 2 accepted, 1 accepted in part, 1 refused again", "misrouted: 1 accepted")
                .contains("4 of 5 letters were put on the stream.");
        awaitCommitted(put("LINE", event("LINE", "s", 22, 1)));
        // Of the windows with minutes 6 and 7 those that end before minute 11 are past what can be revised.
        assertThat(good("LINE", "s", 10)).isEqualTo(5);
        assertThat(good("LINE", "s", 11)).isEqualTo(5 + 10 + 2_000);
        assertThat(good("LINE", "s", 17)).isEqualTo(5 + 20);
        assertThat(good("LINE", "s", 21)).isEqualTo(5 + 20);
    }

    private void theRestIsPut() throws Exception {
        CommandRun rest = run(TIGHT, "--all", "--apply");
        assertThat(rest.out()).contains("unprocessable: 1 accepted", "future_timestamp: 1 accepted, 1 refused again");
        awaitCommitted(put("LINE", event("LINE", "s", 24, 1)));
        assertThat(good("LINE", "s", 21)).isEqualTo(5 + 20 + 80);

        // What was taken is not shown again. Where it is asked for it is known, or past what is retained: counted once
        // either way.
        Map<String, String> left = plan(TIGHT);
        assertThat(left)
                .containsEntry("claim too early", "duplicate")
                .doesNotContainKeys("late", "facts late", "future", "misrouted", "unprocessable");
        assertThat(plan(TIGHT, "--again"))
                .containsAllEntriesOf(Map.of(
                        "claim too early", "accepted in part",
                        "late", "refused again",
                        "facts late", "accepted in part",
                        "future", "duplicate",
                        "misrouted", "duplicate",
                        "unprocessable", "duplicate"));
        assertThat(good("LINE", "s", 11)).isEqualTo(5 + 10 + 2_000);
    }

    private void whatWasRefusedAgainKeepsItsId() throws Exception {
        Set<String> before = letters().keySet();
        CommandRun wider = run(Map.of(), "--reason", "too_many_steps", "--apply");
        assertThat(wider.out()).contains("1 of 1 letter was put");
        awaitCommitted(put("LINE", event("LINE", "s", 25, 0)));
        assertThat(letters()).containsOnlyKeys(before);
        AttributeValue again = letter("too_many_steps", Objects.requireNonNull(idOf.get("step")))
                .get("refused_again_at");
        assertThat(again).isNotNull();
        assertThat(plan(Map.of())).containsEntry("step", "accepted");
    }

    private void whatWiderLimitsTakeIsCountedOnceThoughTheCommandDiesBeforeItIsNoted() throws Exception {
        Map<String, String> wide = Map.of("limits.samples_per_step", "1000");
        List<String> reasons = List.of("too_many_processes", "too_many_steps", "too_many_samples", "too_large");
        String chosen = String.join(",", reasons);
        assertThat(run(wide, "--reason", chosen, "--apply").out()).contains("4 of 4 letters were put");
        assertThat(run(wide, "--reason", chosen, "--apply").out()).contains("0 of 0 letters were put");
        forgetRedriven(reasons);
        assertThat(run(wide, "--reason", chosen, "--apply").out()).contains("4 of 4 letters were put");
        Map<String, Boolean> before = letters();
        try (LiveWorker worker = worker(wide)) {
            for (String process : List.of("STEPS", "SAMPLES", "EXTRA")) {
                put(process, event(process, "a", 30, 1));
            }
            awaitCommitted(put("LINE", event("LINE", "s", 30, 1)));
            // The outcome of each is in the state; results are written before it is.
            assertThat(good("LINE", "s", 21)).isEqualTo(5 + 20 + 80 + 40);
            assertThat(good("STEPS", "d", 20)).isEqualTo(5);
            assertThat(good("SAMPLES", "a", 20)).isEqualTo(100 + 7);
            assertThat(good("EXTRA", "a", 20)).isEqualTo(9);
            assertThat(letters()).as("no new ones").isEqualTo(before);
            forgetRedriven(reasons);
            assertThat(plan(wide))
                    .containsAllEntriesOf(Map.of(
                            "process", "duplicate", "step", "duplicate", "sample", "duplicate", "large", "duplicate"));
            assertThat(worker.stop()).isTrue();
        }
    }

    // ---- records

    private void putWhatIsFine() throws InterruptedException {
        for (int minute = 0; minute <= 20; minute++) {
            put("LINE", event("LINE", "s", minute, 1));
        }
        for (String step : List.of("a", "b", "c")) {
            put("STEPS", event("STEPS", step, 19, 1));
        }
        for (int i = 0; i < 100; i++) {
            put("SAMPLES", event("SAMPLES", "a", 19, 1));
        }
        awaitCommitted(put("FUTURE", event("FUTURE", "s", 0, 1)));
    }

    private void putWhatIsRefused() {
        put("malformed", "LINE", "no JSON");
        put("missing", "LINE", "{\"process_id\":\"LINE\",\"step_id\":\"s\",\"good\":1}");
        put("bad", "LINE", event("LINE", "s", 20, -1));
        long soon = System.currentTimeMillis() + MINUTE.toMillis() + 5_000;
        put("future", "FUTURE", event("FUTURE", "s", (soon - start) / (double) MINUTE.toMillis(), 3));
        put("far future", "FUTURE", event("FUTURE", "s", 200, 3));
        put("late", "LINE", event("LINE", "s", 7, 10));
        put("too late", "LINE", event("LINE", "s", 1, 100));
        put("facts late", "LINE", claim(6, 2_000));
        put("claim too early", "LINE", claim(2, 4_000));
        put("misrouted", "OTHER", event("LINE", "s", 16, 20));
        put("process", "EXTRA", event("EXTRA", "a", 18, 9));
        put("step", "STEPS", event("STEPS", "d", 19, 5));
        put("sample", "SAMPLES", event("SAMPLES", "a", 19, 7));
        String large = event("LINE", "s", 17, 40);
        put("large", "LINE", large.replace("}", ",\"note\":\"" + "x".repeat(500_000) + "\"}"));
    }

    private String event(String process, String step, double minute, int good) {
        return String.format(
                Locale.ROOT,
                "{\"process_id\":\"%s\",\"step_id\":\"%s\",\"timestamp\":%d,\"good\":%d}",
                process,
                step,
                start + Math.round(minute * MINUTE.toMillis()),
                good);
    }

    /** It ends in minute 11, where facts are still taken. */
    private String claim(int minute, int good) {
        return event("LINE", "s", minute, good)
                .replace("}", ",\"state\":\"RUNNING\",\"duration_ms\":" + (11 - minute) * MINUTE.toMillis() + "}");
    }

    private RecordPosition put(String key, String record) {
        String sequence = clients.kinesis()
                .putRecord(r -> r.streamName(STREAM)
                        .partitionKey(key)
                        .data(SdkBytes.fromByteArray(record.getBytes(StandardCharsets.UTF_8))))
                .join()
                .sequenceNumber();
        return new RecordPosition(sequence, 0);
    }

    private RecordPosition put(String name, String key, String record) {
        RecordPosition position = put(key, record);
        idOf.put(name, SHARD + ":" + position.sequenceNumber() + ":0:0");
        return position;
    }

    // ---- what there is

    private LiveWorker worker(Map<String, String> changes) throws IOException, InterruptedException {
        return new LiveWorker(clients, settings(changes));
    }

    private Map<String, String> settings(Map<String, String> changes) {
        Map<String, String> settings = new TreeMap<>(Map.of(
                "application.name",
                "redrive-it",
                "stream.name",
                STREAM,
                "state.table",
                STATES,
                "outputs.metrics_table",
                RESULTS,
                "outputs.advice_table",
                "redrive-it-advice",
                "outputs.dead_letters_table",
                LETTERS,
                "state.commit_interval",
                "1s",
                "kcl.failover",
                "4s",
                "kcl.lease_assignment_interval",
                "500ms",
                "aws.endpoint",
                aws.endpoint().toString()));
        settings.put("kcl.dynamodb_request_timeout", "2s");
        settings.putAll(changes);
        return settings;
    }

    private CommandRun run(Map<String, String> changes, String... arguments) {
        List<String> all = new ArrayList<>(List.of("recover", "redrive"));
        all.addAll(List.of(arguments));
        settings(changes).forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return CommandRun.in(Path.of("target"), all.toArray(String[]::new));
    }

    /** What the command says would become of each letter. */
    private Map<String, String> plan(Map<String, String> changes, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--json");
        CommandRun run = run(changes, all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err()).isZero();
        Map<String, String> names = new HashMap<>();
        idOf.forEach((name, id) -> names.put(id, name));
        Map<String, String> plan = new TreeMap<>();
        for (String line : run.out().lines().toList()) {
            JsonNode letter = JSON.readTree(line);
            plan.put(
                    names.getOrDefault(letter.path("id").asText(), "?"),
                    letter.path("outlook").asText());
        }
        return plan;
    }

    /** As a command does whose process ends before it has noted what it put. */
    private void forgetRedriven(List<String> reasons) {
        for (Map<String, AttributeValue> letter : items()) {
            String reason = Objects.requireNonNull(letter.get("reason")).s();
            if (reasons.contains(reason) && letter.containsKey("parts")) {
                clients.dynamo()
                        .updateItem(r -> r.tableName(LETTERS)
                                .key(key(
                                        reason,
                                        Objects.requireNonNull(letter.get("id")).s()))
                                .updateExpression("REMOVE redriven_at"))
                        .join();
            }
        }
    }

    /** Each letter by reason and id, and whether it is noted as redriven. */
    private Map<String, Boolean> letters() {
        Map<String, Boolean> letters = new TreeMap<>();
        for (Map<String, AttributeValue> letter : items()) {
            if (letter.containsKey("parts")) {
                letters.put(
                        Objects.requireNonNull(letter.get("reason")).s() + " "
                                + Objects.requireNonNull(letter.get("id")).s(),
                        letter.containsKey("redriven_at"));
            }
        }
        return letters;
    }

    private List<Map<String, AttributeValue>> items() {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        for (RejectReason reason : RejectReason.values()) {
            items.addAll(clients.dynamo()
                    .query(r -> r.tableName(LETTERS)
                            .consistentRead(true)
                            .keyConditionExpression("#reason = :reason")
                            .projectionExpression("#reason, id, parts, redriven_at, refused_again_at")
                            .expressionAttributeNames(Map.of("#reason", "reason"))
                            .expressionAttributeValues(Map.of(":reason", fromS(reason.label()))))
                    .join()
                    .items());
        }
        return items;
    }

    private Map<String, AttributeValue> letter(String reason, String id) {
        return clients.dynamo()
                .getItem(r -> r.tableName(LETTERS).key(key(reason, id)).consistentRead(true))
                .join()
                .item();
    }

    private static Map<String, AttributeValue> key(String reason, String id) {
        return Map.of("reason", fromS(reason), "id", fromS(id));
    }

    /** Good parts of a step in the window that ends at a minute. */
    private long good(String process, String step, int minute) {
        Map<String, AttributeValue> result = clients.dynamo()
                .getItem(r -> r.tableName(RESULTS)
                        .consistentRead(true)
                        .key(Map.of(
                                "process_id",
                                fromS(process),
                                "timestamp",
                                fromN(Long.toString(start + minute * MINUTE.toMillis())))))
                .join()
                .item();
        for (AttributeValue found :
                result.getOrDefault("steps", fromSs(List.of())).l()) {
            if (step.equals(Objects.requireNonNull(found.m().get("step_id")).s())) {
                return Long.parseLong(
                        Objects.requireNonNull(found.m().get("good")).n());
            }
        }
        throw new AssertionError("no result of " + process + " " + step + " at minute " + minute + ": " + result);
    }

    /** A worker that meets the record for the fourth time refuses it. */
    private void refuse(RecordPosition position) {
        clients.dynamo()
                .updateItem(r -> r.tableName(STATES)
                        .key(Map.of("shard", fromS(SHARD), "part", fromS("pointer")))
                        .updateExpression("SET failures = :failures")
                        .expressionAttributeValues(
                                Map.of(":failures", fromSs(List.of(position.sequenceNumber() + "/0/3")))))
                .join();
    }

    /** The state contains the record, and the results of all before it are written. */
    private void awaitCommitted(RecordPosition position) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
            ShardPointer pointer = store.pointer(SHARD);
            Snapshot snapshot = pointer == null ? null : pointer.snapshot();
            RecordPosition stands = snapshot == null ? null : snapshot.position();
            return stands != null && stands.compareTo(position) >= 0;
        });
    }
}
