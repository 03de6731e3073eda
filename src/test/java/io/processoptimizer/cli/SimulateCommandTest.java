package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.config.ProcessesFile;
import io.processoptimizer.event.ProcessDefinition;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SimulateCommandTest {
    @TempDir
    private Path directory;

    @Test
    void aFileHasTheRecordsAndTheDefinitionsBesideIt() throws IOException {
        CommandRun run = CommandRun.in(
                directory,
                "simulate",
                "-o",
                "day.ndjson",
                "--for",
                "10m",
                "--processes",
                "2",
                "--start",
                "2026-01-01T00:00:00Z");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<String> lines = Files.readAllLines(directory.resolve("day.ndjson"));
        assertThat(run.out())
                .contains(
                        String.format(Locale.ROOT, "%,d records", lines.size()),
                        "of 2 lines to day.ndjson",
                        "day.processes.yaml");
        assertThat(new ObjectMapper().readTree(lines.get(0)).path("process_id").textValue())
                .startsWith("PROC-00");
        assertThat(ProcessesFile.read(directory.resolve("day.processes.yaml"), ProcessDefinition.DEFAULT, "written")
                        .size())
                .isEqualTo(2);
    }

    @Test
    void theSameOptionsGiveTheSameBytes() throws IOException {
        String[] options = {"--for", "10m", "--processes", "2", "--start", "2026-01-01T00:00:00Z", "--seed", "7"};
        List<String> first = List.of("simulate", "-o", "a.ndjson");
        List<String> second = List.of("simulate", "-o", "b.ndjson");

        CommandRun.in(directory, concat(first, options));
        CommandRun.in(directory, concat(second, options));

        assertThat(directory.resolve("a.ndjson")).hasSameBinaryContentAs(directory.resolve("b.ndjson"));
        assertThat(Files.size(directory.resolve("a.ndjson"))).isPositive();
    }

    private static String[] concat(List<String> first, String[] rest) {
        return java.util.stream.Stream.concat(first.stream(), java.util.Arrays.stream(rest))
                .toArray(String[]::new);
    }

    @Test
    void standardOutputHoldsTheRecordsOnly() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CommandRun run = CommandRun.in(
                new Surroundings(Map.of(), directory, new ByteArrayInputStream(new byte[0]), bytes, false),
                "simulate",
                "-o",
                "-",
                "--for",
                "2m",
                "--processes",
                "1",
                "--format",
                "envelope");

        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(" records ").contains("standard output");
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines())
                .isNotEmpty()
                .allMatch(line -> line.startsWith("{\"shard\":"));
        try (var files = Files.list(directory)) {
            assertThat(files).isEmpty();
        }
    }

    @Test
    void mistakesInOptionsAreNamedWithTheRemedy() {
        assertBadUsage("--for (90) has no unit; write 90s or 90m", "-o", "x", "--for", "90");
        assertBadUsage(
                "--start (today) is not a time with an offset; write it like 2026-01-01T00:00:00Z",
                "-o",
                "x",
                "--start",
                "today");
        assertBadUsage("processes is 0; use 1 to 100000", "-o", "x", "--processes", "0");
        assertBadUsage("--output is none/x, and there is no folder ", "-o", "none/x");
        assertBadUsage("--late is 2.0; use a share from 0 to 1", "-o", "x", "--late", "2");
        assertBadUsage(
                "--disorder is 20m, and late records are held up by at most 10m; use less than that, or --late 0",
                "-o",
                "x",
                "--disorder",
                "20m");
        assertThat(CommandRun.in(directory, "simulate", "-o", "p", "--for", "1m", "--perfect", "--disorder", "20m")
                        .exitCode())
                .isZero();
        assertBadUsage("time factor is 0.5; use 1 to 10000", "--time-factor", "0.5");
        assertBadUsage("--start is for files", "--start", "2026-01-01T00:00:00Z");
        assertBadUsage(
                "no/d.yaml cannot be written: " + directory.resolve("no/d.yaml") + " does not exist, or its",
                "-o",
                "x",
                "--definitions",
                "no/d.yaml");
    }

    private void assertBadUsage(String message, String... options) {
        CommandRun run = CommandRun.in(directory, concat(List.of("simulate"), options));

        assertThat(run.err()).startsWith(message).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(2);
    }

    @Test
    void linesHaveAsManyStepsAsAreAskedFor() throws IOException {
        CommandRun run = CommandRun.in(
                directory, "simulate", "-o", "long.ndjson", "--for", "2m", "--processes", "1", "--steps", "9");
        assertThat(run.exitCode()).isZero();
        assertThat(Files.readAllLines(directory.resolve("long.ndjson")).stream()
                        .map(line -> line.replaceAll(".*\"step_id\":\"([^\"]*)\".*", "$1"))
                        .distinct())
                .hasSize(9)
                .contains("filler", "filler-2", "filler-3");
        CommandRun tooMany = CommandRun.in(directory, "simulate", "-o", "-", "--steps", "65");
        assertThat(tooMany.exitCode()).isEqualTo(2);
        assertThat(tooMany.err()).contains("steps is 65; use 1 to 64");
    }
}
