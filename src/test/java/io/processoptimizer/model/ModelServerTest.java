package io.processoptimizer.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.model.EfficiencyModel.Guess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The contract of a SageMaker container, over HTTP. */
class ModelServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EfficiencyModel MODEL = new EfficiencyModel(
            Duration.ofMinutes(5),
            Map.of(
                    Predicted.EFFICIENCY,
                    Guess.MEAN,
                    Predicted.THROUGHPUT,
                    Guess.LAST,
                    Predicted.CYCLE_TIME,
                    Guess.LAST));

    private final HttpClient client = HttpClient.newHttpClient();

    @SuppressWarnings("NullAway.Init") // begin() sets it
    private ModelServer server;

    @BeforeEach
    void begin() throws IOException {
        server = new ModelServer(MODEL, new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    @AfterEach
    void end() {
        server.close();
    }

    @Test
    void aPingIsAnsweredWhileTheModelIsThere() throws Exception {
        assertThat(send(request("/ping").GET()).statusCode()).isEqualTo(200);
    }

    @Test
    void featuresAreAnsweredByTheModel() throws Exception {
        JsonNode reply = reply(
                "{\"process_id\":\"P\",\"process_data\":{\"throughput\":1,\"features\":"
                        + "{\"oee\":0.5,\"oee_mean\":0.6,\"throughput\":47.5,\"cycle_time\":null,\"of_a_later_version\":\"x\"}}}");
        assertThat(reply.toString()).isEqualTo("{\"efficiency_score\":0.6,\"throughput\":47.5,\"cycle_time\":null}");
    }

    @Test
    void withoutFeaturesWhatTheProcessStatesIsTheAnswer() throws Exception {
        JsonNode reply = reply(
                "{\"process_id\":\"PROC-001\",\"process_data\":{\"steps\":[{\"step_id\":\"step1\",\"utilization\":0.95,"
                        + "\"cycle_time\":120},{\"step_id\":\"step2\"},{\"step_id\":\"step3\",\"cycle_time\":80}],"
                        + "\"throughput\":50,\"availability\":0.8,\"performance\":0.5,\"quality_rate\":0.95}}");
        assertThat(reply.toString()).isEqualTo("{\"efficiency_score\":0.38,\"throughput\":50.0,\"cycle_time\":120.0}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "rubbish \"quoted\"",
                "[]",
                "{}",
                "{\"process_data\":3}",
                "{\"process_data\":{\"features\":{\"oee\":\"high\"}}}",
                "{\"process_data\":{\"features\":[]}}",
                "{\"process_data\":{\"features\":\"none\"}}",
                "{\"process_data\":{}} {}"
            })
    void whatIsNoRequestIsRefusedWithAReason(String body) throws Exception {
        HttpResponse<String> response = send(request("/invocations").POST(BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(400);
        assertThat(JSON.readTree(response.body()).path("error").asText()).isNotEmpty();
    }

    @Test
    void aRequestThatIsTooLongIsRefused() throws Exception {
        HttpResponse<String> response =
                send(request("/invocations").POST(BodyPublishers.ofString(" ".repeat(Invocation.MAX_BYTES + 1))));
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("more than 65536 bytes");
    }

    @Test
    void otherPathsAndMethodsAreRefused() throws Exception {
        assertThat(send(request("/invocations").GET()).statusCode()).isEqualTo(405);
        assertThat(send(request("/invocations/more").POST(BodyPublishers.ofString("{}")))
                        .statusCode())
                .isEqualTo(404);
        assertThat(send(request("/").GET()).statusCode()).isEqualTo(404);
    }

    @Test
    void aHeadRequestIsRefusedWithoutABody() throws Exception {
        HttpResponse<String> response = send(request("/ping").method("HEAD", BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).isEmpty();
    }

    @Test
    void aClientThatStallsDoesNotHoldUpThePing() throws Exception {
        List<Socket> stalled = new ArrayList<>();
        try {
            for (int i = 0; i < 20; i++) {
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort());
                stalled.add(socket);
                socket.getOutputStream()
                        .write("POST /invocations HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"
                                .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(send(request("/ping").GET()).statusCode()).isEqualTo(200);
            stalled.get(0).setSoTimeout(20_000);
            assertThatThrownBy(() -> {
                        if (stalled.get(0).getInputStream().read() < 0) {
                            throw new SocketException("ended");
                        }
                    })
                    .as("a request that never comes whole is ended")
                    .isInstanceOf(SocketException.class);
        } finally {
            for (Socket socket : stalled) {
                socket.close();
            }
        }
    }

    private JsonNode reply(String body) throws Exception {
        HttpResponse<String> response = send(request("/invocations").POST(BodyPublishers.ofString(body)));
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        return JSON.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.timeout(Duration.ofSeconds(60)).build(), BodyHandlers.ofString());
    }
}
