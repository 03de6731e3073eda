package io.processoptimizer.local.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.processoptimizer.local.bedrock.BedrockHandler;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;

/** What waits on purpose, on a server that closes what is idle for a fraction of that time. */
class FaultsHandlerTest {
    private static final long IDLE_MILLIS = 300;

    private final Server server = new Server();
    private final AtomicInteger arrived = new AtomicInteger();
    private final FaultsHandler faults = new FaultsHandler(new Handler.Wrapper(new BedrockHandler()) {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            arrived.incrementAndGet();
            return super.handle(request, response, callback);
        }
    });
    private URI endpoint = URI.create("http://127.0.0.1");

    @BeforeEach
    void start() throws Exception {
        HttpConfiguration http = new HttpConfiguration();
        ServerConnector connector = new ServerConnector(
                server, 1, 1, new HttpConnectionFactory(http), new HTTP2CServerConnectionFactory(http));
        connector.setHost("127.0.0.1");
        connector.setIdleTimeout(IDLE_MILLIS);
        server.addConnector(connector);
        server.setHandler(faults);
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + connector.getLocalPort());
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void aDelayOutlivesTheIdleTimeOfTheConnection(Protocol protocol) throws Exception {
        // Not a multiple of it: an answer that begins in the very moment in which the time is over is cut off.
        delayBy(4 * IDLE_MILLIS + IDLE_MILLIS / 2);
        try (BedrockRuntimeAsyncClient client = client(protocol)) {
            assertThat(client.converse(r -> r.modelId("m").messages(question()))
                            .get(60, TimeUnit.SECONDS)
                            .stopReason())
                    .isEqualTo(StopReason.END_TURN);
        }
        assertThat(arrived).hasValue(1);
    }

    @Test
    void whatAClientThatHasGoneAskedDoesNotArriveLater() throws Exception {
        delayBy(TimeUnit.MINUTES.toMillis(5));
        try (BedrockRuntimeAsyncClient client = client(Protocol.HTTP2)) {
            CompletableFuture<?> answer = client.converse(r -> r.modelId("m").messages(question()));
            await().atMost(Duration.ofMinutes(1)).until(() -> faults.waiting() == 1);
            answer.cancel(true);
            await().atMost(Duration.ofMinutes(1)).until(() -> faults.waiting() == 0);
        }
        assertThat(arrived).hasValue(0);
    }

    private void delayBy(long millis) throws Exception {
        page(HttpRequest.newBuilder()
                .PUT(HttpRequest.BodyPublishers.ofString(
                        "[{\"service\":\"bedrock\",\"kind\":\"delay\",\"delay_ms\":" + millis + "}]")));
    }

    private String page(HttpRequest.Builder request) throws Exception {
        HttpResponse<String> reply = HttpClient.newHttpClient()
                .send(request.uri(endpoint.resolve("/_local/faults")).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(reply.statusCode()).isEqualTo(200);
        return reply.body();
    }

    private BedrockRuntimeAsyncClient client(Protocol protocol) {
        return BedrockRuntimeAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(protocol))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    private static Message question() {
        return Message.builder()
                .role("user")
                .content(ContentBlock.fromText("Hello"))
                .build();
    }
}
