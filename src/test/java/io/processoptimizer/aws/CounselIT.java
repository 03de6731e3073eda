package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.advise.Advisor;
import io.processoptimizer.advise.Briefing;
import io.processoptimizer.advise.Briefings;
import io.processoptimizer.advise.RuleAdvisor;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.Consultation;
import io.processoptimizer.emit.Consultation.Reason;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Questions to the models behind real endpoints, and what is recorded of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class CounselIT {
    private static final Tables.Names TABLES = Tables.Names.DEFAULT;
    private static final AdviceBudget.Limits AMPLE = new AdviceBudget.Limits(1000, 100_000_000, 1000, 100_000_000);
    private static final String MODEL = "a-model";

    private final long now = System.currentTimeMillis() / 60_000 * 60_000;
    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort().withFaults());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(TABLES);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @AfterEach
    void endFaults() throws Exception {
        fault("DELETE", "");
    }

    /** What was settled, in the order in which it was. */
    private static final class Settled implements AdviceOutputs {
        final ConcurrentLinkedQueue<AdviceRecord> advice = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Adjustment> adjustments = new ConcurrentLinkedQueue<>();
        final ConcurrentLinkedQueue<Effect> effects = new ConcurrentLinkedQueue<>();

        @Override
        public void advice(AdviceRecord record) {
            advice.add(record);
        }

        @Override
        public void adjustment(Adjustment adjustment) {
            adjustments.add(adjustment);
        }

        @Override
        public void effect(Effect effect) {
            effects.add(effect);
        }
    }

    /** A worker with one shard. */
    private final class Run implements AutoCloseable {
        final Settled settled = new Settled();
        final OutputTables tables;
        final Counsel counsel;
        final ShardOutputs outputs;

        Run(Duration timeout, int queueCapacity, AdviceBudget.Limits budget) {
            this(timeout, queueCapacity, budget, Clock.systemUTC());
        }

        Run(Duration timeout, int queueCapacity, AdviceBudget.Limits budget, Clock clock) {
            tables = new OutputTables(
                    clients,
                    new OutputTables.Settings(
                            TABLES,
                            "main",
                            100,
                            null,
                            new OutputTables.EventBus("default", "manufacturing.process", "Process Optimization"),
                            "Manufacturing/OEE",
                            OeeMetrics.Detail.NONE,
                            AdviceSettings.defaults("main")),
                    clock);
            counsel = tables.consult(
                    new Counsel.Settings(timeout, queueCapacity, 4, 4),
                    clients,
                    new OutputTables.ModelNames(
                            "process-efficiency-endpoint", MODEL, LanguageModel.Api.CONVERSE, 1_500, budget));
            outputs = tables.forShard(settled);
        }

        Run(Duration timeout) {
            this(timeout, 100, AMPLE);
        }

        AdviceRecord take(AdviceRequest request) throws Exception {
            outputs.take(request);
            outputs.acknowledged().get(60, TimeUnit.SECONDS);
            return settled.advice.remove();
        }

        @Override
        public void close() {
            tables.close();
        }
    }

    /** A request about a window that closed now. */
    private AdviceRequest request(String process) {
        return request(process, now, now);
    }

    private static AdviceRequest request(String process, long end, long arrival) {
        WindowResult of = Briefings.briefing(process, "filler", "capper").result();
        WindowResult result = new WindowResult(process, "main", end - 300_000, end, 0, true, true, 0, of.analysis());
        return new Advisor(AdviceSettings.defaults("main").briefing())
                .advise(result, Briefings.CONTROL, new Advisor.Origin(arrival, false))
                .orElseThrow();
    }

    private static Given given(AdviceRecord record) {
        return (Given) record.outcome();
    }

    private static Consultation consultation(AdviceRecord record) {
        return Objects.requireNonNull(given(record).consultation());
    }

    /** Null where the model spoke. */
    private static @Nullable Reason reason(AdviceRecord record) {
        Consultation.Fallback fallback = consultation(record).fallback();
        return fallback == null ? null : fallback.reason();
    }

    private Map<String, AttributeValue> item(String process, String id) throws Exception {
        return clients.dynamo()
                .getItem(r -> r.tableName(TABLES.advice())
                        .key(Map.of("process_id", AttributeValue.fromS(process), "id", AttributeValue.fromS(id))))
                .get(60, TimeUnit.SECONDS)
                .item();
    }

    private String fault(String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/faults"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> answer = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isLessThan(300);
        return answer.body();
    }

    private void lay(String service, String kind) throws Exception {
        String unused = fault("PUT", "[{\"service\":\"" + service + "\",\"kind\":\"" + kind + "\"}]");
    }

    @Test
    void aModelIsAskedOnceAndItsAdviceIsRecordedBeforeItIsUsed() throws Exception {
        AdviceRequest request = request("ASKED");
        AdviceRecord first;
        try (Run run = new Run(Duration.ofSeconds(20))) {
            first = run.take(request);
            assertThat(given(first).source()).isEqualTo("bedrock");
            assertThat(reason(first)).isNull();
            assertThat(given(first).advice().priority()).isEqualTo(Priority.HIGH);
            assertThat(given(first).advice().recommendations().get(0).evidence())
                    .isNotEmpty();
            assertThat(Objects.requireNonNull(first.efficiency()).source()).isEqualTo("sagemaker");
            assertThat(run.settled.adjustments)
                    .singleElement()
                    .satisfies(it -> assertThat(it.source()).isEqualTo("bedrock"));
        }
        Map<String, AttributeValue> stored = item("ASKED", first.id());
        assertThat(stored.get("source")).isEqualTo(AttributeValue.fromS("bedrock"));

        lay("bedrock", "fail");
        try (Run again = new Run(Duration.ofSeconds(20))) {
            AdviceRecord second = again.take(request);
            assertThat(second).as("a re-run goes by what was recorded").isEqualTo(first);
        }
        assertThat(item("ASKED", first.id())).isEqualTo(stored);
        assertThat(fault("GET", "")).as("nobody was asked again").contains("\"hits\":0");
    }

    @Test
    void whatWasRecordedMeanwhileWinsOverAnAnswer() throws Exception {
        AdviceRequest request = request("RACE");
        try (Run run = new Run(Duration.ofSeconds(20));
                Run other = new Run(Duration.ofSeconds(20), 1, new AdviceBudget.Limits(0, 0, 0, 0))) {
            AdviceRecord budgeted = other.take(request);
            assertThat(reason(budgeted)).isEqualTo(Reason.BUDGET);

            assertThat(run.take(request)).isEqualTo(budgeted);
        }
    }

    @Test
    void aModelThatHangsHoldsNobodyUpAndTheRulesSpeak() throws Exception {
        lay("bedrock", "hang");
        try (Run run = new Run(Duration.ofSeconds(10), 5, AMPLE)) {
            long begun = System.nanoTime();
            IntStream.range(0, 50).forEach(i -> run.outputs.take(request("HANG-" + i)));
            long handedOver = System.nanoTime() - begun;
            run.outputs.acknowledged().get(60, TimeUnit.SECONDS);

            assertThat(Duration.ofNanos(handedOver))
                    .as("the shard goes on before the deadline of a single question")
                    .isLessThan(Duration.ofSeconds(10));
            assertThat(run.settled.advice).hasSize(50).allSatisfy(record -> {
                assertThat(given(record).source()).isEqualTo("fallback");
                assertThat(reason(record)).isIn(Reason.TIMEOUT, Reason.QUEUE_FULL, Reason.CIRCUIT_OPEN);
            });
            assertThat(run.counsel.tally()).containsKeys("timeout", "queue_full");
            assertThat(run.settled.adjustments).as("urgent all the same").hasSize(50);
        }
    }

    @Test
    void aModelThatFailsIsLeftAloneForAWhile() throws Exception {
        lay("bedrock", "fail");
        try (Run run = new Run(Duration.ofSeconds(20))) {
            for (int i = 0; i < 5; i++) {
                assertThat(reason(run.take(request("FAIL-" + i)))).isEqualTo(Reason.UNAVAILABLE);
            }
            assertThat(reason(run.take(request("FAIL-5")))).isEqualTo(Reason.CIRCUIT_OPEN);
        }
    }

    @Test
    void withoutTheEndpointTheOwnModelSpeaksOrNone() throws Exception {
        lay("sagemaker", "fail");
        try (Run run = new Run(Duration.ofSeconds(20))) {
            AdviceRecord record = run.take(request("NO-ENDPOINT"));
            assertThat(record.efficiency()).isNull();
            assertThat(given(record).source()).isEqualTo("bedrock");
        }
    }

    @Test
    void theBudgetIsCommonToAllWorkersAndOutlivesThem() throws Exception {
        // Tomorrow's: what the calls of other tests did not need of today's comes back whenever it does.
        long then = now + Duration.ofDays(1).toMillis();
        Clock tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));
        AdviceBudget.Limits two = new AdviceBudget.Limits(2, 100_000_000, 1, 100_000_000);
        try (Run run = new Run(Duration.ofSeconds(20), 10, two, tomorrow)) {
            assertThat(reason(run.take(request("BUDGET-1", then, then)))).isNull();
            assertThat(reason(run.take(request("BUDGET-1", then + 3_600_000, then))))
                    .as("one call a process")
                    .isEqualTo(Reason.BUDGET);
            assertThat(reason(run.take(request("BUDGET-2", then, then)))).isNull();
        }
        try (Run another = new Run(Duration.ofSeconds(20), 10, two, tomorrow)) {
            AdviceRecord record = another.take(request("BUDGET-3", then, then));
            assertThat(reason(record)).isEqualTo(Reason.BUDGET);
            assertThat(Objects.requireNonNull(consultation(record).fallback()).detail())
                    .startsWith("the day's budget of all processes is used up (bedrock.calls_per_day 2");
        }
    }

    @Test
    void nobodyIsAskedAboutABacklogOrARewind() throws Exception {
        try (Run run = new Run(Duration.ofSeconds(20))) {
            assertThat(reason(run.take(request("LATE", now, now - 900_000)))).isEqualTo(Reason.TOO_LATE);
            AdviceRequest request = request("REWOUND");
            AdviceRecord record = run.take(new AdviceRequest(
                    request.unaided(), request.briefing(), Control.NONE, request.closingArrivalMillis(), true));
            assertThat(reason(record)).isEqualTo(Reason.REPROCESSED);
        }
    }

    @Test
    void atTheEndEveryOpenQuestionIsAnsweredAtOnce() throws Exception {
        lay("bedrock", "hang");
        try (Run run = new Run(Duration.ofMinutes(5))) {
            run.outputs.take(request("STOPPING"));
            run.counsel.hurry();
            run.outputs.acknowledged().get(60, TimeUnit.SECONDS);
            assertThat(reason(run.settled.advice.remove())).isEqualTo(Reason.STOPPING);
        }
    }

    @Test
    void aParameterThatWasChangedRestsAndANewWorkerKnows() throws Exception {
        AdviceTable table = new AdviceTable(
                clients.dynamo(),
                TABLES.advice(),
                new EventPublisher(clients.events(), new EventPublisher.Target("default", "s", "d")),
                new Expiry(null, Clock.systemUTC()),
                Duration.ofMinutes(15),
                Clock.systemUTC());
        AdviceRequest first = request("CHANGED");
        Advice rules = RuleAdvisor.advise(first.result().analysis(), true);
        Advice changing = new Advice(
                rules.priority(),
                rules.summary(),
                rules.recommendations(),
                rules.risk(),
                List.of(new Change("filler_speed", "filler", 50, 51, 40, 60, "", List.of())));
        AdviceRecord record = new AdviceRecord(first.result(), new Given("bedrock", changing));
        assertThat(table.record(record).get(60, TimeUnit.SECONDS)).isEqualTo(record);

        Briefing later =
                Objects.requireNonNull(request("CHANGED", now + 1_740_000, now).briefing());
        Briefing afterwards =
                Objects.requireNonNull(request("CHANGED", now + 1_800_000, now).briefing());
        assertThat(table.recorded(later.result()).get(60, TimeUnit.SECONDS).resting(later))
                .containsExactly("filler_speed");
        assertThat(table.recorded(afterwards.result()).get(60, TimeUnit.SECONDS).resting(afterwards))
                .isEmpty();
    }

    @Test
    void anEffectIsStoredWithItsAdjustmentAndNeverBeforeIt() throws Exception {
        lay("bedrock", "hang");
        AdviceRequest request = request("EFFECT");
        WindowResult result = request.result();
        AdviceRequest revised = new AdviceRequest(
                new AdviceRecord(
                        new WindowResult(
                                "EFFECT",
                                "main",
                                result.startMillis(),
                                result.endMillis(),
                                0,
                                true,
                                true,
                                1,
                                result.analysis()),
                        request.unaided().outcome()),
                request.briefing(),
                Control.NONE,
                now,
                false);
        Effect.Stretch before = new Effect.Stretch(now - 600_000, now, 2, 0.60, 0.0001, 300, List.of(), List.of());
        Effect.Stretch after =
                new Effect.Stretch(now + 300_000, now + 900_000, 2, 0.70, 0.0001, 330, List.of(), List.of());
        Effect effect = new Effect("EFFECT", "main", now, 0, before, after, 0, now + 900_000);
        try (Run run = new Run(Duration.ofSeconds(2), 1, AMPLE)) {
            run.outputs.take(request);
            // There is no room for a second question, so that the revision is settled long before the first result.
            run.outputs.take(revised);
            run.outputs.take(effect);
            run.outputs.acknowledged().get(60, TimeUnit.SECONDS);

            assertThat(run.settled.advice)
                    .extracting(CounselIT::reason)
                    .containsExactly(Reason.QUEUE_FULL, Reason.TIMEOUT);
            assertThat(run.settled.adjustments).hasSize(1);
            assertThat(run.settled.effects).containsExactly(effect);
        }
        Map<String, AttributeValue> stored = item("EFFECT", effect.adjustmentItemId());
        assertThat(Objects.requireNonNull(stored.get("effect")).m().get("verdict"))
                .isEqualTo(AttributeValue.fromS("better"));

        try (Run run = new Run(Duration.ofSeconds(2))) {
            run.outputs.take(new Effect("NO-ADJUSTMENT", "main", now, 0, before, after, 0, now + 900_000));
            run.outputs.acknowledged().get(60, TimeUnit.SECONDS);
            assertThat(run.settled.effects).isEmpty();
        }
        assertThat(item("NO-ADJUSTMENT", effect.adjustmentItemId())).isEmpty();
    }

    @Test
    void aRecordThatANewerWorkerWroteStopsNobody() throws Exception {
        AdviceRequest request = request("NEWER");
        clients.dynamo()
                .putItem(r -> r.tableName(TABLES.advice())
                        .item(Map.of(
                                "process_id", AttributeValue.fromS("NEWER"),
                                "id", AttributeValue.fromS(request.unaided().id()),
                                "outcome", AttributeValue.fromS("pondered"))))
                .get(60, TimeUnit.SECONDS);
        try (Run run = new Run(Duration.ofSeconds(20))) {
            assertThat(reason(run.take(request))).isEqualTo(Reason.UNAVAILABLE);
        }
        assertThat(item("NEWER", request.unaided().id()).get("outcome")).isEqualTo(AttributeValue.fromS("pondered"));
    }
}
