package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.Failures;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.kinesis.LeaseTable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/**
 * What a worker needs of an endpoint, service by service, against any: {@code -Dit.endpoint=http://…}; without it the embedded AWS. Of one that
 * lacks something it says what, all of it at once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class EndpointIT {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final Duration READY = Duration.ofSeconds(60);

    private final String name = "endpoint-it-" + UUID.randomUUID().toString().substring(0, 8);
    private TestEndpoint aws;
    private AwsClients clients;

    /** A few calls of one service. */
    private interface Use {
        void make() throws Exception;
    }

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void whatAWorkerNeedsIsThere() {
        Map<String, Use> uses = new LinkedHashMap<>();
        uses.put("Kinesis", this::kinesis);
        uses.put("DynamoDB", this::dynamo);
        uses.put("DynamoDB, KCL's table with its index", this::leases);
        uses.put("EventBridge", this::events);
        uses.put("CloudWatch", this::metrics);
        uses.put("S3", this::bucket);
        List<String> missing = new ArrayList<>();
        uses.forEach((service, use) -> {
            try {
                use.make();
            } catch (Exception e) {
                missing.add(service + ": " + Failures.of(e).text());
            }
        });
        assertThat(missing).as("what this endpoint lacks").isEmpty();
    }

    private void kinesis() throws InterruptedException {
        await(clients.kinesis().createStream(r -> r.streamName(name).shardCount(1)));
        Awaitility.await()
                .atMost(READY)
                .until(() -> await(clients.kinesis().describeStreamSummary(r -> r.streamName(name)))
                                .streamDescriptionSummary()
                                .streamStatus()
                        == StreamStatus.ACTIVE);
        await(clients.kinesis()
                .putRecord(r -> r.streamName(name).partitionKey("P").data(SdkBytes.fromUtf8String("{}"))));
        String shard = await(clients.kinesis().listShards(r -> r.streamName(name)))
                .shards()
                .get(0)
                .shardId();
        String iterator = await(clients.kinesis()
                        .getShardIterator(r ->
                                r.streamName(name).shardId(shard).shardIteratorType(ShardIteratorType.TRIM_HORIZON)))
                .shardIterator();
        assertThat(await(clients.kinesis().getRecords(r -> r.shardIterator(iterator)))
                        .records())
                .hasSize(1);
        await(clients.kinesis().deleteStream(r -> r.streamName(name)));
    }

    private void dynamo() throws InterruptedException {
        Tables.Names names = new Tables.Names(name + "-r", name + "-a", name + "-d", name + "-s");
        new Tables(clients.dynamo()).createMissing(names);
        Map<String, AttributeValue> item =
                Map.of("process_id", AttributeValue.fromS("P"), "timestamp", AttributeValue.fromN("1"));
        await(clients.dynamo()
                .putItem(r -> r.tableName(names.results())
                        .item(item)
                        .conditionExpression("attribute_not_exists(process_id)")));
        assertThat(await(clients.dynamo()
                                .getItem(r ->
                                        r.tableName(names.results()).key(item).consistentRead(true)))
                        .item())
                .isEqualTo(item);
        for (TableSpec table : names.specs()) {
            await(clients.dynamo().deleteTable(r -> r.tableName(table.name())));
        }
    }

    private void leases() throws InterruptedException {
        await(clients.dynamo().createTable(LeaseTable.spec(name).request()));
        Awaitility.await()
                .atMost(READY)
                .until(() -> await(clients.dynamo().describeTable(r -> r.tableName(name)))
                        .table()
                        .globalSecondaryIndexes()
                        .get(0)
                        .indexStatusAsString()
                        .equals("ACTIVE"));
        await(clients.dynamo().deleteTable(r -> r.tableName(name)));
    }

    private void events() throws InterruptedException {
        await(clients.events().putRule(r -> r.name(name).eventPattern("{\"source\":[\"manufacturing.process\"]}")));
        int failed = await(clients.events()
                        .putEvents(r -> r.entries(PutEventsRequestEntry.builder()
                                .source("manufacturing.process")
                                .detailType("Process Optimization")
                                .detail("{}")
                                .build())))
                .failedEntryCount();
        assertThat(failed).isZero();
        await(clients.events().deleteRule(r -> r.name(name)));
    }

    private void metrics() throws InterruptedException {
        await(clients.cloudWatch()
                .putMetricData(r -> r.namespace("endpoint-it")
                        .metricData(MetricDatum.builder()
                                .metricName("OEE_Score")
                                .value(1.0)
                                .build())));
    }

    private void bucket() throws InterruptedException {
        await(clients.s3().createBucket(r -> r.bucket(name)));
        await(clients.s3().putObject(r -> r.bucket(name).key("k"), AsyncRequestBody.fromString("v")));
        await(clients.s3().deleteObject(r -> r.bucket(name).key("k")));
        await(clients.s3().deleteBucket(r -> r.bucket(name)));
    }

    private static <T> T await(CompletableFuture<T> call) throws InterruptedException {
        return Calls.await(call, ANSWER);
    }
}
