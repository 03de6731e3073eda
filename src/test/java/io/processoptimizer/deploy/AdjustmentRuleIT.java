package io.processoptimizer.deploy;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.ShardOutputs;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.config.Settings;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** The template's rule, put on the embedded bus, gets the adjustment that the worker's own outputs publish. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class AdjustmentRuleIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Settings DEFAULTS = Settings.DEFAULTS;
    private static final String QUEUE = "arn:aws:sqs:us-east-1:000000000000:AdjustmentQueue";
    private static final String UNDELIVERED = "arn:aws:sqs:us-east-1:000000000000:UndeliveredQueue";
    private static final String RULE = "manufacturing-process-optimization";

    private final long end = Instant.now().toEpochMilli() / 60_000 * 60_000;

    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(Tables.Names.DEFAULT);
        putRule(Template.read("adjustment-events.yaml"));
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void anAdjustmentOfTheWorkerReachesTheQueueOfTheRule() throws Exception {
        Adjustment adjustment = adjustment("PROC-RULE");
        publish(adjustment);

        JsonNode events = events("?rule=" + RULE).path("events");
        assertThat(events).hasSize(1);
        JsonNode event = events.path(0).path("event");
        assertThat(event.path("source").asText()).isEqualTo("manufacturing.process");
        assertThat(event.path("detail-type").asText()).isEqualTo("Process Optimization");
        assertThat(event.at("/detail/adjustment_id").asText()).isEqualTo(adjustment.id());
        assertThat(event.at("/detail/process_id").asText()).isEqualTo("PROC-RULE");
        assertThat(event.at("/detail/expires_at").asLong()).isEqualTo(adjustment.expiresAtMillis());
        JsonNode target = events.path(0).at("/matched/0/targets/0");
        assertThat(target.path("Arn").asText()).isEqualTo(QUEUE);
        assertThat(target.at("/DeadLetterConfig/Arn").asText()).isEqualTo(UNDELIVERED);
        assertThat(target.at("/RetryPolicy/MaximumEventAgeInSeconds").asLong())
                .isLessThanOrEqualTo(DEFAULTS.adjustment().maxAge().toSeconds());
    }

    @Test
    void theRuleLeavesOtherEventsOfTheSameSourceAlone() throws Exception {
        clients.events()
                .putEvents(request -> request.entries(PutEventsRequestEntry.builder()
                        .source("manufacturing.process")
                        .detailType("Maintenance")
                        .detail("{}")
                        .build()))
                .get(60, TimeUnit.SECONDS);

        List<JsonNode> maintenance = new ArrayList<>();
        for (JsonNode entry : events("?source=manufacturing.process").path("events")) {
            if (entry.at("/event/detail-type").asText().equals("Maintenance")) {
                maintenance.add(entry.path("matched"));
            }
        }
        assertThat(maintenance)
                .singleElement()
                .satisfies(matched -> assertThat(matched).isEmpty());
    }

    /** As CloudFormation would, with no function given. */
    private void putRule(Template template) throws Exception {
        JsonNode rule = template.properties("Rule");
        clients.events()
                .putRule(request -> request.name(rule.path("Name").asText())
                        .eventBusName(
                                template.byDefault(rule.path("EventBusName")).asText())
                        .state(rule.path("State").asText())
                        .eventPattern(rule.path("EventPattern").toString()))
                .get(60, TimeUnit.SECONDS);
        JsonNode target = rule.at("/Targets/0/Fn::If/2");
        assertThat(target.at("/Arn/Fn::GetAtt").asText()).isEqualTo("AdjustmentQueue.Arn");
        JsonNode retry = target.path("RetryPolicy");
        clients.events()
                .putTargets(request -> request.rule(rule.path("Name").asText())
                        .targets(Target.builder()
                                .id(target.path("Id").asText())
                                .arn(QUEUE)
                                .deadLetterConfig(letters -> letters.arn(UNDELIVERED))
                                .retryPolicy(policy -> policy.maximumEventAgeInSeconds(
                                                template.byDefault(retry.path("MaximumEventAgeInSeconds"))
                                                        .asInt())
                                        .maximumRetryAttempts(template.byDefault(retry.path("MaximumRetryAttempts"))
                                                .asInt()))
                                .build()))
                .get(60, TimeUnit.SECONDS);
    }

    private void publish(Adjustment adjustment) throws Exception {
        Settings.EventBridge bus = DEFAULTS.eventbridge();
        OutputTables.Settings settings = new OutputTables.Settings(
                Tables.Names.DEFAULT,
                Settings.DEFAULT_WINDOW,
                100,
                null,
                new OutputTables.EventBus(bus.bus(), bus.source(), bus.detailType()),
                DEFAULTS.cloudwatch().namespace(),
                OeeMetrics.Detail.ALL,
                DEFAULTS.adviceSettings());
        try (OutputTables tables = new OutputTables(clients, settings, Clock.systemUTC())) {
            ShardOutputs outputs = tables.forShard(new NoOutputs());
            outputs.take(new AdviceRequest(
                    new AdviceRecord(adjustment.grounds(), new AdviceRecord.Given("rules", adjustment.advice())),
                    null,
                    Control.NONE,
                    adjustment.closingArrivalMillis(),
                    false));
            outputs.acknowledged().get(60, TimeUnit.SECONDS);
        }
    }

    private Adjustment adjustment(String process) {
        WindowResult result = new WindowResult(
                process,
                Settings.DEFAULT_WINDOW,
                end - 300_000,
                end,
                0,
                true,
                true,
                0,
                WindowAnalyser.analyse(window(
                        ProcessDefinition.DEFAULT,
                        step("s").run(StepState.RUNNING, 300_000).parts(1_000_000, 200, 0, 0, 0))));
        Advice advice = new Advice(
                Priority.HIGH, "It does badly.", List.of(), new Advice.Risk(Advice.RiskLevel.LOW, "None to speak of."));
        return new Adjustment(result, advice, "rules", Adjustment.Mode.ADVISORY, end, end + 900_000);
    }

    private JsonNode events(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/events" + query))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }
}
