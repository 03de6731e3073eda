package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigCommandTest {
    @TempDir
    private Path directory;

    private CommandRun withEnvironment(Map<String, String> environment, String... args) {
        return CommandRun.in(
                new Surroundings(
                        environment,
                        directory,
                        new ByteArrayInputStream(new byte[0]),
                        OutputStream.nullOutputStream(),
                        false),
                args);
    }

    @Test
    void withoutAFileTheDefaultsAreShown() {
        CommandRun run = CommandRun.in(directory, "config", "show");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .startsWith("# settings: no file, built-in defaults\n# process definitions: none, defaults for all\n"
                        + "# configuration: ")
                .contains("window:\n  pane: 1m\n  size: 5m\n");
    }

    @Test
    void whatIsShownCanBeUsedAsAFileAndShowsTheSameAgain() throws IOException {
        CommandRun first =
                CommandRun.in(directory, "config", "show", "--set", "window.slide=5m", "--set", "outputs.ttl=90d");
        Files.writeString(directory.resolve("shown.yaml"), first.out());

        CommandRun second = CommandRun.in(directory, "config", "show", "--changed", "--config", "shown.yaml");

        assertThat(second.out())
                .containsPattern(
                        "\nwindow:\n  slide: 5m +# shown.yaml:\\d+\noutputs:\n  ttl: 90d +# shown.yaml:\\d+\n$");
    }

    @Test
    void theDocumentedExamplesOfASettingAreAccepted() throws IOException {
        String help = CommandRun.in(directory, "config", "show", "--help").out();
        String documented = Files.readString(Path.of("README.md"))
                + Files.readString(Path.of("config/process-optimizer.yaml"))
                + help;
        Map<String, String> variables = new HashMap<>();
        Matcher variable = Pattern.compile("(PO_[A-Z_]+)=(\\w+)").matcher(documented);
        while (variable.find()) {
            variables.put(variable.group(), variable.group(1));
            String value = variable.group(2);
            CommandRun run = withEnvironment(Map.of(variable.group(1), value), "config", "show", "--changed");
            assertThat(run.err()).as(variable.group()).isEmpty();
        }
        assertThat(variables).isNotEmpty();
        List<String> settings = new ArrayList<>();
        Matcher setting =
                Pattern.compile("(?:--set|like) (window[.]\\w+=\\w+)").matcher(documented.replaceAll("\\s+", " "));
        while (setting.find()) {
            settings.add(setting.group(1));
            CommandRun run = CommandRun.in(directory, "config", "show", "--set", setting.group(1));
            assertThat(run.err()).as(setting.group()).isEmpty();
        }
        assertThat(settings).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    void aConfigurationIsNamedAsRecoverNamesItAndByAnotherNameWhereAResultWouldDiffer() {
        String defaults = named();
        assertThat(defaults).matches("# configuration: [0-9a-f]{12}, as 'recover status' .*");
        assertThat(named("--set", "state.commit_interval=5s")).isEqualTo(defaults);
        assertThat(named("--set", "oee.target=0.5")).isNotEqualTo(defaults);
    }

    private String named(String... options) {
        String[] args =
                Stream.concat(Stream.of("config", "show"), Stream.of(options)).toArray(String[]::new);
        return CommandRun.in(directory, args).out().lines().toList().get(2);
    }

    @Test
    void defaultsAreTheShippedFile() throws IOException {
        CommandRun run = withEnvironment(Map.of("PO_WINDOW_SLIDE", "5m"), "config", "show", "--defaults");

        assertThat(run.out()).isEqualTo(Files.readString(Path.of("config/process-optimizer.yaml")));
    }

    @Test
    void theFilesOfTheWorkingDirectoryAreFoundAndTheEnvironmentOverrides() throws IOException {
        Files.createDirectory(directory.resolve("config"));
        Files.writeString(directory.resolve("config/process-optimizer.yaml"), "window: {slide: 5m, size: 10m}\n");
        Files.writeString(directory.resolve("config/processes.yaml"), "processes: [{match: A}]\n");

        CommandRun run = withEnvironment(Map.of("PO_WINDOW_SLIDE", "2m"), "config", "show", "--changed");

        assertThat(run.out().replaceFirst("(?m)^# configuration: .*\\n", "")).isEqualTo("""
                        # settings: config/process-optimizer.yaml
                        # process definitions: config/processes.yaml
                        window:
                          size: 10m                                # config/process-optimizer.yaml:1
                          slide: 2m                                # PO_WINDOW_SLIDE
                        """);
    }

    @Test
    void aFileNamedInTheEnvironmentIsRead() throws IOException {
        Files.writeString(directory.resolve("mine.yaml"), "log: {level: debug}\n");

        assertThat(withEnvironment(Map.of("PO_CONFIG", "mine.yaml"), "config", "show", "--changed")
                        .out())
                .contains("# mine.yaml:1");
    }

    @Test
    void checkNamesEveryProblemOfBothFilesAndTheEnvironment() throws IOException {
        Files.writeString(directory.resolve("s.yaml"), "window:\n  disorder: 90\n");
        Files.writeString(directory.resolve("processes.yaml"), "processes:\n  - match: A\n    minor_stop: 2\n");

        CommandRun run = withEnvironment(
                Map.of("PO_LOG_LEVEL", "loud"), "config", "check", "--config", "s.yaml", "--set", "window.pane=0s");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).isEqualTo("""
                        s.yaml:2: window.disorder (90) has no unit; write 90s or 90m
                        PO_LOG_LEVEL: log.level (loud) is not one of error, warn, info, debug; use one of them
                        --set: window.pane (0s) must be between 1s and 1d; the default is 1m
                        processes.yaml:3: minor_stop (2) has no unit; write 2s or 2m
                        """);
    }

    @Test
    void checkOfFilesTellsSettingsFromDefinitions() throws IOException {
        Files.writeString(directory.resolve("s.yaml"), "window:\n  slide: 5m\n");
        Files.writeString(directory.resolve("p.yaml"), "processes:\n  - match: A\n  - match: B*\n");

        CommandRun run = CommandRun.in(directory, "config", "check", "s.yaml", "p.yaml");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEqualTo("ok: s.yaml, 1 setting\nok: p.yaml, 2 process definitions\n");
    }

    @Test
    void checkOfFilesReportsTheProblemsOfAll() throws IOException {
        Files.writeString(directory.resolve("s.yaml"), "windw: {}\n");
        Files.writeString(directory.resolve("p.yaml"), "processes:\n  - mtch: A\n");

        CommandRun run = CommandRun.in(directory, "config", "check", "s.yaml", "p.yaml", "none.yaml");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err())
                .contains("s.yaml:1: unknown section 'windw'; did you mean window?")
                .contains("p.yaml:2: unknown key 'mtch'; did you mean match?")
                .contains("none.yaml: the file does not exist");
    }
}
