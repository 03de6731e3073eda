package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** {@code doctor} from an empty account over a provisioned one to a worker that works, and what it says when that is gone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class DoctorIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:adjustments";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalAws aws;
    private AwsClients clients;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void fromAnEmptyAccountToAWorkerThatWorks() throws Exception {
        CommandRun empty = run("doctor");
        assertThat(empty.exitCode()).isEqualTo(5);
        assertThat(empty.out())
                .contains("FAILED       stream doctor-it: is missing: 3 shards")
                .contains("do: process-optimizer provision --apply")
                .contains("FAILED       process data collection: the stream could not be read");

        assertThat(run("provision", "--apply", "--target-arn", QUEUE).exitCode())
                .isZero();
        JsonNode provisioned = doctor();
        assertThat(status(provisioned, "checks", "stream doctor-it")).isEqualTo("ok");
        assertThat(status(provisioned, "checks", "rule manufacturing-process-optimization"))
                .isEqualTo("ok");
        assertThat(status(provisioned, "checks", "permissions")).isEqualTo("ok");
        assertThat(status(provisioned, "validation", "worker operational")).isEqualTo("failed");

        try (LiveWorker live = new LiveWorker(clients, settings())) {
            put();
            Awaitility.await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode working = doctor();
                assertThat(statuses(working.path("validation")))
                        .as(working.toPrettyString())
                        .containsEntry("process data collection", "ok")
                        .containsEntry("model deployed", "not_checked")
                        .containsEntry("worker operational", "ok")
                        .containsEntry("OEE metrics calculating", "ok")
                        .containsEntry("recommendations generated", "ok");
                assertThat(status(working, "checks", "cost")).isEqualTo("ok");
            });
            assertThat(live.stop()).isTrue();
        }

        CommandRun stopped = run("doctor");
        assertThat(stopped.exitCode()).isEqualTo(5);
        assertThat(stopped.out()).contains("FAILED       no worker: no worker works", "do: start one: run");
    }

    @Test
    void modelsAreAskedOnlyWhenThatIsWanted() throws Exception {
        String[] models = {
            "--set", "advice.advisor=bedrock", "--set", "sagemaker.endpoint=process-efficiency-endpoint", "--json"
        };
        JsonNode unasked = JSON.readTree(run("doctor", models).out());
        assertThat(status(unasked, "checks", "model deployed")).isEqualTo("not_checked");
        assertThat(status(unasked, "checks", "language model"))
                .as("the embedded AWS has no catalogue")
                .isEqualTo("not_checked");
        List<String> asking = new ArrayList<>(List.of(models));
        asking.add("--ask-models");
        JsonNode asked =
                JSON.readTree(run("doctor", asking.toArray(String[]::new)).out());
        assertThat(status(asked, "checks", "model deployed")).isEqualTo("ok");
        assertThat(asked.toString()).contains("claude-haiku-5-5 answers");
    }

    @Test
    void anEndpointThatIsNotThereFailsEachCheckWithTheRemedy() {
        CommandRun away = CommandRun.in(Path.of("target"), "doctor", "--set", "aws.endpoint=http://127.0.0.1:9");
        assertThat(away.exitCode()).isEqualTo(5);
        assertThat(away.out()).contains("FAILED       stream manufacturing-process: no answer", "check aws.region");
    }

    private JsonNode doctor() throws Exception {
        return JSON.readTree(run("doctor", "--json").out());
    }

    private static String status(JsonNode report, String part, String check) {
        return statuses(report.path(part)).getOrDefault(check, "(no such check in " + report + ")");
    }

    private static Map<String, String> statuses(JsonNode findings) {
        Map<String, String> statuses = new LinkedHashMap<>();
        findings.forEach(finding -> statuses.putIfAbsent(
                finding.path("check").asText(), finding.path("status").asText()));
        return statuses;
    }

    private void put() throws Exception {
        Factory factory = Factory.of(SimulationOptions.startingAt(
                        Instant.now().minus(20, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MINUTES))
                .withSeed(42)
                .withProcesses(8)
                .withLength(Duration.ofMinutes(20)));
        try (KinesisSink sink = new KinesisSink(clients, "doctor-it")) {
            assertThat(Pacer.copy(factory.events(), sink).records()).isPositive();
        }
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command));
        settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        all.addAll(List.of(options));
        return CommandRun.in(Path.of("target"), all.toArray(String[]::new));
    }

    private Map<String, String> settings() {
        return Map.of(
                "application.name", "doctor-it",
                "stream.name", "doctor-it",
                "state.commit_interval", "2s",
                "kcl.lease_assignment_interval", "500ms",
                "aws.endpoint", aws.endpoint().toString());
    }
}
