package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfigurationFingerprint;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinitions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulatedPlantTest {
    private static final ProcessDefinition DEFAULTS = Settings.DEFAULTS.processDefaults();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void theFingerprintIsThatOfAWorkerThatReadsTheFactorysDefinitionsFromAFile() {
        Configuration plain = load(Map.of());
        CommandRun.in(
                directory, "simulate", "--output", "day.ndjson", "--for", "1m", "--processes", "5", "--seed", "3");
        Configuration fromFile = load(Map.of("processes.file", "day.processes.yaml"));
        SimulatedPlant plant = new SimulatedPlant(5, 1, 3, Clock.systemUTC());

        String simulated =
                ConfigurationFingerprint.of(plain.settings(), plant.definitions(DEFAULTS, plain.definitions()));

        assertThat(simulated).isNotEqualTo(plain.fingerprint(null)).isEqualTo(fromFile.fingerprint(null));
    }

    @Test
    void ofOtherProcessesTheFileSpeaks() {
        ProcessDefinitions file = ProcessesFile.parse(
                "processes:\n  - match: MINE\n    steps: [a]\n  - match: 'PROC-*'\n    steps: [b]\n",
                DEFAULTS,
                "a file");
        SimulatedPlant plant = new SimulatedPlant(5, 1, 3, Clock.systemUTC());
        ProcessDefinitions both = plant.definitions(DEFAULTS, file);
        ProcessDefinitions own = plant.definitions(DEFAULTS, ProcessDefinitions.DEFAULTS);

        assertThat(both.of("MINE", 0)).isEqualTo(file.of("MINE", 0));
        assertThat(both.of("PROC-x", 0)).isEqualTo(file.of("PROC-x", 0));
        assertThat(both.of("PROC-001", 0)).isEqualTo(own.of("PROC-001", 0)).isNotEqualTo(file.of("PROC-001", 0));
        assertThat(both.of("else", 0)).isEqualTo(DEFAULTS);
    }

    private Configuration load(Map<String, String> overrides) {
        return Configuration.load(new Configuration.Request(null, Map.of(), overrides, directory, null));
    }
}
