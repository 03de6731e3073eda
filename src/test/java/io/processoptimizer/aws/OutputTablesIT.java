package io.processoptimizer.aws;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.StepState;
import io.processoptimizer.local.TestEndpoint;
import io.processoptimizer.window.WindowFacts;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.cloudwatch.model.DimensionFilter;
import software.amazon.awssdk.services.cloudwatch.model.Metric;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class OutputTablesIT {
    private static final Tables.Names TABLES = Tables.Names.DEFAULT;
    private static final long MAX_AGE_MILLIS = AdviceSettings.defaults("main").maxAgeMillis();

    /** What a result was computed from is not stored. */
    private static final WindowFacts NO_FACTS =
            new WindowFacts("none", "main", 0, 1, ProcessDefinition.DEFAULT, List.of(), null);

    /** Metrics of the distant past or future are refused, so it is about now. */
    private final long end = Instant.now().toEpochMilli() / 60_000 * 60_000;

    private TestEndpoint aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(TABLES);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void aResultIsReplacedByNewerOnesOnlyInWhateverOrderTheyCome() throws Exception {
        List<WindowResult> results = List.of(
                result("ORDER", "main", false, 0), result("ORDER", "main", true, 0), result("ORDER", "main", true, 1));
        write(outputs -> outputs.result(results.get(1), NO_FACTS));
        Map<String, AttributeValue> first = item("ORDER");
        write(outputs -> outputs.result(results.get(0), NO_FACTS));
        assertThat(item("ORDER")).isEqualTo(first);
        write(outputs -> outputs.result(results.get(2), NO_FACTS));
        assertThat(item("ORDER").get("revision")).isEqualTo(AttributeValue.fromN("1"));
        write(outputs -> outputs.result(results.get(1), NO_FACTS));
        assertThat(item("ORDER").get("revision")).isEqualTo(AttributeValue.fromN("1"));
    }

    @Test
    void otherWindowsHaveKeysOfTheirOwnAndNoMetrics() throws Exception {
        write(outputs -> outputs.result(result("KEYS", "shift", true, 0), NO_FACTS));
        assertThat(item("KEYS#shift").get("window")).isEqualTo(AttributeValue.fromS("shift"));
        write(outputs -> outputs.result(result("KEYS", "main", true, 0), NO_FACTS));
        Awaitility.await()
                .atMost(60, TimeUnit.SECONDS)
                .until(() -> !metrics("KEYS").isEmpty());
        assertThat(metrics("KEYS").stream().map(Metric::metricName)).containsOnlyOnce("OEE_Score");
    }

    @Test
    void aDeadLetterKeepsItsBytesAndTheMomentItWasFirstSeen() throws Exception {
        byte[] data = new byte[900_000];
        new SplittableRandom(3).nextBytes(data);
        DeadLetter letter = new DeadLetter(
                RejectReason.TOO_LARGE, "too long", "shard-1", new RecordPosition("42", 0), 0, "P", 7, data);
        write(outputs -> outputs.deadLetter(letter));
        List<Map<String, AttributeValue>> before = letters("too_large");
        assertThat(before).hasSize(3);
        int bytes = before.stream()
                .mapToInt(part ->
                        part.getOrDefault("data", AttributeValue.fromS("")).b().asByteArray().length)
                .sum();
        assertThat(bytes).isEqualTo(900_000);
        write(outputs -> outputs.deadLetter(letter));
        assertThat(letters("too_large")).isEqualTo(before);
    }

    @Test
    void anAdjustmentIsPublishedOnceAndMarked() throws Exception {
        AdviceRequest adjustment = request("ADJ", end + 600_000);
        write(outputs -> outputs.take(adjustment));
        Map<String, AttributeValue> item = advice("ADJ", itemId(adjustment));
        assertThat(item.get("status")).isEqualTo(AttributeValue.fromS("published"));
        assertThat(advice("ADJ", "advice#main#" + end + "#0")).isNotEmpty();
        write(outputs -> outputs.take(adjustment));
        assertThat(advice("ADJ", itemId(adjustment))).isEqualTo(item);
    }

    @Test
    void anAdjustmentThatIsTooOldIsStoredAsExpired() throws Exception {
        AdviceRequest adjustment = request("OLD", Instant.now().toEpochMilli() - 1);
        write(outputs -> outputs.take(adjustment));
        assertThat(advice("OLD", itemId(adjustment)).get("status")).isEqualTo(AttributeValue.fromS("expired"));
    }

    @Test
    void itemsExpireWhereASettingSaysSo() throws Exception {
        Clock noon = Clock.fixed(Instant.parse("2026-01-01T12:00:00Z"), ZoneOffset.UTC);
        try (OutputTables tables = tables(Duration.ofDays(1), noon)) {
            ShardOutputs outputs = tables.forShard(new NoOutputs());
            outputs.result(result("TTL", "main", true, 0), NO_FACTS);
            outputs.acknowledged().get(60, TimeUnit.SECONDS);
        }
        assertThat(item("TTL").get("ttl"))
                .isEqualTo(AttributeValue.fromN(
                        Long.toString(Instant.parse("2026-01-02T12:00:00Z").getEpochSecond())));
    }

    @Test
    void aStreamThatWasMadeAnewIsRefusedWithTheRemedy() throws Exception {
        Instant made = Instant.parse("2026-01-01T12:00:00Z");
        String arn = "arn:aws:kinesis:us-east-1:000000000000:stream/s";
        StreamIdentity.check(clients, TABLES.state(), "app", arn, made);
        StreamIdentity.check(clients, TABLES.state(), "app", arn, made);
        assertThatThrownBy(() -> StreamIdentity.check(clients, TABLES.state(), "app", arn, made.plusSeconds(60)))
                .hasMessageContaining("belong to another stream")
                .hasMessageContaining("set another application.name");
    }

    private interface Emitting {
        void to(ShardOutputs outputs);
    }

    private void write(Emitting emitting) throws Exception {
        try (OutputTables tables = tables(null, Clock.systemUTC())) {
            ShardOutputs outputs = tables.forShard(new NoOutputs());
            emitting.to(outputs);
            outputs.acknowledged().get(60, TimeUnit.SECONDS);
        }
    }

    private OutputTables tables(@Nullable Duration ttl, Clock clock) {
        return new OutputTables(
                clients,
                new OutputTables.Settings(
                        TABLES,
                        "main",
                        100,
                        ttl,
                        new OutputTables.EventBus("default", "manufacturing.process", "Process Optimization"),
                        "Manufacturing/OEE",
                        OeeMetrics.Detail.ALL,
                        AdviceSettings.defaults("main")),
                clock);
    }

    /** A request that was closed so long ago that its adjustment expires then, with advice of priority high. */
    private AdviceRequest request(String process, long expiresAt) {
        Advice advice = new Advice(
                Priority.HIGH, "It does badly.", List.of(), new Advice.Risk(Advice.RiskLevel.LOW, "None to speak of."));
        AdviceRecord record =
                new AdviceRecord(result(process, "main", true, 0), new AdviceRecord.Given("rules", advice));
        return new AdviceRequest(record, null, Control.NONE, expiresAt - MAX_AGE_MILLIS, false);
    }

    private static String itemId(AdviceRequest request) {
        return new AdjustmentPolicy(AdviceSettings.defaults("main"))
                .decide(request, request.unaided())
                .orElseThrow()
                .itemId();
    }

    private WindowResult result(String process, String window, boolean isFinal, int revision) {
        return new WindowResult(
                process,
                window,
                end - 300_000,
                end,
                0,
                true,
                isFinal,
                revision,
                WindowAnalyser.analyse(window(
                        ProcessDefinition.DEFAULT,
                        step("s").run(StepState.RUNNING, 300_000).parts(1_000_000, 200, 0, 0, 0))));
    }

    private Map<String, AttributeValue> item(String key) {
        return clients.dynamo()
                .getItem(r -> r.tableName(TABLES.results())
                        .key(Map.of(
                                "process_id",
                                AttributeValue.fromS(key),
                                "timestamp",
                                AttributeValue.fromN(Long.toString(end)))))
                .join()
                .item();
    }

    private Map<String, AttributeValue> advice(String process, String id) {
        return clients.dynamo()
                .getItem(r -> r.tableName(TABLES.advice())
                        .key(Map.of("process_id", AttributeValue.fromS(process), "id", AttributeValue.fromS(id))))
                .join()
                .item();
    }

    private List<Map<String, AttributeValue>> letters(String reason) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        clients.dynamo()
                .queryPaginator(r -> r.tableName(TABLES.deadLetters())
                        .keyConditionExpression("reason = :r")
                        .expressionAttributeValues(Map.of(":r", AttributeValue.fromS(reason))))
                .items()
                .subscribe(items::add)
                .join();
        return items;
    }

    private List<Metric> metrics(String process) {
        return clients.cloudWatch()
                .listMetrics(r -> r.namespace("Manufacturing/OEE")
                        .dimensions(DimensionFilter.builder()
                                .name("ProcessId")
                                .value(process)
                                .build()))
                .join()
                .metrics();
    }
}
