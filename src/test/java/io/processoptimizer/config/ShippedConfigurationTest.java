package io.processoptimizer.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.pipeline.PipelineSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The files under config/ say what the code does. After a deliberate change of a setting, {@code -Dconfig.update=true} writes
 * them anew.
 */
class ShippedConfigurationTest {
    private static final Path YAML = Path.of("config/process-optimizer.yaml");
    private static final Path SCHEMA = Path.of("config/process-optimizer.schema.json");

    @Test
    void shippedFileNamesEverySettingWithItsMeaningAndDefault() throws IOException {
        assertShipped(YAML, SettingsYaml.commented(Settings.DEFAULTS));
    }

    @Test
    void shippedFileReadsAsTheDefaultsOfTheCode() {
        SettingsReader.Result result = SettingsReader.readFile(YAML, YAML.toString());

        assertThat(result.settings()).isEqualTo(Settings.DEFAULTS);
        assertThat(result.origins().keySet()).isEqualTo(SettingKey.ALL.keySet());
    }

    @Test
    void shippedSchemaKnowsTheSameSettings() throws IOException {
        assertShipped(SCHEMA, SettingsSchema.text());
    }

    @Test
    void environmentVariablesAreDistinct() {
        Map<String, Long> counts = SettingKey.ALL.values().stream()
                .collect(Collectors.groupingBy(SettingKey::environmentVariable, Collectors.counting()));

        assertThat(counts.values()).containsOnly(1L);
        assertThat(counts).hasSameSizeAs(SettingKey.ALL.keySet());
    }

    @Test
    void defaultsAreThoseOfThePipeline() {
        assertThat(Settings.DEFAULTS.pipelineSettings()).isEqualTo(PipelineSettings.DEFAULT);
    }

    private static void assertShipped(Path file, String expected) throws IOException {
        if (Boolean.getBoolean("config.update")) {
            Files.writeString(file, expected);
        }
        assertThat(file).content().isEqualTo(expected);
    }
}
