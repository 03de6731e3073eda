package io.processoptimizer.local;

import io.processoptimizer.local.actions.ActionsHandler;
import io.processoptimizer.local.bedrock.BedrockHandler;
import io.processoptimizer.local.cloudwatch.CloudWatch;
import io.processoptimizer.local.dynamodb.DynamoDbHandler;
import io.processoptimizer.local.eventbridge.EventBridge;
import io.processoptimizer.local.faults.Fault;
import io.processoptimizer.local.faults.FaultsHandler;
import io.processoptimizer.local.kinesis.KinesisHandler;
import io.processoptimizer.local.kinesis.KinesisLimits;
import io.processoptimizer.local.s3.S3Handler;
import io.processoptimizer.local.sagemaker.SageMakerHandler;
import io.processoptimizer.local.wire.ServicesHandler;
import io.processoptimizer.model.EfficiencyModel;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.http2.RateControl;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.DelayedHandler;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * The embedded AWS: START HERE. One loopback port that speaks HTTP/1.1 and, with prior knowledge, HTTP/2 in the clear (the SDKs'
 * asynchronous Kinesis client knows nothing else), and hands each request to the service that it names.
 */
public final class LocalAws implements AutoCloseable {
    /** A worker with its KCL, a factory and a few CLI calls use about 20 at once; long subscriptions hold none. */
    private static final int MAX_THREADS = 128;

    /** A fan-out consumer per shard and the clients' own pools (50 each) on one connection. */
    private static final int MAX_STREAMS_PER_CONNECTION = 1_000;

    /**
     * Longer than any SDK keeps an idle connection (60 s) and than a fault delays an answer, so that it is the client that closes, never
     * a race.
     */
    private static final long IDLE_MILLIS = Fault.MAX_DELAY_MILLIS + 100_000;

    /** A signed request with a session token has headers of some kilobytes. */
    private static final int MAX_HEADER_BYTES = 32 * 1024;

    /**
     * Levels of slf4j-simple that hold unless the user sets others: the server tells its life at INFO; DynamoDB Local tells each
     * request at INFO and each refused one, which to a client of conditional writes is daily business, at WARN with its trace.
     */
    private static final Map<String, String> QUIET = Map.of(
            "org.slf4j.simpleLogger.log.org.eclipse.jetty", "warn",
            "org.slf4j.simpleLogger.log.com.amazonaws.services.dynamodbv2.local", "error");

    private final Server server;
    private final ServerConnector connector;
    private final DynamoDbHandler dynamoDb;

    private LocalAws(Server server, ServerConnector connector, DynamoDbHandler dynamoDb) {
        this.server = server;
        this.connector = connector;
        this.dynamoDb = dynamoDb;
    }

    /**
     * Starts listening. DynamoDB goes on opening in the background and holds its requests until it is there, so a caller need not
     * wait; {@link #awaitReady()} does.
     *
     * @throws IOException when the port is taken or the model cannot be read, with the remedy
     */
    public static LocalAws start(LocalAwsSettings settings) throws IOException {
        Path model = settings.model();
        EfficiencyModel efficiency = model == null ? EfficiencyModel.untrained() : EfficiencyModel.read(model);
        QUIET.forEach((property, level) -> System.getProperties().putIfAbsent(property, level));
        QueuedThreadPool threads = new QueuedThreadPool(MAX_THREADS);
        threads.setName("local-aws");
        threads.setDaemon(true);
        Server server = new Server(threads);
        ServerConnector connector = connector(server, settings.port());
        server.addConnector(connector);
        try {
            // Before DynamoDB begins to open: a process that ends at once over a taken port would tear its native
            // library away.
            connector.open();
        } catch (IOException e) {
            throw startFailure(settings.port(), e);
        }
        DynamoDbHandler dynamoDb = new DynamoDbHandler(settings.directory());
        Handler services = services(settings, dynamoDb, efficiency);
        // Handlers read bodies to their end: they begin when there is something to read, or a client that puts more
        // requests
        // than there are threads on one HTTP/2 connection would have all of them wait, and none left to receive.
        server.setHandler(untilContent(settings.faults() ? new FaultsHandler(noting(services, settings)) : services));
        try {
            server.start();
        } catch (Exception e) {
            stop(server, dynamoDb);
            throw startFailure(settings.port(), e);
        }
        return new LocalAws(server, connector, dynamoDb);
    }

