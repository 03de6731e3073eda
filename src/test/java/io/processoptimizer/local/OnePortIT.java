package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The port itself: both HTTP versions, who is served, what is said to the others. */
class OnePortIT {
    private static final StaticCredentialsProvider CREDENTIALS =
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));

    private static LocalAws aws;

    @BeforeAll
    static void start() throws IOException {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
    }

    @AfterAll
    static void stop() {
        aws.close();
    }

    @Test
    void recordsArePutAndReadOverHttp2WithPriorKnowledge() {
        assertThat(putAndRead("over-http-2", Protocol.HTTP2)).containsExactly("one", "two");
    }

    @Test
    void recordsArePutAndReadOverHttp1() {
        assertThat(putAndRead("over-http-1", Protocol.HTTP1_1)).containsExactly("one", "two");
    }

    private static List<String> putAndRead(String stream, Protocol protocol) {
        try (KinesisAsyncClient client = KinesisAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(CREDENTIALS)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(protocol))
                .build()) {
            client.createStream(request -> request.streamName(stream).shardCount(1))
                    .join();
            client.waiter()
                    .waitUntilStreamExists(request -> request.streamName(stream))
                    .join();
            for (String data : List.of("one", "two")) {
                client.putRecord(request ->
                                request.streamName(stream).partitionKey("p").data(SdkBytes.fromUtf8String(data)))
                        .join();
            }
            String iterator = client.getShardIterator(request -> request.streamName(stream)
                            .shardId("shardId-000000000000")
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .join()
                    .shardIterator();
            return client.getRecords(request -> request.shardIterator(iterator)).join().records().stream()
                    .map(Record::data)
                    .map(SdkBytes::asUtf8String)
                    .toList();
        }
    }

    @Test
    void takenPortIsSaidWithTheRemedy() {
        LocalAwsSettings taken =
                LocalAwsSettings.defaults().withPort(aws.endpoint().getPort());

        assertThatThrownBy(() -> LocalAws.start(taken))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("port " + taken.port() + " is in use")
                .hasMessageContaining("choose another port");
    }

    @Test
    void unknownServiceIsRefusedByNameWithWhatIsServed() throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/"))
                                .header("X-Amz-Target", "AmazonSSM.GetParameter")
                                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(501);
        assertThat(answer.body())
                .contains("\"__type\":\"NotImplemented\"")
                .contains("AmazonSSM.GetParameter")
                .contains("Kinesis")
                .contains("DynamoDB");
    }
}
