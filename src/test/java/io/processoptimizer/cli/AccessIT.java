package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.deploy.Template;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.SimulationOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;

/** What each use asks of AWS, as the embedded endpoint sees it, is allowed by its policy in {@code deploy/access.yaml}, and on that. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class AccessIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final String QUEUE = "arn:aws:sqs:us-east-1:123456789012:adjustments";
    private static final String SOURCE = "manufacturing-process-source";
    private static final String BUCKET = "access-it-states";
    private static final ObjectMapper JSON = new ObjectMapper();

    private LocalAws aws;
    private AwsClients clients;
    private Template policies;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort().withFaults());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        aws.awaitReady();
        policies = Template.read("access.yaml");
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void eachUseIsAllowedWhatItDoes(@TempDir Path folder) throws Exception {
        clients.s3().createBucket(r -> r.bucket(BUCKET)).join();
        asked("DELETE");
        assertThat(run("provision", "--apply", "--target-arn", QUEUE).exitCode())
                .isZero();
        allowed("Provision");

        put();
        asked("DELETE");
        worker(Map.of("state.store", "s3", "state.bucket", BUCKET));
        worker(Map.of());
        Set<String> byWorker = allowed("Run");
        assertThat(byWorker)
                .as("the worker made no table, and did all the rest")
                .noneMatch(action -> action.contains("CreateTable"))
                .anyMatch(action -> action.startsWith("kinesis:GetRecords"))
                .anyMatch(action -> action.startsWith("bedrock:InvokeModel"))
                .anyMatch(action -> action.startsWith("sagemaker:InvokeEndpoint"))
                .anyMatch(action -> action.startsWith("events:PutEvents"))
                .anyMatch(action -> action.startsWith("s3:PutObject"));

        forwarder(folder);
        assertThat(allowed("Forward"))
                .anyMatch(action -> action.startsWith("kinesis:PutRecords"))
                .anyMatch(action -> action.startsWith("dynamodb:PutItem") && action.endsWith("-dead-letters"));

        String recording = folder.resolve("recording").toString();
        String out = folder.resolve("out").toString();
        assertThat(run("record", "--output", recording).exitCode()).isIn(0, 5);
        assertThat(runPlain(
                                "replay",
                                "--input",
                                recording,
                                "--output",
                                out,
                                "--advice-from",
                                "live",
                                "--advice",
                                "recorded")
                        .exitCode())
                .isZero();
        allowed("Replay");

        recover("status");
        recover("savepoints");
        recover("savepoints", "verify", "--all");
        recover("redrive");
        recover("redrive", "--all", "--apply");
        recover("export", "--output", folder.resolve("state.zip").toString());
        recover("rewind", "--to", "5m", "--apply", "--no-wait");
        recover("rewind", "--undo", "--apply", "--no-wait");
        allowed("Recover");

        CommandRun unused = run("doctor");
        assertThat(allowed("Doctor", "Run")).isNotEmpty();
    }

    /** Takes what is on the stream until a state of each is stored, and ends. */
    private void worker(Map<String, String> changes) throws Exception {
        Map<String, String> settings = new LinkedHashMap<>(settings());
        settings.putAll(changes);
        settings.put("advice.advisor", "bedrock");
        settings.put("sagemaker.endpoint", "process-efficiency-endpoint");
        try (LiveWorker live = new LiveWorker(clients, settings)) {
            Awaitility.await()
                    .atMost(PATIENCE)
                    .until(() -> !asked("GET").findValuesAsText("action").isEmpty()
                            && asked("GET").toString().contains("events:PutEvents")
                            && (changes.isEmpty() || asked("GET").toString().contains("s3:PutObject")));
            assertThat(live.stop()).isTrue();
        }
    }

    /** Forwards an event and refuses one, as a process of its own, and ends. */
    private void forwarder(Path folder) throws Exception {
        Streams.createIfMissing(clients, SOURCE, 1);
        for (String data : List.of(
                "{\"process_id\":\"FORWARDED\",\"timestamp\":" + System.currentTimeMillis() + ",\"good\":1}",
                "{\"process_id\":\"BAD\"}")) {
            clients.kinesis()
                    .putRecord(r -> r.streamName(SOURCE).partitionKey("any").data(SdkBytes.fromUtf8String(data)))
                    .join();
        }
        asked("DELETE");
        List<String> arguments = new ArrayList<>(List.of("--from", SOURCE));
        settings().forEach((name, value) -> arguments.addAll(List.of("--set", name + "=" + value)));
        Process process = new ProcessBuilder(OwnJar.command("-Xmx256m", "forward", arguments))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("forward.log").toFile())
                .start();
        try {
            Awaitility.await().atMost(PATIENCE).until(() -> {
                assertThat(process.isAlive())
                        .as(Files.readString(folder.resolve("forward.log")))
                        .isTrue();
                Set<String> actions = new TreeSet<>();
                asked("GET")
                        .forEach(one -> actions.add(one.path("action").asText() + " on "
                                + one.path("resource").asText().replaceAll(".*/", "")));
                return actions.contains("kinesis:PutRecords on manufacturing-process")
                        && actions.contains("dynamodb:PutItem on manufacturing-process-dead-letters");
            });
            process.destroy();
            assertThat(process.onExit()
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                            .exitValue())
                    .as(Files.readString(folder.resolve("forward.log")))
                    .isZero();
        } finally {
            process.destroyForcibly();
        }
    }

    private void recover(String... arguments) {
        List<String> all = new ArrayList<>(List.of("recover"));
        all.addAll(List.of(arguments));
        CommandRun run = runPlain(all.toArray(String[]::new));
        assertThat(run.exitCode()).as(String.join(" ", all) + run.err()).isIn(0, 5);
    }

    private void put() throws Exception {
        Factory factory = Factory.of(SimulationOptions.startingAt(
                        Instant.now().minus(20, ChronoUnit.MINUTES).truncatedTo(ChronoUnit.MINUTES))
                .withSeed(42)
                .withProcesses(12)
                .withLength(Duration.ofMinutes(20)));
        try (KinesisSink sink = new KinesisSink(clients, "manufacturing-process")) {
            assertThat(Pacer.copy(factory.events(), sink).records()).isPositive();
        }
        clients.kinesis()
                .putRecord(r -> r.streamName("manufacturing-process")
                        .partitionKey("BAD")
                        .data(SdkBytes.fromString("{\"process_id\":\"BAD\"}", StandardCharsets.UTF_8)))
                .join();
    }

    // ---- policies

    /** Compares what was asked since the last call with the policies together, and forgets it. */
    private Set<String> allowed(String... uses) throws Exception {
        List<JsonNode> statements =
                Stream.of(uses).flatMap(use -> statements(use).stream()).toList();
        Set<String> seen = new TreeSet<>();
        Set<String> denied = new TreeSet<>();
        for (JsonNode one : asked("GET")) {
            String action = one.path("action").asText();
            String resource = one.path("resource").asText();
            seen.add(action + " on " + resource);
            if (action.equals("s3:CreateBucket")) {
                // The worker of the tests makes its bucket, as one beside an embedded AWS does; one of AWS does not.
                continue;
            }
            if (statements.stream().noneMatch(statement -> allows(statement, action, resource))) {
                denied.add(action + " on " + resource);
            }
        }
        assertThat(seen).isNotEmpty();
        assertThat(denied).as("not in the policies " + List.of(uses)).isEmpty();
        asked("DELETE");
        return seen;
    }

    private List<JsonNode> statements(String use) {
        List<JsonNode> statements = new ArrayList<>();
        for (JsonNode one : policies.properties(use + "Policy").at("/PolicyDocument/Statement")) {
            statements.add(one.has("Fn::If") ? one.path("Fn::If").path(1) : one);
        }
        return statements;
    }

    private boolean allows(JsonNode statement, String action, String resource) {
        boolean named = false;
        for (JsonNode one : statement.path("Action")) {
            named |= one.asText().equals(action);
        }
        if (!named
                || resource.equals("?")
                || statement.path("Resource").asText().equals("*")) {
            return named;
        }
        for (JsonNode one : statement.path("Resource")) {
            if (Pattern.matches(pattern(one.path("Fn::Sub").asText()), resource)) {
                return true;
            }
        }
        return false;
    }

    /** An ARN of the policies with the defaults in it, as a regular expression. */
    private String pattern(String arn) {
        String text = arn.replace("${AWS::Partition}", "aws")
                .replace("${AWS::Region}", "us-east-1")
                .replace("${AWS::AccountId}", LocalAwsSettings.ACCOUNT)
                .replace("${StateBucket}", BUCKET);
        for (Map.Entry<String, JsonNode> parameter :
                policies.root().path("Parameters").properties()) {
            text = text.replace(
                    "${" + parameter.getKey() + "}",
                    parameter.getValue().path("Default").asText());
        }
        return Pattern.quote(text).replace("*", "\\E.*\\Q");
    }

    private JsonNode asked(String method) throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/_local/actions"))
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(answer.body());
    }

    private CommandRun run(String command, String... options) {
        List<String> all = new ArrayList<>(List.of(command));
        all.addAll(List.of(options));
        return runPlain(all.toArray(String[]::new));
    }

    private CommandRun runPlain(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        return CommandRun.in(Path.of("target"), all.toArray(String[]::new));
    }

    private Map<String, String> settings() {
        return Map.of(
                "state.commit_interval", "2s",
                "kcl.lease_assignment_interval", "500ms",
                "aws.endpoint", aws.endpoint().toString());
    }
}
