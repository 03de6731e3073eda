package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Arrays;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.InvalidEventPatternException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.eventbridge.model.PutEventsResponse;
import software.amazon.awssdk.services.eventbridge.model.ResourceNotFoundException;
import software.amazon.awssdk.services.eventbridge.model.Rule;
import software.amazon.awssdk.services.eventbridge.model.RuleState;
import software.amazon.awssdk.services.eventbridge.model.Target;

/** EventBridge through the SDK, and what the local page shows of it. */
class EventBridgeIT {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private static LocalAws aws;
    private static EventBridgeClient client;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = EventBridgeClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    @AfterAll
    static void stop() {
        client.close();
        aws.close();
    }

    @Test
    void eventIsKeptWithTheTargetsOfTheRulesThatItMatches() throws IOException, InterruptedException {
        client.putRule(request -> request.name("high")
                .eventPattern("{\"source\":[\"manufacturing.process\"],\"detail\":{\"priority\":[\"high\"]}}"));
        client.putTargets(request -> request.rule("high").targets(target("queue")));
        client.putRule(request -> request.name("low")
                .eventPattern("{\"source\":[\"manufacturing.process\"],\"detail\":{\"priority\":[\"low\"]}}"));

        PutEventsResponse answer = client.putEvents(request -> request.entries(PutEventsRequestEntry.builder()
                .source("manufacturing.process")
                .detailType("Process Optimization")
                .detail("{\"process_id\":\"PROC-1\",\"priority\":\"high\"}")
                .time(Instant.parse("2026-01-01T00:00:00.500Z"))
                .resources("arn:aws:kinesis:us-east-1:000000000000:stream/manufacturing-process")
                .build()));

        assertThat(answer.failedEntryCount()).isZero();
        JsonNode events = events("?source=manufacturing.process").get("events");
        assertThat(events).hasSize(1);
        assertThat(events.at("/0/event/id").asText())
                .isEqualTo(answer.entries().get(0).eventId());
        assertThat(events.at("/0/event/detail-type").asText()).isEqualTo("Process Optimization");
        assertThat(events.at("/0/event/time").asText()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(events.at("/0/event/detail/process_id").asText()).isEqualTo("PROC-1");
        assertThat(events.at("/0/matched")).hasSize(1);
        assertThat(events.at("/0/matched/0/rule").asText()).isEqualTo("high");
        assertThat(events.at("/0/matched/0/targets/0/Arn").asText())
                .isEqualTo(target("queue").arn());
    }

    @Test
    void disabledRuleMatchesNothing() throws IOException, InterruptedException {
        client.putRule(request -> request.name("sleeping").eventPattern("{\"source\":[\"asleep\"]}"));
        client.disableRule(request -> request.name("sleeping"));
        put("asleep", "{}");

        assertThat(events("?source=asleep").at("/events/0/matched")).isEmpty();
        assertThat(client.describeRule(request -> request.name("sleeping")).state())
                .isEqualTo(RuleState.DISABLED);
    }

    @Test
    void rulesAndTargetsHaveTheirLifeCycle() {
        assertThat(client.putRule(request ->
                                request.name("cycle").description("first").eventPattern("{\"source\":[\"x\"]}"))
                        .ruleArn())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:rule/cycle");
        client.putTargets(request -> request.rule("cycle").targets(target("a"), target("b")));
        client.putRule(request -> request.name("cycle").description("second").eventPattern("{\"source\":[\"y\"]}"));

        assertThat(client.listRules(request -> request.namePrefix("cyc")).rules())
                .singleElement()
                .extracting(Rule::description)
                .isEqualTo("second");
        assertThat(client.listTargetsByRule(request -> request.rule("cycle")).targets())
                .containsExactly(target("a"), target("b"));
        assertThatThrownBy(() -> client.deleteRule(request -> request.name("cycle")))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("since it has targets");

        client.removeTargets(request -> request.rule("cycle").ids("a", "b"));
        client.deleteRule(request -> request.name("cycle"));
        assertThatThrownBy(() -> client.describeRule(request -> request.name("cycle")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void eachBadEntryFailsForItself() {
        PutEventsResponse answer = client.putEvents(request -> request.entries(
                entry("fine", "{}"),
                entry("no.json", "{"),
                entry("aws.pretender", "{}"),
                PutEventsRequestEntry.builder().source("untyped").detail("{}").build()));

        assertThat(answer.failedEntryCount()).isEqualTo(3);
        assertThat(answer.entries())
                .extracting(entry -> String.valueOf(entry.errorCode()))
                .containsExactly("null", "MalformedDetail", "NotAuthorizedForSourceException", "InvalidArgument");
    }

    @Test
    void tooManyEntriesAreRefusedAsAWhole() {
        PutEventsRequestEntry[] eleven = new PutEventsRequestEntry[11];
        Arrays.fill(eleven, entry("many", "{}"));

        assertThatThrownBy(() -> client.putEvents(request -> request.entries(eleven)))
                .isInstanceOf(EventBridgeException.class)
                .hasMessageContaining("less than or equal to 10");
    }

    @Test
    void unreadablePatternIsRefusedWithItsReason() {
        assertThatThrownBy(() ->
                        client.putRule(request -> request.name("bad").eventPattern("{\"source\":\"not a list\"}")))
                .isInstanceOf(InvalidEventPatternException.class)
                .hasMessageContaining("\"source\" must be an object or a non-empty array");
    }

    @Test
    void defaultBusExistsAndOthersAreMade() {
        assertThat(client.describeEventBus(request -> {}).arn())
                .isEqualTo("arn:aws:events:us-east-1:000000000000:event-bus/default");
        client.createEventBus(request -> request.name("plant"));
        client.putRule(request -> request.eventBusName("plant").name("r").eventPattern("{\"source\":[\"x\"]}"));

        assertThat(client.listRules(request ->
                                request.eventBusName("arn:aws:events:us-east-1:000000000000:event-bus/plant"))
                        .rules())
                .singleElement()
                .extracting(Rule::arn)
                .isEqualTo("arn:aws:events:us-east-1:000000000000:rule/plant/r");
        assertThatThrownBy(() -> client.describeEventBus(request -> request.name("nowhere")))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    private static PutEventsRequestEntry entry(String source, String detail) {
        return PutEventsRequestEntry.builder()
                .source(source)
                .detailType("Test")
                .detail(detail)
                .build();
    }

    private static void put(String source, String detail) {
        client.putEvents(request -> request.entries(entry(source, detail)));
    }

    private static Target target(String id) {
        return Target.builder()
                .id(id)
                .arn("arn:aws:sqs:us-east-1:000000000000:" + id)
                .build();
    }

    private static JsonNode events(String query) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/events" + query))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return MAPPER.readTree(answer.body());
    }
}
