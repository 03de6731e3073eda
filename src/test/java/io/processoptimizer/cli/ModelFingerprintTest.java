package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.config.Configuration;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What names a configuration: of a model its content, not its folder. */
class ModelFingerprintTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void theSameModelInAnotherFolderIsTheSameConfigurationAndAnotherOneInTheSameFolderIsNot() throws IOException {
        model("here", "last");
        model("there", "last");
        String here = fingerprint("here");
        assertThat(fingerprint("there")).isEqualTo(here);

        model("there", "mean");
        assertThat(fingerprint("there")).isNotEqualTo(here);
    }

    @Test
    void aModelThatIsNotThereIsNamedWithTheRemedy() {
        assertThatThrownBy(() -> fingerprint("nowhere"))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("advice.efficiency_model (nowhere) cannot be read here")
                .hasMessageContaining("bring the model here");
    }

    private String fingerprint(String folder) {
        Configuration configuration = Configuration.load(
                new Configuration.Request(null, Map.of(), Map.of("advice.efficiency_model", folder), directory, null));
        return configuration.fingerprint(LocalEfficiency.identity(
                configuration.settings().advice().efficiencyModel(),
                new Surroundings(
                        Map.of(),
                        directory,
                        new ByteArrayInputStream(new byte[0]),
                        OutputStream.nullOutputStream(),
                        false)));
    }

    private void model(String folder, String guess) throws IOException {
        Path made = Files.createDirectories(directory.resolve(folder));
        Files.writeString(
                made.resolve("model.json"),
                "{\"format\":\"process-efficiency-2\",\"horizon_ms\":300000,\"predicted_by\":{\"efficiency_score\":\""
                        + guess
                        + "\",\"throughput\":\"last\",\"cycle_time\":\"last\"},\"forests\":{},\"trained_on\":[]}");
    }
}
