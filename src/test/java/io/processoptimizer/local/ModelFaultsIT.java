package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ModelTimeoutException;
import software.amazon.awssdk.services.bedrockruntime.model.ServiceUnavailableException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.model.InvokeEndpointResponse;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelErrorException;
import software.amazon.awssdk.services.sagemakerruntime.model.SageMakerRuntimeException;

/** A model that is asked over the network goes wrong in the ways that its clients must bear, and slowly. */
class ModelFaultsIT {
    /** More than the threads of the server. */
    private static final int MANY = 300;

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // start() sets it
    private static LocalAws aws;

    @SuppressWarnings("NullAway.Init") // start() sets it
    private static BedrockRuntimeAsyncClient bedrock;

    @SuppressWarnings("NullAway.Init") // start() sets it
    private static SageMakerRuntimeAsyncClient sageMaker;

    @BeforeAll
    static void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort().withFaults());
        StaticCredentialsProvider credentials =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
        bedrock = BedrockRuntimeAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().maxConcurrency(MANY))
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
        sageMaker = SageMakerRuntimeAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(credentials)
                .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
                .build();
    }

    @AfterAll
    static void stop() {
        bedrock.close();
        sageMaker.close();
        aws.close();
    }

    @AfterEach
    void endFaults() throws Exception {
        faults("DELETE", "");
    }

    @Test
    void theErrorsOfBedrockAreThoseOfItsClient() throws Exception {
        lay("\"bedrock\",\"kind\":\"throttle\"");
        assertFails(ThrottlingException.class, 429);
        lay("\"bedrock\",\"kind\":\"fail\"");
        assertFails(ServiceUnavailableException.class, 503);
        lay("\"bedrock\",\"kind\":\"time_out\"");
        assertFails(ModelTimeoutException.class, 408);
        lay("\"bedrock\",\"kind\":\"lose_answer\"");
        assertFails(ServiceUnavailableException.class, 503);
        lay("\"sagemaker\",\"kind\":\"fail\"");
        assertThat(converse().join().stopReason()).isEqualTo(StopReason.END_TURN);
    }

    private static void assertFails(Class<? extends BedrockRuntimeException> type, int status) {
        assertThatThrownBy(() -> converse().join())
                .cause()
                .isInstanceOfSatisfying(
                        type, error -> assertThat(error.statusCode()).isEqualTo(status));
    }

    @Test
    void theErrorsOfSageMakerAreThoseOfItsClient() throws Exception {
        lay("\"sagemaker\",\"kind\":\"throttle\"");
        assertThatThrownBy(() -> invoke().join())
                .cause()
                .isInstanceOfSatisfying(
                        SageMakerRuntimeException.class,
                        error -> assertThat(error.isThrottlingException()).isTrue());
        lay("\"sagemaker\",\"kind\":\"fail\"");
        assertThatThrownBy(() -> invoke().join())
                .cause()
                .isInstanceOf(software.amazon.awssdk.services.sagemakerruntime.model.ServiceUnavailableException.class);
        lay("\"sagemaker\",\"kind\":\"time_out\"");
        assertThatThrownBy(() -> invoke().join()).cause().isInstanceOf(ModelErrorException.class);
        lay("\"bedrock\",\"kind\":\"fail\"");
        assertThat(invoke().join().body().asUtf8String()).contains("efficiency_score");
    }

    @Test
    void aModelThatHangsIsLeftWhenTheTimeOfTheClientIsOver() throws Exception {
        lay("\"bedrock\",\"kind\":\"hang\"");

        assertThatThrownBy(() -> bedrock.converse(r -> r.modelId("m")
                                .messages(question())
                                .overrideConfiguration(o -> o.apiCallTimeout(Duration.ofMillis(500))))
                        .join())
                .cause()
                .isInstanceOf(ApiCallTimeoutException.class);

        assertThat(faults("GET", "").body()).contains("\"hits\":1");
    }

    @Test
    void aDelayedAnswerIsTheAnswer() throws Exception {
        lay("\"bedrock\",\"kind\":\"delay\",\"delay_ms\":700");
        long start = System.nanoTime();

        assertThat(converse().join().stopReason()).isEqualTo(StopReason.END_TURN);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void anErrorMayBeLongInComing() throws Exception {
        lay("\"sagemaker\",\"kind\":\"time_out\",\"delay_ms\":700");
        long start = System.nanoTime();

        assertThatThrownBy(() -> invoke().join()).cause().isInstanceOf(ModelErrorException.class);

        assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(700));
    }

    @Test
    void manySlowAnswersHoldNoThreadAndComeAtOnceWhenTheFaultEnds() throws Exception {
        lay("\"bedrock\",\"kind\":\"delay\",\"delay_ms\":900000");
        List<CompletableFuture<ConverseResponse>> waiting = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            waiting.add(converse());
        }
        while (!faults("GET", "").body().contains("\"hits\":" + MANY)) {
            Thread.sleep(20);
        }
        assertThat(invoke().get(60, TimeUnit.SECONDS).body().asUtf8String()).contains("efficiency_score");
        assertThat(waiting).noneMatch(CompletableFuture::isDone);

        faults("DELETE", "");

        for (CompletableFuture<ConverseResponse> one : waiting) {
            assertThat(one.get(60, TimeUnit.SECONDS).stopReason()).isEqualTo(StopReason.END_TURN);
        }
    }

    @Test
    void whatIsNoFaultOfAModelIsRefused() throws Exception {
        assertThat(refusal("\"dynamodb\",\"kind\":\"time_out\"")).contains("bedrock and sagemaker only");
        assertThat(refusal("\"bedrock\",\"kind\":\"fail\",\"table\":\"T\"")).contains("dynamodb only");
        assertThat(refusal("\"bedrock\",\"kind\":\"delay\"")).contains("must be above 0");
        assertThat(refusal("\"bedrock\",\"kind\":\"hang\",\"delay_ms\":5")).contains("left out for hang");
        assertThat(refusal("\"bedrock\",\"kind\":\"fail\",\"delay_ms\":900001")).contains("0 to 900000");
        assertThat(refusal("\"bedrock\",\"kind\":\"fail\",\"delay_ms\":\"9\"")).contains("whole number");
    }

    private static String refusal(String fault) throws Exception {
        HttpResponse<String> reply = faults("PUT", "[{\"service\":" + fault + "}]");
        assertThat(reply.statusCode()).isEqualTo(400);
        return reply.body();
    }

    private static void lay(String fault) throws Exception {
        assertThat(faults("PUT", "[{\"service\":" + fault + "}]").statusCode()).isEqualTo(200);
    }

    private static HttpResponse<String> faults(String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(aws.endpoint().resolve("/_local/faults"))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }

    private static CompletableFuture<ConverseResponse> converse() {
        return bedrock.converse(r -> r.modelId("m").messages(question()));
    }

    private static Message question() {
        return Message.builder()
                .role("user")
                .content(ContentBlock.fromText("Hello"))
                .build();
    }

    private static CompletableFuture<InvokeEndpointResponse> invoke() {
        return sageMaker.invokeEndpoint(r -> r.endpointName("process-efficiency-endpoint")
                .contentType("application/json")
                .body(SdkBytes.fromUtf8String("{\"process_id\":\"P\",\"process_data\":{\"features\":{}}}")));
    }
}
