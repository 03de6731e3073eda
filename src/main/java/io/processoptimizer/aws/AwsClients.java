package io.processoptimizer.aws;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsAsyncClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrock.BedrockAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.eventbridge.EventBridgeAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * The AWS clients of one process, made once and closed together. Leases have a DynamoDB client of their own, so that a burst of
 * outputs can never hold back the renewal of a lease.
 */
public final class AwsClients implements AutoCloseable {
    /** KCL keeps a few calls per shard open; 128 is room for dozens of shards on one worker. */
    private static final int KINESIS_CONNECTIONS = 128;

    /** Outputs in flight are bounded by {@link ReliableWrites}; a connection each, and some for the store. */
    private static final int DYNAMO_CONNECTIONS = ReliableWrites.MAX_IN_FLIGHT + 16;

    /** One attempt of a write; a healthy one takes milliseconds. */
    private static final Duration ATTEMPT_TIMEOUT = Duration.ofSeconds(5);

    /** One attempt at an object of up to 16 MiB: at 20 Mbit/s it takes this long. */
    private static final Duration OBJECT_ATTEMPT_TIMEOUT = Duration.ofSeconds(8);

    private final AwsConnection connection;
    private final boolean fanOut;
    private final Deque<SdkAutoCloseable> opened = new ArrayDeque<>();
    private @Nullable KinesisAsyncClient kinesis;
    private @Nullable DynamoDbAsyncClient leases;
    private @Nullable DynamoDbAsyncClient dynamo;
    private @Nullable CloudWatchAsyncClient cloudWatch;
    private @Nullable EventBridgeAsyncClient events;
    private @Nullable S3AsyncClient s3;
    private @Nullable BedrockRuntimeAsyncClient bedrock;
    private @Nullable SageMakerRuntimeAsyncClient sageMaker;
    private @Nullable BedrockAsyncClient catalogue;

    /**
     * @param connection where AWS is
     * @param fanOut whether shards are read by enhanced fan-out, which needs HTTP/2
     */
    public AwsClients(AwsConnection connection, boolean fanOut) {
        this.connection = connection;
        this.fanOut = fanOut;
    }

    /** Reads and writes streams. */
    public synchronized KinesisAsyncClient kinesis() {
        if (kinesis == null) {
            kinesis = open(this::newKinesis);
        }
        return kinesis;
    }

    /** For KCL's leases only; without our retry mode, since KCL brings its own time-outs. */
    public synchronized DynamoDbAsyncClient leases() {
        if (leases == null) {
            leases = open(() -> at(DynamoDbAsyncClient.builder()).build());
        }
        return leases;
    }

    /** For results, advice, dead letters and states. */
    public synchronized DynamoDbAsyncClient dynamo() {
        if (dynamo == null) {
            dynamo = open(() -> patient(DynamoDbAsyncClient.builder())
                    .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(DYNAMO_CONNECTIONS))
                    .build());
        }
        return dynamo;
    }

    public synchronized CloudWatchAsyncClient cloudWatch() {
        if (cloudWatch == null) {
            cloudWatch = open(() -> patient(CloudWatchAsyncClient.builder()).build());
        }
        return cloudWatch;
    }

    public synchronized EventBridgeAsyncClient events() {
        if (events == null) {
            events = open(() -> patient(EventBridgeAsyncClient.builder()).build());
        }
        return events;
    }

    /**
     * Language models.
     *
     * @param within longest call, its retries included
     */
    public synchronized BedrockRuntimeAsyncClient bedrock(Duration within) {
        if (bedrock == null) {
            bedrock = open(() -> model(BedrockRuntimeAsyncClient.builder(), within)
                    .httpClientBuilder(modelHttp(within)
                            // Most emulators know no HTTP/2 in the clear.
                            .protocol(connection.endpoint() == null ? Protocol.HTTP2 : Protocol.HTTP1_1))
                    .build());
        }
        return bedrock;
    }

    /** Which language models there are, and who may ask them. */
    public synchronized BedrockAsyncClient catalogue() {
        if (catalogue == null) {
            catalogue = open(() -> patient(BedrockAsyncClient.builder()).build());
        }
        return catalogue;
    }

    /**
     * The efficiency model.
     *
     * @param within longest call, its retries included
     */
    public synchronized SageMakerRuntimeAsyncClient sageMaker(Duration within) {
        if (sageMaker == null) {
            sageMaker = open(() -> model(SageMakerRuntimeAsyncClient.builder(), within)
                    .httpClientBuilder(modelHttp(within))
                    .build());
        }
        return sageMaker;
    }

    /** A model takes its time: the whole call has a bound, an attempt none of its own. */
    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B model(B builder, Duration within) {
        return at(builder)
                .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD).apiCallTimeout(within));
    }

    private static NettyNioAsyncHttpClient.Builder modelHttp(Duration within) {
        return NettyNioAsyncHttpClient.builder().readTimeout(within.plusSeconds(1));
    }

    /** For states, where they are kept in a bucket. */
    public synchronized S3AsyncClient s3() {
        if (s3 == null) {
            // The bucket in the path: an emulator has one name, and none for each of its buckets.
            s3 = open(() -> at(S3AsyncClient.builder())
                    .overrideConfiguration(
                            o -> o.retryStrategy(RetryMode.STANDARD).apiCallAttemptTimeout(OBJECT_ATTEMPT_TIMEOUT))
                    .forcePathStyle(connection.endpoint() != null)
                    .build());
        }
        return s3;
    }

    private KinesisAsyncClient newKinesis() {
        KinesisAsyncClientBuilder builder = at(KinesisAsyncClient.builder());
        // Over plain HTTP the SDK would speak HTTP/2 with prior knowledge, which most emulators do not: only fan-out
        // needs it.
        boolean http2 = connection.endpoint() == null || fanOut;
        NettyNioAsyncHttpClient.Builder http = NettyNioAsyncHttpClient.builder()
                .maxConcurrency(KINESIS_CONNECTIONS)
                .protocol(http2 ? Protocol.HTTP2 : Protocol.HTTP1_1);
        return builder.httpClientBuilder(http).build();
    }

    /**
     * Not the SDK's adaptive mode, which paces a whole client by the throttling of one table: measured, it fell to a write a second, on
     * the other tables too, and took a minute to recover. The writes above it wait and repeat by themselves.
     */
    private <B extends AwsClientBuilder<B, C> & AwsAsyncClientBuilder<B, C>, C> B patient(B builder) {
        return at(builder)
                .overrideConfiguration(o -> o.retryStrategy(RetryMode.STANDARD).apiCallAttemptTimeout(ATTEMPT_TIMEOUT));
    }

    private <B extends AwsClientBuilder<B, C>, C> B at(B builder) {
        if (connection.region() != null) {
            builder.region(Region.of(connection.region()));
        }
        if (connection.endpoint() != null) {
            builder.endpointOverride(connection.endpoint());
        }
        if (connection.credentials() == AwsConnection.Credentials.EMULATOR) {
            builder.credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
        }
        return builder;
    }

    private <C extends SdkAutoCloseable> C open(Supplier<C> make) {
        C client = make.get();
        opened.push(client);
        return client;
    }

    /** Closes what was opened, the last first. */
    @Override
    public synchronized void close() {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
    }
}
