package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughput;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.eventbridge.model.Target;
import software.amazon.awssdk.services.kinesis.model.EncryptionType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;

/** {@code provision} against the embedded AWS: makes everything once, mends what was changed since, and leaves the rest alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class ProvisionIT {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:adjustments";
    private static final String LETTERS = "arn:aws:sqs:us-east-1:123456789012:undelivered";
    private static final String RULE = "manufacturing-process-optimization";

    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void makesEverythingOnceAndMendsWhatWasChanged() throws Exception {
        bus("plain");
        CommandRun plan = run("plain", List.of());
        assertThat(plan.exitCode()).isEqualTo(5);
        assertThat(plan.out())
                .contains("stream plain", "missing      3 shards, retention 24 h", "keys process_id (S), timestamp (N)")
                .contains("7 resources at " + aws.endpoint() + " would be made or changed. Nothing was changed");
        assertThat(await(clients.kinesis().listStreams()).streamNames()).doesNotContain("plain");

        List<String> withTarget = List.of("--target-arn", QUEUE, "--dead-letter-arn", LETTERS);
        CommandRun applied = run("plain", with(withTarget, "--apply"));
        assertThat(applied.out()).contains("making table plain-results", "All 7 resources at");
        assertThat(applied.exitCode()).isZero();
        everythingIsAsTheBlueprintSays();
        CommandRun again = run("plain", with(withTarget, "--apply"));
        assertThat(again.exitCode()).isZero();
        assertThat(again.out()).doesNotContain("making ", "changing ");
        assertThat(run("plain", withTarget).exitCode()).isZero();

        await(clients.events().disableRule(r -> r.name(RULE).eventBusName("plain")));
        await(clients.events()
                .removeTargets(r -> r.rule(RULE).eventBusName("plain").ids("queue")));
        JsonNode changed =
                JSON.readTree(run("plain", with(withTarget, "--json")).out());
        assertThat(changed.path("well").asBoolean()).isFalse();
        assertThat(changed.at("/resources/6/aspects").findValuesAsText("state"))
                .containsExactly("ok", "differs", "differs", "note");
        assertThat(run("plain", with(withTarget, "--apply")).exitCode()).isZero();
        everythingIsAsTheBlueprintSays();
    }

    private void everythingIsAsTheBlueprintSays() throws InterruptedException {
        StreamDescriptionSummary stream = await(clients.kinesis().describeStreamSummary(r -> r.streamName("plain")))
                .streamDescriptionSummary();
        assertThat(stream.openShardCount()).isEqualTo(3);
        assertThat(stream.encryptionType()).isEqualTo(EncryptionType.KMS);
        assertThat(await(clients.dynamo().describeTimeToLive(r -> r.tableName("plain-results")))
                        .timeToLiveDescription()
                        .timeToLiveStatus())
                .isEqualTo(TimeToLiveStatus.ENABLED);
        assertThat(await(clients.dynamo().describeTable(r -> r.tableName("plain")))
                        .table()
                        .globalSecondaryIndexes())
                .singleElement()
                .satisfies(index -> assertThat(index.indexName()).isEqualTo("LeaseOwnerToLeaseKeyIndex"));
        assertThat(await(clients.events().describeRule(r -> r.name(RULE).eventBusName("plain")))
                        .stateAsString())
                .isEqualTo("ENABLED");
        List<Target> targets = await(
                        clients.events().listTargetsByRule(r -> r.rule(RULE).eventBusName("plain")))
                .targets();
        assertThat(targets).singleElement().satisfies(target -> {
            assertThat(target.arn()).isEqualTo(QUEUE);
            assertThat(target.deadLetterConfig().arn()).isEqualTo(LETTERS);
            assertThat(target.retryPolicy().maximumEventAgeInSeconds()).isEqualTo(900);
        });
    }

    @Test
    void whatAnEndpointLacksIsSaidAndIsNoDifference() throws Exception {
        bus("lacking");
        assertThat(run("lacking", List.of("--apply", "--target-arn", QUEUE)).out())
                .contains("not offered  point-in-time recovery: this endpoint has no such operation");
    }

    @Test
    void aStreamOfShorterRetentionThanTheSavepointsIsMended() throws Exception {
        bus("short");
        await(clients.kinesis().createStream(r -> r.streamName("short").shardCount(1)));
        List<String> kept = List.of("--set", "state.savepoints_kept=48h", "--target-arn", QUEUE);
        assertThat(run("short", kept).out())
                .contains("differs      retention 24 h; the savepoints that are kept reach back 48 h")
                .contains("1 open shards, provisioned, ACTIVE (a new one would get 3; shards are left as they are)");
        assertThat(run("short", with(kept, "--apply")).exitCode()).isZero();
        StreamDescriptionSummary stream = await(clients.kinesis().describeStreamSummary(r -> r.streamName("short")))
                .streamDescriptionSummary();
        assertThat(stream.retentionPeriodHours()).isEqualTo(48);
        assertThat(stream.openShardCount()).isEqualTo(1);
    }

    @Test
    void aTableOfOtherKeysIsLeftToAPerson() throws Exception {
        bus("odd");
        await(clients.dynamo()
                .createTable(r -> r.tableName("odd-results")
                        .billingMode(BillingMode.PROVISIONED)
                        .provisionedThroughput(ProvisionedThroughput.builder()
                                .readCapacityUnits(1L)
                                .writeCapacityUnits(1L)
                                .build())
                        .attributeDefinitions(AttributeDefinition.builder()
                                .attributeName("id")
                                .attributeType(ScalarAttributeType.S)
                                .build())
                        .keySchema(KeySchemaElement.builder()
                                .attributeName("id")
                                .keyType(KeyType.HASH)
                                .build())));
        CommandRun applied = run("odd", List.of("--apply", "--target-arn", QUEUE));
        assertThat(applied.exitCode()).isEqualTo(5);
        assertThat(applied.out())
                .contains("by hand      its keys are id (S) and must be process_id (S), timestamp (N)")
                .contains("changing table odd-results: billed by provisioned capacity")
                .contains("Something is left that only you can do");
        assertThat(await(clients.dynamo().describeTable(r -> r.tableName("odd-results")))
                        .table()
                        .billingModeSummary()
                        .billingMode())
                .isEqualTo(BillingMode.PAY_PER_REQUEST);
    }

    @Test
    void aRuleWithoutTargetIsSaid() throws Exception {
        CommandRun applied = run("mute", List.of("--apply"));
        assertThat(applied.out()).contains("there is no event bus mute; make it with 'aws events create-event-bus");
        bus("mute");
        CommandRun made = run("mute", List.of("--apply"));
        assertThat(made.out()).contains("it has no target, so that nobody gets the adjustments");
        assertThat(made.exitCode()).isEqualTo(5);
    }

    @Test
    void aTargetUnderAnotherIdIsChangedAndGetsNoSecondOneBesideIt() throws Exception {
        bus("named");
        assertThat(run("named", List.of("--apply")).exitCode()).isEqualTo(5);
        await(clients.events()
                .putTargets(r -> r.rule(RULE)
                        .eventBusName("named")
                        .targets(Target.builder().id("mine").arn(QUEUE).build())));
        List<String> target = List.of("--target-arn", QUEUE, "--dead-letter-arn", LETTERS);
        CommandRun plan = run("named", target);
        assertThat(plan.exitCode()).isEqualTo(5);
        assertThat(plan.out()).contains("dead letters or retries of its target are others than of " + QUEUE);
        assertThat(run("named", with(target, "--apply")).exitCode()).isZero();
        assertThat(await(clients.events().listTargetsByRule(r -> r.rule(RULE).eventBusName("named")))
                        .targets())
                .singleElement()
                .satisfies(one -> {
                    assertThat(one.id()).isEqualTo("mine");
                    assertThat(one.deadLetterConfig().arn()).isEqualTo(LETTERS);
                });
    }

    @Test
    void theRightThatAFunctionMustGiveIsSaidSinceItIsNotSeen() throws InterruptedException {
        bus("function");
        String function = "arn:aws:lambda:us-east-1:123456789012:function:adjust:live";
        CommandRun applied = run("function", List.of("--apply", "--target-arn", function));
        assertThat(applied.exitCode()).as(applied.err()).isZero();
        assertThat(applied.out())
                .contains("target " + function)
                .contains("aws lambda add-permission --function-name " + function)
                .contains(":rule/function/manufacturing-process-optimization");
    }

    @Test
    void badOptionsAndAnEndpointThatIsNotThere() {
        assertThat(run("bad", List.of("--shards", "0")).exitCode()).isEqualTo(2);
        assertThat(run("bad", List.of("--target-arn", "adjustments")).err()).contains("is no ARN of a queue in SQS");
        assertThat(run("bad", List.of("--dead-letter-arn", LETTERS)).err()).contains("belongs to a target");
        CommandRun away = CommandRun.in(Path.of("target"), "provision", "--set", "aws.endpoint=http://127.0.0.1:9");
        assertThat(away.exitCode()).isEqualTo(4);
        assertThat(away.err()).contains("is aws.endpoint right").contains("does something listen there?");
    }

    private static List<String> with(List<String> options, String... more) {
        List<String> all = new ArrayList<>(options);
        all.addAll(List.of(more));
        return all;
    }

    /** Rules have the same name everywhere, so each installation has a bus of its own. */
    private void bus(String installation) throws InterruptedException {
        await(clients.events().createEventBus(r -> r.name(installation)));
    }

    /** With resources of the installation's own. */
    private CommandRun run(String installation, List<String> options) {
        List<String> arguments = new ArrayList<>(List.of("provision"));
        Map.of(
                        "aws.endpoint",
                        aws.endpoint().toString(),
                        "stream.name",
                        installation,
                        "eventbridge.bus",
                        installation,
                        "application.name",
                        installation,
                        "outputs.metrics_table",
                        installation + "-results",
                        "outputs.advice_table",
                        installation + "-advice",
                        "outputs.dead_letters_table",
                        installation + "-letters",
                        "state.table",
                        installation + "-state")
                .forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        arguments.addAll(options);
        return CommandRun.in(Path.of("target"), arguments.toArray(String[]::new));
    }

    private static <T> T await(CompletableFuture<T> call) throws InterruptedException {
        return Calls.await(call, ANSWER);
    }
}
