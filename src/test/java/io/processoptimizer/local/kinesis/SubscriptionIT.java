package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;

/** The life of a subscription where its times are shortened and the clock is ours. */
class SubscriptionIT {
    private static final String SHARD = "shardId-000000000000";
    private static final long PATIENCE_SECONDS = 30;
    private static final StartingPosition OLDEST =
            StartingPosition.builder().type(ShardIteratorType.TRIM_HORIZON).build();

    private final ManualClock clock = new ManualClock();
    private final EndpointServer endpoint;
    private final KinesisAsyncClient kinesis;
    private String consumerArn = "";

    SubscriptionIT() throws Exception {
        Subscription.Timing timing = new Subscription.Timing(Duration.ofSeconds(2), Duration.ofMillis(300));
        endpoint = new EndpointServer(0, clock, KinesisLimits.asInTheService(), timing);
        kinesis = FanOut.client(endpoint.uri());
    }

    @BeforeEach
    void createStreamAndConsumer() {
        kinesis.createStream(b -> b.streamName("s").shardCount(1)).join();
        consumerArn = kinesis.registerStreamConsumer(b -> b.streamARN("arn:aws:kinesis:us-east-1:000000000000:stream/s")
                        .consumerName("reader"))
                .join()
                .consumer()
                .consumerARN();
    }

    @AfterEach
    void stop() {
        kinesis.close();
        endpoint.close();
    }

    @Test
    void endsInGoodOrderWhenItsTimeIsUpWithHeartbeatsUntilThen() throws Exception {
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);

        fanOut.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS);

        assertThat(fanOut.events()).hasSizeGreaterThanOrEqualTo(3).allSatisfy(event -> {
            assertThat(event.records()).isEmpty();
            assertThat(event.continuationSequenceNumber()).hasSize(56);
        });
    }

    @Test
    void laterSubscriptionTakesOverAndTheEarlierIsToldSo() {
        FanOut first = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        awaitEvent(first);
        clock.advance(Duration.ofSeconds(5));

        FanOut second = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);

        awaitEvent(second);
        assertThatThrownBy(() -> first.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ResourceInUseException.class);
        assertThat(second.end()).isNotDone();
    }

    @Test
    void deletedStreamEndsItsSubscriptions() {
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        awaitEvent(fanOut);

        kinesis.deleteStream(b -> b.streamName("s").enforceConsumerDeletion(true))
                .join();

        assertThatThrownBy(() -> fanOut.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void deregisteredConsumerLosesItsSubscriptions() {
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);
        awaitEvent(fanOut);

        kinesis.deregisterStreamConsumer(b -> b.consumerARN(consumerArn)).join();

        assertThatThrownBy(() -> fanOut.end().get(PATIENCE_SECONDS, TimeUnit.SECONDS))
                .hasRootCauseInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void readsNoFasterThanTwoMebibytesASecond() {
        for (int i = 0; i < 4; i++) {
            kinesis.putRecord(b ->
                            b.streamName("s").partitionKey("k").data(SdkBytes.fromByteArrayUnsafe(new byte[1_000_000])))
                    .join();
            clock.advance(Duration.ofSeconds(1));
        }
        FanOut fanOut = FanOut.subscribe(kinesis, consumerArn, SHARD, OLDEST);

        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> fanOut.texts().size() >= 2 && heartbeats(fanOut) > 0);
        assertThat(fanOut.texts()).hasSizeLessThan(4);
        clock.advance(Duration.ofSeconds(2));
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> fanOut.texts().size() == 4);
    }

    private static long heartbeats(FanOut fanOut) {
        return fanOut.events().stream()
                .filter(event -> event.records().isEmpty())
                .count();
    }

    private static void awaitEvent(FanOut fanOut) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .until(() -> !fanOut.events().isEmpty());
    }
}
