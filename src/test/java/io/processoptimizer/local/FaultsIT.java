package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.InternalServerErrorException;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProvisionedThroughputExceededException;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.EventBridgeException;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;

/** Requests go wrong as they were asked to, as a client of AWS sees it, and only where faults are switched on. */
class FaultsIT {
    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static LocalAws aws;
    private static DynamoDbClient dynamo;
    private static EventBridgeClient events;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort().withFaults());
        aws.awaitReady();
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
        dynamo = DynamoDbClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
        events = EventBridgeClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
        table("faulty");
        table("healthy");
    }

    private static void table(String name) {
        dynamo.createTable(r -> r.tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(AttributeDefinition.builder()
                        .attributeName("id")
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(KeySchemaElement.builder()
                        .attributeName("id")
                        .keyType(KeyType.HASH)
                        .build()));
    }

    @AfterAll
    static void stop() {
        dynamo.close();
        events.close();
        aws.close();
    }

    @AfterEach
    void endFaults() throws Exception {
        assertThat(faults("DELETE", "")).isEqualTo(200);
    }

    @Test
    void onlyTheTableThatWasNamedIsThrottledAndOnlyWhileItLasts() throws Exception {
        put("[{\"service\":\"dynamodb\",\"table\":\"faulty\",\"kind\":\"throttle\"}]");

        assertThatThrownBy(() -> write("faulty", "throttled"))
                .isInstanceOf(ProvisionedThroughputExceededException.class);
        write("healthy", "one");

        assertThat(faults("DELETE", "")).isEqualTo(200);
        write("faulty", "later");
        assertThat(isThere("faulty", "throttled")).isFalse();
        assertThat(isThere("faulty", "later")).isTrue();
    }

    @Test
    void aFailureIsTheServices() throws Exception {
        put(
                "[{\"service\":\"dynamodb\",\"table\":\"faulty\",\"kind\":\"fail\"},{\"service\":\"eventbridge\",\"kind\":\"fail\"}]");

        assertThatThrownBy(() -> write("faulty", "failed")).isInstanceOf(InternalServerErrorException.class);
        assertThatThrownBy(FaultsIT::publish)
                .isInstanceOfSatisfying(
                        EventBridgeException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(500));
    }

    @Test
    void anAnswerThatIsLostIsNoWriteThatIsLost() throws Exception {
        put(
                "[{\"service\":\"dynamodb\",\"table\":\"faulty\",\"kind\":\"lose_answer\"},{\"service\":\"eventbridge\",\"kind\":\"lose_answer\"}]");

        assertThatThrownBy(() -> write("faulty", "ambiguous")).isInstanceOf(InternalServerErrorException.class);
        assertThatThrownBy(FaultsIT::publish).isInstanceOf(EventBridgeException.class);

        assertThat(faults("DELETE", "")).isEqualTo(200);
        assertThat(isThere("faulty", "ambiguous")).isTrue();
        HttpRequest request = HttpRequest.newBuilder(aws.endpoint().resolve("/_local/events?source=lost"))
                .build();
        assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .contains("\"detail\"");
    }

    @Test
    void aRequestThatHangsGetsNoAnswer() throws Exception {
        put("[{\"service\":\"dynamodb\",\"table\":\"faulty\",\"kind\":\"hang\",\"share\":1}]");

        assertThatThrownBy(() -> dynamo.putItem(r -> r.tableName("faulty")
                        .item(Map.of("id", AttributeValue.fromS("hung")))
                        .overrideConfiguration(o -> o.apiCallAttemptTimeout(Duration.ofSeconds(2)))))
                .isInstanceOf(SdkClientException.class);
        write("healthy", "two");

        assertThat(faults("DELETE", "")).isEqualTo(200);
        assertThat(isThere("faulty", "hung")).isFalse();
    }

    @Test
    void whatIsNoFaultIsRefusedWithWhatWouldBeOne() throws Exception {
        assertThat(faults("PUT", "[{\"service\":\"dynamodb\",\"kind\":\"explode\"}]"))
                .isEqualTo(400);
        assertThat(faults("PUT", "[{\"service\":\"dynamodb\",\"kind\":\"fail\",\"share\":2}]"))
                .isEqualTo(400);
        assertThat(faults("PUT", "{")).isEqualTo(400);
        assertThat(faults("POST", "")).isEqualTo(405);
    }

    @Test
    void withoutTheOptionThereAreNoFaults() throws Exception {
        try (LocalAws plain = LocalAws.start(LocalAwsSettings.onAnyPort())) {
            HttpRequest request = HttpRequest.newBuilder(plain.endpoint().resolve("/_local/faults"))
                    .build();
            assertThat(HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                    .isEqualTo(501);
        }
    }

    private static void put(String faults) throws Exception {
        assertThat(faults("PUT", faults)).isEqualTo(200);
    }

    private static int faults(String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(aws.endpoint().resolve("/_local/faults"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private static void write(String table, String id) {
        dynamo.putItem(r -> r.tableName(table).item(Map.of("id", AttributeValue.fromS(id))));
    }

    private static boolean isThere(String table, String id) {
        return dynamo.getItem(r -> r.tableName(table).key(Map.of("id", AttributeValue.fromS(id))))
                .hasItem();
    }

    private static void publish() {
        events.putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                .source("lost")
                .detailType("test")
                .detail("{}")
                .build()));
    }
}