    private static Handler noting(Handler services, LocalAwsSettings settings) {
        return new ActionsHandler(services, settings.region() + ":" + LocalAwsSettings.ACCOUNT);
    }

    /** Whatever the content is: a form is not read ahead, since the query protocol of AWS reads it itself. */
    private static Handler untilContent(Handler handler) {
        return new DelayedHandler(handler) {
            @Override
            protected DelayedProcess newDelayedProcess(
                    boolean contentExpected,
                    String contentType,
                    MimeTypes.Type mimeType,
                    Handler next,
                    Request request,
                    Response response,
                    Callback callback) {
                return super.newDelayedProcess(contentExpected, contentType, null, next, request, response, callback);
            }
        };
    }

    /** Each answers what is its own and leaves the rest to the next. */
    private static Handler services(LocalAwsSettings settings, DynamoDbHandler dynamoDb, EfficiencyModel efficiency) {
        InstantSource clock = InstantSource.system();
        EventBridge events = new EventBridge(clock, LocalAwsSettings.ACCOUNT, settings.region());
        return new Handler.Sequence(
                kinesis(settings),
                dynamoDb,
                new S3Handler(clock, settings.region()),
                new SageMakerHandler(efficiency),
                new BedrockHandler(),
                new ServicesHandler(List.of(CloudWatch.service(clock), events.service(), CallerIdentity.service())),
                new LocalPages(events.archive(), dynamoDb::isReady),
                new NotServed(List.of(
                        "Kinesis",
                        "DynamoDB",
                        "DynamoDB Streams",
                        "S3 (signed requests)",
                        "CloudWatch metrics",
                        "EventBridge",
                        "SageMaker InvokeEndpoint",
                        "Bedrock Converse and InvokeModel",
                        "STS")));
    }

    private static KinesisHandler kinesis(LocalAwsSettings settings) {
        KinesisLimits limits = settings.kinesisLimits() ? KinesisLimits.asInTheService() : KinesisLimits.unthrottled();
        return new KinesisHandler(InstantSource.system(), limits, settings.region(), LocalAwsSettings.ACCOUNT);
    }

    private static ServerConnector connector(Server server, int port) {
        HttpConfiguration http = new HttpConfiguration();
        http.setRequestHeaderSize(MAX_HEADER_BYTES);
        http.setSendServerVersion(false);
        // A key of S3 may be anything, %2F and .. included; no handler here takes a path for a file's.
        http.setUriCompliance(UriCompliance.UNSAFE);
        HTTP2CServerConnectionFactory http2 = new HTTP2CServerConnectionFactory(http);
        http2.setMaxConcurrentStreams(MAX_STREAMS_PER_CONNECTION);
        // Protects public servers from floods of control frames; here it would cut off a busy but honest client.
        http2.setRateControlFactory(new RateControl.Factory() {});
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http), http2);
        connector.setHost(InetAddress.getLoopbackAddress().getHostAddress());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_MILLIS);
        return connector;
    }

    private static IOException startFailure(int port, Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return new IOException(
                        "port " + port
                                + " is in use, perhaps by another embedded AWS: stop that one or choose another port",
                        e);
            }
        }
        return new IOException("the embedded AWS did not start: " + e.getMessage(), e);
    }

    /** Where the services are, for instance {@code http://127.0.0.1:4566}; every client's endpoint override. */
    public URI endpoint() {
        return URI.create("http://" + connector.getHost() + ":" + connector.getLocalPort());
    }

    /**
     * Returns when every service answers without waiting.
     *
     * @throws IOException when DynamoDB Local could not be opened, with the reason and the remedy
     */
    public void awaitReady() throws IOException {
        dynamoDb.awaitReady();
    }

    /** Stops listening, cuts off what is under way and closes the stores. Further calls do nothing. */
    @Override
    public void close() {
        stop(server, dynamoDb);
    }

    private static void stop(Server server, DynamoDbHandler dynamoDb) {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException("the embedded AWS did not stop cleanly: " + e.getMessage(), e);
        } finally {
            dynamoDb.close();
        }
    }
}
