package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationFingerprint;
import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.DefinitionsLead;
import io.processoptimizer.config.LiveDefinitions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DefinitionsWatchTest {
    private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
    private static final String KNOWN = "processes:\n  - {match: A, target_oee: 0.5}\n";

    /** Five minutes and a bit: max_future, pane, what is granted to clocks, two polls. */
    private static final String LATER = "  - {match: A, effective_from: 2026-06-01T12:05:01Z, target_oee: 0.6}\n";

    private static final String TOO_EARLY = "  - {match: A, effective_from: 2026-06-01T12:04:59Z, target_oee: 0.6}\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    private final Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    private final List<String> said = new ArrayList<>();
    private final List<String> warned = new ArrayList<>();

    /** A worker's part of it. */
    private final class Running {
        final Configuration configuration;
        final LiveDefinitions live;
        final DefinitionsWatch watch;
        final RunningConfiguration computes;

        Running() {
            configuration = Configuration.load(new Configuration.Request(null, Map.of(), Map.of(), directory, null));
            live = new LiveDefinitions(configuration.configuredProcesses());
            DefinitionsLead lead = DefinitionsWatch.lead(configuration.settings());
            Surroundings surroundings = new Surroundings(
                    Map.of(), directory, new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), false);
            watch = DefinitionsWatch.of(
                    configuration, surroundings, UnaryOperator.identity(), live, lead, clock, said::add);
            computes = new RunningConfiguration(configuration, live, null, lead, clock);
        }

        /** As often as a change needs, and once more. */
        void look() {
            PrintStream before = System.err;
            ByteArrayOutputStream log = new ByteArrayOutputStream();
            System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
            try {
                for (int i = 0; i < 3; i++) {
                    boolean unused = watch.look();
                }
            } finally {
                System.setErr(before);
            }
            log.toString(StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.contains("not taken over"))
                    .forEach(warned::add);
        }

        double target(String time) {
            return live.of("A", Instant.parse(time).toEpochMilli()).targetOeeNano() / 1e9;
        }
    }

    private void write(String yaml) throws IOException {
        Path file = directory.resolve("config/processes.yaml");
        Files.createDirectories(file.getParent());
        Files.writeString(file, yaml);
        Files.setLastModifiedTime(file, FileTime.from(NOW));
    }

    @Test
    void anAdditionIsTakenOverAndTheFingerprintIsThatOfARestartWithTheFile() throws IOException {
        write(KNOWN);
        Running worker = new Running();
        String before = worker.computes.fingerprint();
        worker.look();
        assertThat(said).isEmpty();

        write(KNOWN + LATER);
        worker.look();

        assertThat(said)
                .singleElement()
                .asString()
                .startsWith("Taken over from config/processes.yaml: A from 2026-06-01T12:05:01Z (version ");
        assertThat(worker.target("2026-06-01T12:05:00Z")).isEqualTo(0.5);
        assertThat(worker.target("2026-06-01T12:05:01Z")).isEqualTo(0.6);
        assertThat(worker.watch.takenOver()).isEqualTo(1);
        assertThat(worker.watch.refusal()).isNull();
        assertThat(warned).isEmpty();
        Running restarted = new Running();
        assertThat(worker.computes.fingerprint())
                .isNotEqualTo(before)
                .isEqualTo(restarted.computes.fingerprint())
                .isEqualTo(restarted.configuration.fingerprint(null));
        // A shard that was rewound for the configuration before need not wait: nothing has come of the addition yet.
        assertThat(worker.computes.isAs(before)).isTrue();
        assertThat(restarted.computes.isAs(before)).isTrue();
    }

    @Test
    void aConfigurationThatLacksWhatIsInForceIsAnother() throws IOException {
        write(KNOWN);
        String before = new Running().computes.fingerprint();
        write(KNOWN + LATER.replace("12:05:01", "12:02:59"));
        assertThat(new Running().computes.isAs(before)).isFalse();
        write(KNOWN + LATER.replace("12:05:01", "12:03:01"));
        assertThat(new Running().computes.isAs(before)).isTrue();
        assertThat(new Running().computes.isAs("0123456789ab")).isFalse();
    }

    @Test
    void aFileThatIsWrittenByHalvesIsLookedAtAgain() throws IOException {
        write(KNOWN);
        Running worker = new Running();
        worker.look();
        write(KNOWN + LATER.replace("0.6", "0.7"));
        assertThat(worker.watch.look()).isFalse();
        write(KNOWN + LATER);
        assertThat(worker.watch.look()).isFalse();
        assertThat(said).isEmpty();
        assertThat(worker.watch.look()).isTrue();
        assertThat(worker.target("2026-06-01T12:05:01Z")).isEqualTo(0.6);
    }

    @Test
    void whatBeginsTooEarlyIsRefusedOnceAndALaterOneIsTaken() throws IOException {
        write(KNOWN);
        Running worker = new Running();
        worker.look();
        write(KNOWN + TOO_EARLY);
        worker.look();
        worker.look();

        assertThat(warned)
                .singleElement()
                .asString()
                .contains("config/processes.yaml was changed and is not taken over")
                .contains("A from 2026-06-01T12:04:59Z is new and begins too early")
                .contains("later than 2026-06-01T12:05:00Z")
                .contains("restart all workers")
                .contains("recover rewind --new-config");
        assertThat(worker.watch.refusal()).contains("begins too early");
        assertThat(worker.target("2026-06-01T13:00:00Z")).isEqualTo(0.5);

        write(KNOWN + LATER);
        worker.look();
        assertThat(worker.watch.refusal()).isNull();
        assertThat(worker.target("2026-06-01T13:00:00Z")).isEqualTo(0.6);
    }

    @Test
    void aFileThatCannotBeUsedIsRefusedAndItsReturnIsNoChange() throws IOException {
        write(KNOWN);
        Running worker = new Running();
        worker.look();
        write("processes:\n  - {match: A, targt_oee: 0.5}\n");
        worker.look();
        assertThat(worker.watch.refusal()).contains("processes.yaml:2").contains("targt_oee");
        Files.delete(directory.resolve("config/processes.yaml"));
        worker.look();
        assertThat(worker.watch.refusal()).contains("cannot be read").contains("put the file back");
        write(KNOWN.replace("0.5", "0.55"));
        worker.look();
        assertThat(worker.watch.refusal()).contains("A without effective_from is another");
        assertThat(warned).hasSize(3);

        write(KNOWN);
        worker.look();
        assertThat(worker.watch.refusal()).isNull();
        assertThat(worker.watch.takenOver()).isZero();
        assertThat(worker.target("2026-06-01T13:00:00Z")).isEqualTo(0.5);
    }

    @Test
    void aFileThatAppearsIsReadAsOneThatWasEmpty() throws IOException {
        Running worker = new Running();
        worker.look();
        assertThat(worker.watch.refusal()).isNull();
        String before = worker.computes.fingerprint();
        assertThat(before)
                .isEqualTo(ConfigurationFingerprint.of(
                        worker.configuration.settings(), worker.configuration.definitions()));
        write("processes:\n" + LATER);
        worker.look();
        assertThat(worker.target("2026-06-01T12:05:00Z")).isEqualTo(0.85);
        assertThat(worker.target("2026-06-01T12:05:01Z")).isEqualTo(0.6);
    }

    @Test
    void whatIsMergedWithTheFileStays() throws IOException {
        write(KNOWN);
        Configuration configuration =
                Configuration.load(new Configuration.Request(null, Map.of(), Map.of(), directory, null));
        SimulatedPlant plant = new SimulatedPlant(2, 1, 3, clock);
        UnaryOperator<ConfiguredProcesses> merged =
                file -> plant.definitions(configuration.settings().processDefaults(), file);
        LiveDefinitions live = new LiveDefinitions(merged.apply(configuration.configuredProcesses()));
        String simulated = live.of("PROC-001", 0).version();
        Surroundings surroundings = new Surroundings(
                Map.of(), directory, new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), false);
        DefinitionsWatch watch = DefinitionsWatch.of(
                configuration,
                surroundings,
                merged,
                live,
                DefinitionsWatch.lead(configuration.settings()),
                clock,
                said::add);
        write(KNOWN + LATER);
        while (!watch.look()) {
            assertThat(said).isEmpty();
        }
        assertThat(live.of("PROC-001", 0).version()).isEqualTo(simulated);
        assertThat(live.of("A", NOW.toEpochMilli() + 3_600_000).targetOeeNano()).isEqualTo(600_000_000L);
    }
}
