package io.processoptimizer.status;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a client of the worker's pages sees, over real connections. */
class StatusServerTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private final FixedFacts facts = new FixedFacts();
    private final WorkerMetrics metrics = new WorkerMetrics(facts, new OutputCounts(), Clock.systemUTC());
    private final StatusServer server = server();
    private final HttpClient client = HttpClient.newHttpClient();

    private StatusServer server() {
        Map<String, StatusServer.Page> pages = new HashMap<>(HealthPages.of(facts, metrics, Clock.systemUTC()));
        pages.put(
                "/long",
                query -> new StatusServer.Answer(
                        200, "text/plain", "x".repeat(9_999).getBytes(StandardCharsets.UTF_8), "v1"));
        pages.put("/broken", query -> {
            throw new IllegalStateException("on purpose");
        });
        try {
            return new StatusServer(ANY_PORT, List.of("Worker.Plant.example"), pages);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @AfterEach
    void close() {
        server.close();
        metrics.close();
    }

    @Test
    void aLiveWorkerIsHealthyAndReady() throws Exception {
        HttpResponse<String> live = get("/healthz");
        assertThat(live.statusCode()).isEqualTo(200);
        JsonNode body = JSON.readTree(live.body());
        assertThat(body.get("status").asText()).isEqualTo("ok");
        assertThat(body.at("/shards/0/shard").asText()).isEqualTo("shardId-000000000000");
        assertThat(body.at("/shards/0/lag_ms").asLong()).isEqualTo(1_500);
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void aStuckWorkerSaysWhatIsWrong() throws Exception {
        facts.health = new Health(false, Health.Phase.RUNNING, List.of("shardId-1 stands still"), List.of());
        HttpResponse<String> live = get("/healthz");
        assertThat(live.statusCode()).isEqualTo(503);
        assertThat(JSON.readTree(live.body()).at("/problems/0").asText()).isEqualTo("shardId-1 stands still");
        assertThat(get("/readyz").statusCode()).isEqualTo(503);
        assertThat(get("/metrics").body()).contains("\nkinesis_live 0.0\n");
    }

    @Test
    void aWorkerThatStartsOrStopsIsLiveAndNotReady() throws Exception {
        for (Health.Phase phase : List.of(Health.Phase.STARTING, Health.Phase.STOPPING)) {
            facts.health = new Health(true, phase, List.of(), List.of());
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            HttpResponse<String> ready = get("/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(JSON.readTree(ready.body()).get("phase").asText()).isEqualTo(phase.label());
        }
    }

    @Test
    void metricsAreInThePrometheusFormat() throws Exception {
        HttpResponse<String> answer = get("/metrics");
        assertThat(answer.headers().firstValue("Content-Type")).contains("text/plain; version=0.0.4; charset=utf-8");
        assertThat(answer.body())
                .contains("# TYPE decode_records_total counter")
                .contains("decode_records_total 77.0")
                .contains("decode_refused_total{reason=\"late\"} 0.0")
                .contains("kinesis_shard_lag_milliseconds{shard=\"shardId-000000000000\"} 1500.0")
                .contains("checkpoint_commit_age_seconds{shard=\"shardId-000000000000\"}")
                .contains("jvm_memory_used_bytes");
        facts.isHolding = false;
        assertThat(get("/metrics").body()).doesNotContain("shardId-000000000000");
    }

    /** Every name of ours stands in the README's table; those of the JVM are Micrometer's. */
    @Test
    void everyMetricIsDocumented() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        List<String> missing = get("/metrics")
                .body()
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.substring("# TYPE ".length()).replaceAll(" .*", ""))
                .filter(name -> !name.matches("(jvm|process|system)_.*") && !readme.contains("`" + name + "`"))
                .toList();
        assertThat(missing).isEmpty();
    }

    @Test
    void onlyReadingIsAllowed() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "PATCH")) {
            HttpResponse<String> answer =
                    send(request("/healthz").method(method, HttpRequest.BodyPublishers.ofString("{}")));
            assertThat(answer.statusCode()).as(method).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("GET, HEAD");
        }
        HttpResponse<String> head = send(request("/healthz").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
    }

    @Test
    void whatIsNotThereIsNotFound() throws Exception {
        for (String path : List.of("/nothing", "/healthz/", "/healthz/x", "/../etc/passwd", "/long%2f..")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    @Test
    void aPageThatFailsTellsNoSecrets() throws Exception {
        HttpResponse<String> answer = get("/broken");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(answer.body()).doesNotContain("on purpose");
    }

    @Test
    void anotherNameThanOursIsRefused() throws Exception {
        assertThat(raw("Host: evil.example")).startsWith("HTTP/1.1 421").contains("status.hosts");
        assertThat(raw("Host: 127.0.0.1.evil.example:8090")).startsWith("HTTP/1.1 421");
        assertThat(raw("Host: localhost.evil.example")).startsWith("HTTP/1.1 421");
        assertThat(raw("Host: <script>")).startsWith("HTTP/1.1 421").doesNotContain("<script>");
        for (String ours : List.of(
                "localhost:8090", "LOCALHOST", "127.0.0.1:1", "10.1.2.3", "[::1]:8090", "worker.plant.example")) {
            assertThat(raw("Host: " + ours)).as(ours).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void everyAnswerTellsTheBrowserToKeepOthersOut() throws Exception {
        for (String path : List.of("/healthz", "/nothing", "/metrics", "/long")) {
            HttpResponse<String> answer = get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy").orElse(""))
                    .as(path)
                    .contains("default-src 'none'", "frame-ancestors 'none'")
                    .doesNotContain("unsafe");
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("X-Frame-Options")).contains("DENY");
            assertThat(answer.headers().firstValue("Access-Control-Allow-Origin"))
                    .isEmpty();
        }
    }

    @Test
    void whatAClientHasIsNotSentAgain() throws Exception {
        HttpResponse<String> first = get("/long");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<String> second = send(request("/long").header("If-None-Match", tag));
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(send(request("/long").header("If-None-Match", "\"other\"")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void aLongAnswerIsCompressedForWhoAsks() throws Exception {
        HttpResponse<byte[]> packed = client.send(
                request("/long").header("Accept-Encoding", "gzip").build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(packed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(packed.body().length).isLessThan(500);
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed.body()))) {
            assertThat(in.readAllBytes()).hasSize(9_999);
        }
        assertThat(get("/long").headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void anEndlessHeaderIsCutOff() throws Exception {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            byte[] head = ("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "a".repeat(40_000) + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            String said;
            try {
                socket.getOutputStream().write(head);
                said = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                said = ""; // closed in the middle
            }
            assertThat(said).doesNotContain("200 OK");
        }
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
    }

    /** More of them than eight threads and a queue would hold. */
    @Test
    void clientsThatNeverEndTheirHeadersHoldNobodyUp() throws Exception {
        List<Socket> slow = new ArrayList<>();
        try {
            for (int i = 0; i < 100; i++) {
                Socket socket = new Socket(
                        server.address().getAddress(), server.address().getPort());
                slow.add(socket);
                socket.getOutputStream()
                        .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
                                .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(get("/healthz").statusCode()).isEqualTo(200);
            slow.get(0).setSoTimeout(60_000);
            assertThat(isEnded(slow.get(0)))
                    .as("a request that never comes whole is ended")
                    .isTrue();
        } finally {
            for (Socket socket : slow) {
                socket.close();
            }
        }
    }

    private static boolean isEnded(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketException e) {
            return true; // reset
        }
    }

    @Test
    void aTakenPortIsSaid() {
        assertThatThrownBy(() -> new StatusServer(server.address(), List.of(), Map.of()).close())
                .isInstanceOf(BindException.class);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + server.address().getPort() + path));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send(request(path));
    }

    /** The JDK's client sends no other Host than its own. */
    private String raw(String header) throws IOException {
        try (Socket socket =
                new Socket(server.address().getAddress(), server.address().getPort())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(("GET /healthz HTTP/1.1\r\n" + header + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
