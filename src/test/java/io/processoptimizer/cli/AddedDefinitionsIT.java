package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A worker whose file of process definitions is added to while it runs; and its records, replayed with the whole file. */
class AddedDefinitionsIT {
    private static final String APPLICATION = "added-definitions-it";
    private static final String RESULTS = APPLICATION + "-results";
    private static final String STATES = APPLICATION + "-states";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String KNOWN = "processes:\n  - {match: L, steps: [a], target_oee: 0.5}\n";

    /** A clock may be wrong by so much. */
    private static final Duration BEHIND = Duration.ofSeconds(60);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private Map<String, String> settings() {
        Map<String, String> settings = new HashMap<>();
        settings.put("application.name", APPLICATION);
        settings.put("stream.name", APPLICATION);
        settings.put("state.table", STATES);
        settings.put("state.commit_interval", "1s");
        settings.put("outputs.metrics_table", RESULTS);
        settings.put("outputs.advice_table", APPLICATION + "-advice");
        settings.put("outputs.dead_letters_table", APPLICATION + "-letters");
        settings.put("window.pane", "1s");
        settings.put("window.size", "2s");
        settings.put("window.slide", "1s");
        settings.put("window.disorder", "0s");
        settings.put("window.allowed_lateness", "10s");
        settings.put("window.max_future", "1s");
        settings.put("processes.file", directory.resolve("processes.yaml").toString());
        settings.put("processes.reload_every", "1s");
        return settings;
    }

    @Test
    void resultsNameTheAddedVersionFromItsBeginningOnAndNothingIsRestarted() throws Exception {
        Path file = directory.resolve("processes.yaml");
        Files.writeString(file, KNOWN);
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            aws.awaitReady();
            Streams.createIfMissing(clients, APPLICATION, 1);
            PointerTable pointers =
                    PointerTable.withStates(clients.dynamo(), STATES, SavepointPolicy.DEFAULT, Clock.systemUTC());
            Instant beginning;
            try (LiveWorker worker = new LiveWorker(
                    clients, "worker-1", settings(), Clock.offset(Clock.systemUTC(), BEHIND.negated()))) {
                String known = fingerprint();
                sendUntil(clients, () -> versions(clients).size() > 2 && known.equals(configuration(pointers)));
                ShardPointer before = pointers.pointers().values().iterator().next();

                // max_future, a pane, two polls, and the looks that a change needs; the worker's clock is as wrong as
                // may be.
                beginning = Instant.now().plusSeconds(1 + 1 + 2 + 10).truncatedTo(ChronoUnit.SECONDS);
                Path written = Files.writeString(
                        directory.resolve("new.yaml"),
                        KNOWN + "  - {match: L, effective_from: " + beginning + ", steps: [a], target_oee: 0.6}\n");
                Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
                Instant until = beginning.plusSeconds(6);
                sendUntil(clients, () -> Instant.now().isAfter(until));

                assertThat(worker.additions().refusal()).isNull();
                assertThat(worker.additions().takenOver()).isEqualTo(1);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(versions(clients).lastKey())
                                .isGreaterThan(beginning.plusSeconds(2).toEpochMilli()));
                assertThat(fingerprint()).isNotEqualTo(known);
                await().atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(configuration(pointers)).isEqualTo(fingerprint()));
                ShardPointer after = pointers.pointers().values().iterator().next();
                assertThat(after.holder()).as("the tenure").isEqualTo(before.holder());
                assertThat(worker.stop()).isTrue();
            }
            SortedMap<Long, String> versions = versions(clients);
            Map<Boolean, List<String>> distinct = versions.entrySet().stream()
                    .collect(Collectors.partitioningBy(
                            window -> window.getKey() >= beginning.toEpochMilli(),
                            Collectors.mapping(
                                    Map.Entry::getValue,
                                    Collectors.collectingAndThen(
                                            Collectors.toList(),
                                            all -> all.stream().distinct().toList()))));
            assertThat(distinct.get(false)).as("versions before " + beginning).hasSize(1);
            assertThat(distinct.get(true))
                    .as("versions from " + beginning + " on")
                    .hasSize(1)
                    .doesNotContainAnyElementsOf(distinct.get(false));

            List<String> access = List.of("--set", "aws.endpoint=" + aws.endpoint());
            run(access, "record", "--output", "recording", "--until", "now");
            String compared =
                    run(access, "replay", "--input", "recording", "--baseline", "live", "--fail-on-difference");
            assertThat(compared).contains(" 0 different, 0 missing, 0 new");
        }
    }

    private String fingerprint() {
        return Configuration.load(new Configuration.Request(null, Map.of(), settings(), directory, null))
                .fingerprint(null);
    }

    /** That the shard's state is stored with, or null as long as there is none. */
    private static @Nullable String configuration(PointerTable pointers) {
        Snapshot state = pointers.pointers().values().stream()
                .map(ShardPointer::snapshot)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        return state == null ? null : state.configuration();
    }

    private static void sendUntil(AwsClients clients, BooleanSupplier enough) throws InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (!enough.getAsBoolean()) {
            assertThat(Instant.now()).isBefore(deadline);
            String event = "{\"process_id\":\"L\",\"step_id\":\"a\",\"timestamp\":" + System.currentTimeMillis()
                    + ",\"state\":\"RUNNING\",\"good\":1,\"ideal_cycle_time\":0.2}";
            clients.kinesis()
                    .putRecord(r -> r.streamName(APPLICATION).partitionKey("L").data(SdkBytes.fromUtf8String(event)))
                    .join();
            Thread.sleep(200);
        }
    }

    /** By window start; the version of the definition that the result names. */
    private static SortedMap<Long, String> versions(AwsClients clients) {
        SortedMap<Long, String> versions = new TreeMap<>();
        clients.dynamo().scan(r -> r.tableName(RESULTS)).join().items().stream()
                .filter(item -> attribute(item, "final").bool())
                .forEach(item -> versions.put(
                        Long.parseLong(attribute(item, "window_start").n()),
                        attribute(item, "config_version").s()));
        return versions;
    }

    private static AttributeValue attribute(Map<String, AttributeValue> item, String name) {
        return Objects.requireNonNull(item.get(name), name);
    }

    private String run(List<String> more, String... args) throws IOException {
        List<String> all = new ArrayList<>(List.of(args));
        settings().forEach((name, value) -> all.addAll(List.of("--set", name + "=" + value)));
        all.addAll(more);
        CommandRun run = CommandRun.in(directory, all.toArray(String[]::new));
        assertThat(run.exitCode()).as(run.err() + run.out()).isZero();
        return run.out();
    }
}
