package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ConsumerDescription;
import software.amazon.awssdk.services.kinesis.model.ConsumerStatus;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * What a client may rely on under enhanced fan-out, through the SDK over HTTP/2. Runs against this endpoint or, with the system
 * property {@code contract.endpoint}, against another one.
 */
class FanOutContractIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String SHARD = "shardId-000000000000";
    private static final StartingPosition OLDEST =
            StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build();

    private static @Nullable EndpointServer own;
    private static URI endpoint = URI.create("http://127.0.0.1");

    private final KinesisAsyncClient kinesis = FanOut.client(endpoint);
    private final String stream = "contract-" + UUID.randomUUID();
    private String streamArn = "";
    private String consumerArn = "";

    @BeforeAll
    static void startEndpoint() throws Exception {
        String other = System.getProperty("contract.endpoint");
        if (other == null) {
            own = new EndpointServer(0, Clock.systemUTC(), KinesisLimits.unthrottled());
            endpoint = own.uri();
        } else {
            endpoint = URI.create(other);
        }
    }

    @AfterAll
    static void stopEndpoint() {
        if (own != null) {
            own.close();
        }
    }

    @BeforeEach
    void createStreamAndConsumer() {
        kinesis.createStream(b -> b.streamName(stream).shardCount(1)).join();
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> kinesis.describeStreamSummary(b -> b.streamName(stream))
                                .join()
                                .streamDescriptionSummary()
                                .streamStatus()
                        == StreamStatus.ACTIVE);
        streamArn = kinesis.describeStreamSummary(b -> b.streamName(stream))
                .join()
                .streamDescriptionSummary()
                .streamARN();
        consumerArn = kinesis.registerStreamConsumer(b -> b.streamARN(streamArn).consumerName("reader"))
                .join()
                .consumer()
                .consumerARN();
        Awaitility.await().atMost(PATIENCE).until(() -> describedByArn().consumerStatus() == ConsumerStatus.ACTIVE);
    }

    @AfterEach
    void deleteStream() {
        kinesis.deleteStream(b -> b.streamName(stream).enforceConsumerDeletion(true))
                .join();
    }

    @Test
    void consumerIsFoundByArnByNameAndInTheListUntilDeregistered() {
        assertThat(describedByArn().streamARN()).isEqualTo(streamArn);
        assertThat(kinesis.describeStreamConsumer(b -> b.streamARN(streamArn).consumerName("reader"))
                        .join()
                        .consumerDescription()
                        .consumerARN())
                .isEqualTo(consumerArn);
        assertThat(kinesis.listStreamConsumers(b -> b.streamARN(streamArn))
                        .join()
                        .consumers())
                .singleElement()
                .satisfies(consumer -> assertThat(consumer.consumerName()).isEqualTo("reader"));
        assertThatThrownBy(() -> kinesis.registerStreamConsumer(
                                b -> b.streamARN(streamArn).consumerName("reader"))
                        .join())
                .hasCauseInstanceOf(ResourceInUseException.class);

        kinesis.deregisterStreamConsumer(b -> b.consumerARN(consumerArn)).join();

        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThatThrownBy(this::describedByArn).hasCauseInstanceOf(ResourceNotFoundException.class));
    }

    @Test
    void subscriptionPushesWhatIsThereAndWhatComes() {
        put("one");
        put("two");
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        Awaitility.await().atMost(PATIENCE).until(() -> fanOut.texts().size() == 2);

        String third = put("three");

        Awaitility.await().atMost(PATIENCE).until(() -> fanOut.texts().size() == 3);
        assertThat(fanOut.texts()).containsExactly("one", "two", "three");
        assertThat(fanOut.events())
                .allSatisfy(
                        event -> assertThat(event.continuationSequenceNumber()).isNotNull())
                .allSatisfy(event -> assertThat(event.childShards()).isEmpty());
        assertThat(fanOut.lastEvent().millisBehindLatest()).isZero();
        assertThat(new BigInteger(fanOut.lastEvent().continuationSequenceNumber()))
                .isGreaterThanOrEqualTo(new BigInteger(third));
    }

    @Test
    void shardEndBringsTheChildrenNoContinuationAndTheEndOfTheStream() throws Exception {
        put("one");
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        Awaitility.await().atMost(PATIENCE).until(() -> fanOut.texts().size() == 1);

        kinesis.splitShard(b -> b.streamName(stream)
                        .shardToSplit(SHARD)
                        .newStartingHashKey(BigInteger.TWO.pow(127).toString()))
                .join();

        fanOut.end().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        assertThat(fanOut.texts()).containsExactly("one");
        assertThat(fanOut.lastEvent().continuationSequenceNumber()).isNull();
        assertThat(fanOut.lastEvent().childShards())
                .hasSize(2)
                .allSatisfy(child -> assertThat(child.parentShards()).containsExactly(SHARD));
    }

    @Test
    void idleSubscriptionSendsEventsWhoseContinuationLosesNothing() {
        StartingPosition latest =
                StartingPosition.builder().type(ShardIteratorType.LATEST).build();
        FanOut first = FanOut.subscribe(kinesis, consumerArn, SHARD, latest);
        Awaitility.await().atMost(PATIENCE).until(() -> !first.events().isEmpty());
        String continuation = first.lastEvent().continuationSequenceNumber();
        assertThat(first.texts()).isEmpty();
        assertThat(continuation).isNotNull();
        first.end().cancel(true);
        put("missed");

        FanOut second = resubscribe(StartingPosition.builder()
                .type(ShardIteratorType.AFTER_SEQUENCE_NUMBER)
                .sequenceNumber(continuation)
                .build());

        Awaitility.await().atMost(PATIENCE).until(() -> second.texts().equals(List.of("missed")));
    }

    /** A subscription of the last 5 s refuses the next, so this one is tried until it stands. */
    private FanOut resubscribe(StartingPosition from) {
        FanOut[] standing = new FanOut[1];
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofSeconds(1)).until(() -> {
            FanOut attempt = FanOut.subscribe(kinesis, consumerArn, SHARD, from);
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> attempt.end().isDone() || !attempt.events().isEmpty());
            standing[0] = attempt;
            return !attempt.end().isDone();
        });
        return standing[0];
    }

    @Test
    void secondSubscriptionRightAfterTheFirstIsInUse() {
        FanOut first = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        put("one");
        Awaitility.await().atMost(PATIENCE).until(() -> first.texts().size() == 1);

        FanOut second = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);

        assertThatThrownBy(() -> second.end().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ResourceInUseException.class);
        put("two");
        Awaitility.await().atMost(PATIENCE).until(() -> first.texts().size() == 2);
    }

    @Test
    void unknownConsumerIsNotFound() {
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn.replace("reader", "nobody"), SHARD, OLDEST);

        assertThatThrownBy(() -> fanOut.end().get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ResourceNotFoundException.class);
    }

    private ConsumerDescription describedByArn() {
        return kinesis.describeStreamConsumer(b -> b.consumerARN(consumerArn))
                .join()
                .consumerDescription();
    }

    private String put(String text) {
        return kinesis.putRecord(b -> b.streamName(stream).partitionKey("k").data(SdkBytes.fromUtf8String(text)))
                .join()
                .sequenceNumber();
    }
}
