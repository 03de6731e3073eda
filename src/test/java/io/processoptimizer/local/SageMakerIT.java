package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.aws.AwsConnection;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.sagemakerruntime.SageMakerRuntimeAsyncClient;
import software.amazon.awssdk.services.sagemakerruntime.model.ModelErrorException;

/** The endpoint of the efficiency model, asked by the SDK. */
class SageMakerIT {
    @SuppressWarnings("NullAway.Init") // begin() sets it
    private static LocalAws aws;

    @SuppressWarnings("NullAway.Init") // begin() sets it
    private static SageMakerRuntimeAsyncClient client;

    @BeforeAll
    static void begin() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = SageMakerRuntimeAsyncClient.builder()
                .endpointOverride(AwsConnection.emulator(aws.endpoint()).endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    @AfterAll
    static void end() {
        client.close();
        aws.close();
    }

    @Test
    void withoutATrainedModelItWillBeAsInTheMeanOfTheLastWindows() {
        String reply = invoke("{\"process_id\":\"P\",\"process_data\":{\"features\":"
                + "{\"oee\":0.5,\"oee_mean\":0.6,\"throughput_mean\":47.5}}}");
        assertThat(reply).isEqualTo("{\"efficiency_score\":0.6,\"throughput\":47.5,\"cycle_time\":null}");
    }

    @Test
    void whatTheModelCannotReadIsAModelError() {
        assertThatThrownBy(() -> invoke("rubbish"))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(ModelErrorException.class, error -> {
                    assertThat(error.originalStatusCode()).isEqualTo(400);
                    assertThat(error.originalMessage()).contains("no JSON");
                });
    }

    private static String invoke(String body) {
        return client.invokeEndpoint(r -> r.endpointName("process-efficiency-endpoint")
                        .contentType("application/json")
                        .body(SdkBytes.fromUtf8String(body)))
                .join()
                .body()
                .asUtf8String();
    }
}
