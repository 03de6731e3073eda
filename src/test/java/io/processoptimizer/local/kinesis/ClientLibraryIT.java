package io.processoptimizer.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ScalingType;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.KinesisClientRecord;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** The real Kinesis Client Library reads a stream on this endpoint through a split, a merge and a scaling. */
class ClientLibraryIT {
    private static final String STREAM = "telemetry";
    private static final int KEYS = 8;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    enum Retrieval {
        POLLING,
        FAN_OUT
    }

    private final LocalAws aws;
    private final KinesisAsyncClient kinesis;
    private final DynamoDbAsyncClient dynamoDb;
    private final CloudWatchAsyncClient cloudWatch;
    private int sent;

    /** An application of the library, and what it has read. */
    private final class Reader {
        final Map<String, List<String>> received = new ConcurrentHashMap<>();
        final Set<String> ended = ConcurrentHashMap.newKeySet();
        final Scheduler scheduler;
        final Thread thread;

        Reader(Retrieval retrieval) {
            scheduler = scheduler(retrieval, () -> new Recorder(this));
            thread = new Thread(scheduler, "client-library-" + retrieval);
            thread.start();
        }

        void awaitAll() {
            List<String> expected =
                    IntStream.range(0, sent).mapToObj(Integer::toString).toList();
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> received.size() == KEYS
                            && received.values().stream().allMatch(texts -> texts.size() >= sent));
            assertThat(received.values()).allSatisfy(texts -> assertThat(texts).isEqualTo(expected));
        }
    }

    ClientLibraryIT() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        StaticCredentialsProvider anybody =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test"));
        kinesis = FanOut.client(aws.endpoint());
        dynamoDb = DynamoDbAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(anybody)
                .build();
        cloudWatch = CloudWatchAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(anybody)
                .build();
    }

    @AfterEach
    void stop() {
        kinesis.close();
        dynamoDb.close();
        cloudWatch.close();
        aws.close();
    }

    /** Both ways to read at once, as two applications: most of the time is waiting for the library's own pauses. */
    @Test
    void everyRecordComesOnceAndInOrderThroughReshardings() throws Exception {
        kinesis.createStream(b -> b.streamName(STREAM).shardCount(2)).join();
        List<Reader> readers = Stream.of(Retrieval.values()).map(Reader::new).toList();
        send(50);
        readers.forEach(Reader::awaitAll);

        kinesis.splitShard(b -> b.streamName(STREAM)
                        .shardToSplit("shardId-000000000000")
                        .newStartingHashKey(BigInteger.TWO.pow(126).toString()))
                .join();
        send(50);
        kinesis.mergeShards(b -> b.streamName(STREAM)
                        .shardToMerge("shardId-000000000003")
                        .adjacentShardToMerge("shardId-000000000001"))
                .join();
        send(50);
        kinesis.updateShardCount(b -> b.streamName(STREAM).targetShardCount(4).scalingType(ScalingType.UNIFORM_SCALING))
                .join();
        send(50);
        readers.forEach(Reader::awaitAll);

        Set<String> closed = kinesis.listShards(b -> b.streamName(STREAM)).join().shards().stream()
                .filter(shard -> shard.sequenceNumberRange().endingSequenceNumber() != null)
                .map(shard -> shard.shardId())
                .collect(Collectors.toSet());
        for (Reader reader : readers) {
            Awaitility.await().atMost(PATIENCE).until(() -> reader.ended.equals(closed));
        }
        for (Reader reader : readers) {
            reader.scheduler.startGracefulShutdown().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            reader.thread.join(PATIENCE.toMillis());
            assertThat(reader.thread.isAlive()).isFalse();
        }
    }

    private void send(int each) {
        for (int i = 0; i < each; i++) {
            String text = Integer.toString(sent++);
            for (int key = 0; key < KEYS; key++) {
                String partitionKey = "P" + key;
                kinesis.putRecord(b ->
                                b.streamName(STREAM).partitionKey(partitionKey).data(SdkBytes.fromUtf8String(text)))
                        .join();
            }
        }
    }

    private Scheduler scheduler(Retrieval retrieval, ShardRecordProcessorFactory recorders) {
        String application = "reader-" + retrieval;
        SingleStreamTracker tracker = new SingleStreamTracker(
                STREAM, InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON));
        ConfigsBuilder configs =
                new ConfigsBuilder(tracker, application, kinesis, dynamoDb, cloudWatch, "worker-1", recorders);
        RetrievalSpecificConfig specific = retrieval == Retrieval.POLLING
                ? new PollingConfig(STREAM, kinesis).idleTimeBetweenReadsInMillis(250)
                : new FanOutConfig(kinesis).streamName(STREAM).applicationName(application);
        return new Scheduler(
                configs.checkpointConfig(),
                configs.coordinatorConfig()
                        .parentShardPollIntervalMillis(500)
                        .shardConsumerDispatchPollIntervalMillis(200),
                configs.leaseManagementConfig()
                        .failoverTimeMillis(3_000L)
                        .leaseAssignmentIntervalMillis(500L)
                        .shardSyncIntervalMillis(1_000)
                        .leasesRecoveryAuditorExecutionFrequencyMillis(2_000),
                configs.lifecycleConfig(),
                configs.metricsConfig().metricsLevel(MetricsLevel.NONE),
                configs.processorConfig(),
                configs.retrievalConfig().retrievalSpecificConfig(specific));
    }

    private static final class Recorder implements ShardRecordProcessor {
        private final Reader reader;
        private String shard = "";

        Recorder(Reader reader) {
            this.reader = reader;
        }

        @Override
        public void initialize(InitializationInput input) {
            shard = input.shardId();
        }

        @Override
        public void processRecords(ProcessRecordsInput input) {
            for (KinesisClientRecord record : input.records()) {
                byte[] bytes = new byte[record.data().remaining()];
                record.data().get(bytes);
                reader.received
                        .computeIfAbsent(record.partitionKey(), unused -> new CopyOnWriteArrayList<>())
                        .add(new String(bytes, StandardCharsets.UTF_8));
            }
        }

        @Override
        public void leaseLost(LeaseLostInput input) {}

        @Override
        public void shardEnded(ShardEndedInput input) {
            try {
                input.checkpointer().checkpoint();
                reader.ended.add(shard);
            } catch (InvalidStateException | ShutdownException e) {
                throw new IllegalStateException("checkpoint at the end of " + shard, e);
            }
        }

        @Override
        public void shutdownRequested(ShutdownRequestedInput input) {}
    }
}
