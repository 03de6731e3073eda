package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayCommandTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeEach
    void aRecording() {
        CommandRun made = CommandRun.in(
                directory,
                "simulate",
                "--output",
                "day.ndjson.gz",
                "--for",
                "30m",
                "--processes",
                "3",
                "--start",
                "2026-03-02T06:00:00Z",
                "--seed",
                "5");
        assertThat(made.exitCode()).as(made.err()).isZero();
    }

    @Test
    void aReplaySaysWhatItFoundAndWritesItsFiles() throws IOException {
        CommandRun run = replay("--output", "out", "--report", "r.html");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.out())
                .contains("of 3 processes", "definitions: day.processes.yaml", "PROC-001", "results in", "report in");
        assertThat(names("out"))
                .containsExactly(
                        "adjustments.ndjson", "advice.ndjson", "dead-letters.ndjson", "summary.json", "windows.ndjson");
        assertThat(Files.readString(directory.resolve("r.html")))
                .contains("Replay of day.ndjson.gz", "PROC-003", "\"states\":{");
    }

    @Test
    void aSecondReplayEqualsTheFirstAndAnotherConfigurationDoesNot() {
        replay("--output", "before");

        CommandRun same = replay("--baseline", "before", "--fail-on-difference");
        CommandRun other = replay("--baseline", "before", "--fail-on-difference", "--set", "oee.target=0.5");

        assertThat(same.exitCode()).as(same.out()).isZero();
        assertThat(same.out()).contains(" windows the same, 0 different, 0 missing, 0 new");
        assertThat(other.exitCode()).as(other.out()).isEqualTo(5);
        assertThat(other.out()).contains("target_oee: 0.85 → 0.5");
    }

    @Test
    void aSweepHasARowForEachValue() {
        CommandRun run = replay("--sweep", "oee.target=0.70:0.80:0.05", "--compare", "window.size=10m");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()
                        .lines()
                        .filter(line -> line.matches("(base|oee.target=0.7[05]|oee.target=0.80|window.size=10m) .*")))
                .hasSize(5);
    }

    @Test
    void aPacedReplayShowsResultsAsTheyComeAndThenTheSummary() throws IOException {
        replay("--output", "out");
        CommandRun run = replay("--output", "paced", "--speed", "100000x");

        assertThat(run.err()).isEmpty();
        assertThat(run.exitCode()).isZero();
        List<String> lines = run.out().lines().toList();
        assertThat(lines.get(0)).matches("2026-03-02T06:\\d\\d:00Z PROC-00\\d oee=.* final");
        assertThat(run.out()).contains("of 3 processes", "results in");
        assertThat(directory.resolve("paced/windows.ndjson"))
                .hasSameBinaryContentAs(directory.resolve("out/windows.ndjson"));
    }

    @Test
    void brokenLinesAreDeadLettersWithFileAndLine() throws IOException {
        Files.writeString(
                directory.resolve("broken.ndjson"),
                "{\"process_id\":\"A\",\"timestamp\":1767225600000,\"state\":\"RUNNING\"}\nrubbish\n");

        CommandRun run = CommandRun.in(directory, "replay", "--input", "broken.ndjson", "--output", "out");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("refused: 1 malformed");
        assertThat(Files.readString(directory.resolve("out/dead-letters.ndjson")))
                .contains(
                        "\"reason\":\"malformed\"",
                        "\"shard\":\"broken.ndjson\"",
                        "\"sequence\":\"2\"",
                        "\"data\":\"rubbish\"");
    }

    @Test
    void aCutFileIsReadAsFarAsItGoesAndEndsWith3() throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve("day.ndjson.gz"));
        Files.write(directory.resolve("cut.ndjson.gz"), Arrays.copyOf(whole, whole.length * 2 / 3));

        CommandRun run = CommandRun.in(directory, "replay", "--input", "cut.ndjson.gz", "--output", "out");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).startsWith("cut.ndjson.gz is cut off: its gzip ends early, after line ");
        assertThat(directory.resolve("out/windows.ndjson")).isNotEmptyFile();
    }

    @Test
    void mistakesAreToldWithTheirRemedy() throws IOException {
        Files.createDirectories(directory.resolve("empty"));
        replay("--output", "out");

        assertMistake(3, "none.ndjson does not exist; check --input", "--input", "none.ndjson");
        assertMistake(3, "empty holds no recording", "--input", "empty");
        assertMistake(3, "it holds the output of a replay", "--input", "out");
        assertMistake(2, "is neither a file nor a setting", "--input", "day.ndjson.gz", "--compare", "nothing");
        assertMistake(2, "names no setting", "--input", "day.ndjson.gz", "--sweep", "nothing");
        assertMistake(2, "FROM must not be above TO", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.9:0.8:0.1");
        assertMistake(2, "unknown setting", "--input", "day.ndjson.gz", "--compare", "oee.tarket=0.8");
        assertMistake(3, "holds no windows.ndjson", "--input", "day.ndjson.gz", "--baseline", "empty");
        assertMistake(2, "are the same folder", "--input", "day.ndjson.gz", "--baseline", "out", "--output", "./out");
        assertMistake(2, "--speed (fast) is no factor above 0", "--input", "day.ndjson.gz", "--speed", "fast");
        assertMistake(2, "--threads (0) must be 1 to 64", "--input", "day.ndjson.gz", "--threads", "0");
    }

    private void assertMistake(int exitCode, String said, String... options) {
        List<String> arguments = new ArrayList<>(List.of("replay"));
        arguments.addAll(List.of(options));
        CommandRun run = CommandRun.in(directory, arguments.toArray(String[]::new));
        assertThat(run.err()).contains(said).doesNotContain("\tat ");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
    }

    private CommandRun replay(String... options) {
        List<String> arguments = new ArrayList<>(List.of("replay", "--input", "day.ndjson.gz"));
        arguments.addAll(List.of(options));
        return CommandRun.in(directory, arguments.toArray(String[]::new));
    }

    private List<String> names(String folder) throws IOException {
        try (var files = Files.list(directory.resolve(folder))) {
            return files.map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }
}
