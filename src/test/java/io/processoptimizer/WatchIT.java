package io.processoptimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jars as a person runs them, watched over HTTP: the demo, and a second worker beside it that shows the whole plant, too. */
class WatchIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern PAGE = Pattern.compile("page +(http://127\\.0\\.0\\.1:[0-9]+)");
    private static final Pattern ENDPOINT = Pattern.compile("endpoint +(http://127\\.0\\.0\\.1:[0-9]+)");
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final int LINES = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final List<Process> started = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @AfterEach
    void stop() {
        started.forEach(Process::destroyForcibly);
    }

    @Test
    void theDemoIsWatchedAndEveryWorkerShowsTheWholePlant() throws Exception {
        Process demo = start(
                "process-optimizer-local.jar",
                "demo",
                "--local",
                "--local-port",
                "0",
                "--simulate",
                "--processes",
                String.valueOf(LINES));
        URI first = find("demo", PAGE);
        await().atMost(PATIENCE).until(() -> status(first, "/readyz") == 200);
        assertThat(status(first, "/healthz")).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> processes(first).size() == LINES);
        JsonNode card = plant(first).at("/processes/0");
        assertThat(card.get("trend").size()).isPositive();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(body(first, "/metrics"))
                        .containsPattern("decode_records_total [1-9]")
                        .containsPattern("window_closed_total\\{kind=\"final\"} [1-9]")
                        .containsPattern("advise_budget_calls_max 2000.0")
                        .contains("checkpoint_commit_age_seconds{shard="));
        assertThat(body(first, "/")).contains("/watch.js").doesNotContain("http:");
        assertThat(status(first, "/nothing")).isEqualTo(404);

        start("process-optimizer.jar", "second", "--set", "aws.endpoint=" + find("demo", ENDPOINT));
        URI second = find("second", PAGE);
        await().atMost(PATIENCE).until(() -> !plant(second).get("shards").isEmpty());
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (URI worker : List.of(first, second)) {
                assertThat(owners(worker)).containsExactlyInAnyOrder("demo", "second");
                assertThat(processes(worker)).hasSize(LINES);
                assertThat(plant(worker).get("shards").size()).isEqualTo(3);
            }
        });

        demo.destroy();
        assertThat(demo.waitFor(90, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isZero();
    }

    private Process start(String jar, String name, String... more) throws IOException {
        List<String> command = BuiltJar.command(
                jar,
                "run",
                "--set",
                "application.worker_id=" + name,
                "--set",
                "status.listen=127.0.0.1:0",
                "--set",
                "status.share_every=5s",
                "--set",
                "state.commit_interval=5s",
                "--set",
                "kcl.lease_assignment_interval=500ms",
                "--set",
                "kcl.failover=4s",
                "--set",
                "kcl.dynamodb_request_timeout=2s");
        command.addAll(List.of(more));
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log(name).toFile());
        builder.environment().put("AWS_ACCESS_KEY_ID", "local");
        builder.environment().put("AWS_SECRET_ACCESS_KEY", "local");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path log(String name) {
        return directory.resolve(name + ".log");
    }

    /** What a worker's first lines say. */
    private URI find(String name, Pattern what) {
        return await().atMost(PATIENCE)
                .until(
                        () -> {
                            Matcher found = what.matcher(Files.readString(log(name)));
                            return found.find() ? URI.create(found.group(1)) : URI.create("");
                        },
                        address -> !address.toString().isEmpty());
    }

    private String body(URI worker, String path) throws IOException, InterruptedException {
        return get(worker, path).body();
    }

    private int status(URI worker, String path) throws IOException, InterruptedException {
        return get(worker, path).statusCode();
    }

    private HttpResponse<String> get(URI worker, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(worker.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode plant(URI worker) throws IOException, InterruptedException {
        return JSON.readTree(body(worker, "/plant.json"));
    }

    private Set<String> processes(URI worker) throws IOException, InterruptedException {
        Set<String> processes = new HashSet<>();
        plant(worker)
                .get("processes")
                .forEach(card -> processes.add(card.get("id").asText()));
        return processes;
    }

    private Set<String> owners(URI worker) throws IOException, InterruptedException {
        Set<String> owners = new HashSet<>();
        plant(worker)
                .get("shards")
                .forEach(shard -> owners.add(shard.get("owner").asText()));
        return owners;
    }
}
