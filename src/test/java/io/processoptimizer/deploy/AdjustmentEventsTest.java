package io.processoptimizer.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.config.Settings;
import java.io.IOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The rule takes what the worker publishes by default, and hands it on while it is worth anything. */
class AdjustmentEventsTest {
    private static final Settings DEFAULTS = Settings.DEFAULTS;
    private static final long MAX_AGE_SECONDS = DEFAULTS.adjustment().maxAge().toSeconds();

    private final Template template = Template.read("adjustment-events.yaml");

    AdjustmentEventsTest() throws IOException {}

    @Test
    void thePatternIsTheOneThatIsPublishedByDefault() throws IOException {
        JsonNode rule = template.properties("Rule");
        assertThat(rule.path("Name").asText()).isEqualTo("manufacturing-process-optimization");
        assertThat(rule.path("State").asText()).isEqualTo("ENABLED");
        assertThat(rule.path("EventPattern"))
                .isEqualTo(new ObjectMapper()
                        .readTree(
                                "{\"source\":[\"manufacturing.process\"],\"detail-type\":[\"Process Optimization\"]}"));
        assertThat(rule.at("/EventPattern/source/0").asText())
                .isEqualTo(DEFAULTS.eventbridge().source());
        assertThat(rule.at("/EventPattern/detail-type/0").asText())
                .isEqualTo(DEFAULTS.eventbridge().detailType());
        assertThat(template.byDefault(rule.path("EventBusName")).asText())
                .isEqualTo(DEFAULTS.eventbridge().bus());
    }

    @Test
    void noTargetGetsAnAdjustmentThatTheWorkerWouldNotSendAnyMore() {
        assertThat(targets()).hasSize(2).allSatisfy(target -> {
            JsonNode age = target.at("/RetryPolicy/MaximumEventAgeInSeconds");
            assertThat(template.byDefault(age).asLong()).isBetween(60L, MAX_AGE_SECONDS);
            assertThat(template.parameter(age.path("Ref").asText())
                            .path("MaxValue")
                            .asLong())
                    .isEqualTo(MAX_AGE_SECONDS);
            assertThat(target.at("/DeadLetterConfig/Arn/Fn::GetAtt").asText()).isEqualTo("UndeliveredQueue.Arn");
        });
        assertThat(template.byDefault(template.properties("AdjustmentQueue").path("MessageRetentionPeriod"))
                        .asLong())
                .isLessThanOrEqualTo(MAX_AGE_SECONDS);
    }

    @Test
    void everyQueueIsEncryptedAndTheAdjustmentsHaveADeadLetterQueueThatKeepsThemLonger() {
        for (String queue : List.of("AdjustmentQueue", "AdjustmentDeadLetterQueue", "UndeliveredQueue")) {
            assertThat(template.resource(queue).path("Type").asText()).isEqualTo("AWS::SQS::Queue");
            assertThat(template.properties(queue).path("SqsManagedSseEnabled").asBoolean())
                    .as(queue)
                    .isTrue();
        }
        JsonNode redrive = template.properties("AdjustmentQueue").path("RedrivePolicy");
        assertThat(redrive.at("/deadLetterTargetArn/Fn::GetAtt").asText()).isEqualTo("AdjustmentDeadLetterQueue.Arn");
        assertThat(template.byDefault(redrive.path("maxReceiveCount")).asInt()).isBetween(2, 10);
        assertThat(retention("AdjustmentDeadLetterQueue")).isGreaterThan(retention("AdjustmentQueue"));
        assertThat(retention("UndeliveredQueue")).isGreaterThan(retention("AdjustmentQueue"));
    }

    @Test
    void onlyTheRuleSendsToTheQueue() {
        JsonNode statements = template.properties("AdjustmentQueuePolicy").at("/PolicyDocument/Statement");
        JsonNode allow = statements.path(0);
        assertThat(allow.path("Effect").asText()).isEqualTo("Allow");
        assertThat(allow.at("/Principal/Service").asText()).isEqualTo("events.amazonaws.com");
        assertThat(allow.path("Action").asText()).isEqualTo("sqs:SendMessage");
        assertThat(allow.at("/Condition/ArnEquals/aws:SourceArn/Fn::GetAtt").asText())
                .isEqualTo("Rule.Arn");
        JsonNode deny = statements.path(1);
        assertThat(deny.path("Effect").asText()).isEqualTo("Deny");
        assertThat(deny.path("Principal").asText()).isEqualTo("*");
        assertThat(deny.at("/Condition/ArnNotEquals/aws:SourceArn"))
                .isEqualTo(allow.at("/Condition/ArnEquals/aws:SourceArn"));
        assertThat(template.properties("UndeliveredQueuePolicy")
                        .at("/PolicyDocument/Statement/0/Condition/ArnEquals/aws:SourceArn/Fn::GetAtt")
                        .asText())
                .isEqualTo("Rule.Arn");
    }

    @Test
    void aFunctionIsInvokedForThisRuleOnlyAndInPlaceOfTheQueue() {
        JsonNode permission = template.properties("FunctionPermission");
        assertThat(permission.path("Action").asText()).isEqualTo("lambda:InvokeFunction");
        assertThat(permission.path("Principal").asText()).isEqualTo("events.amazonaws.com");
        assertThat(permission.at("/SourceArn/Fn::GetAtt").asText()).isEqualTo("Rule.Arn");
        assertThat(template.resource("FunctionPermission").path("Condition").asText())
                .isEqualTo("ToFunction");
        assertThat(template.resource("AdjustmentQueue").path("Condition").asText())
                .isEqualTo("ToQueue");
        assertThat(targets().get(0).at("/Arn/Ref").asText()).isEqualTo("FunctionArn");
        assertThat(template.parameter("FunctionArn").path("Default").asText()).isEmpty();
    }

    /** To the function, then to the queue. */
    private List<JsonNode> targets() {
        JsonNode choice = template.properties("Rule").at("/Targets/0/Fn::If");
        assertThat(choice.path(0).asText()).isEqualTo("ToFunction");
        return StreamSupport.stream(choice.spliterator(), false).skip(1).toList();
    }

    private long retention(String queue) {
        return template.byDefault(template.properties(queue).path("MessageRetentionPeriod"))
                .asLong();
    }
}
