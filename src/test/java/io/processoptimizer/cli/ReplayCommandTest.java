package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(run.out()).contains("of 3 processes", "results in").doesNotContain(" provisional\n");
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

    /** Its windows without production know their OEE, which is 0; what it did in the others is not known. */
    @Test
    void aProcessOfUnknownIdealCyclesHasNoOeeRatherThanZero() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int minute = 0; minute < 30; minute++) {
            lines.append("{\"process_id\":\"P\",\"step_id\":\"s\",\"timestamp\":")
                    .append(1_767_225_600_000L + minute * 60_000L)
                    .append(minute < 15 ? ",\"state\":\"RUNNING\",\"good\":3}\n" : ",\"state\":\"DOWN\"}\n");
        }
        Files.writeString(directory.resolve("p.ndjson"), lines);

        CommandRun run = CommandRun.in(directory, "replay", "--input", "p.ndjson", "--output", "out");

        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).containsPattern("\nP +–  48\\.4 %  –  100\\.0 %");
    }

    @Test
    void aCutFileIsReadAsFarAsItGoesAndEndsWith3() throws IOException {
        byte[] whole = Files.readAllBytes(directory.resolve("day.ndjson.gz"));
        Files.write(directory.resolve("cut.ndjson.gz"), Arrays.copyOf(whole, whole.length * 2 / 3));

        CommandRun run = CommandRun.in(directory, "replay", "--input", "cut.ndjson.gz", "--output", "out");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err())
                .startsWith("cut.ndjson.gz is cut off: its gzip ends early, after line " + linesOf("cut.ndjson.gz"));
        assertThat(directory.resolve("out/windows.ndjson")).isNotEmptyFile();
    }

    /** Whole lines, as a decompressor byte by byte finds them until it fails. */
    private long linesOf(String gzip) throws IOException {
        long lines = 0;
        try (InputStream in = new GZIPInputStream(Files.newInputStream(directory.resolve(gzip)))) {
            for (int next = in.read(); next >= 0; next = in.read()) {
                lines += next == '\n' ? 1 : 0;
            }
        } catch (EOFException e) {
            return lines;
        }
        throw new AssertionError(gzip + " is whole");
    }

    /** The device takes no byte, as a full disk does. */
    @ParameterizedTest
    @ValueSource(strings = {"out/windows.ndjson", "out/summary.json", "out/report.html"})
    void aFullDiskEndsWith2AndNamesTheFile(String file) throws IOException {
        Files.createDirectories(directory.resolve("out"));
        Files.createSymbolicLink(directory.resolve(file), Path.of("/dev/full"));

        CommandRun run = replay("--output", "out", "--report", "out/report.html");

        assertThat(run.err())
                .startsWith("writing " + directory.resolve(file) + " failed: No space left on device; ")
                .containsIgnoringCase("make room");
        assertThat(run.exitCode()).isEqualTo(2);
        Files.delete(directory.resolve(file));
    }

    @Test
    void noResultOverwritesAnInput() throws IOException {
        byte[] day = Files.readAllBytes(directory.resolve("day.ndjson.gz"));
        replay("--output", "out");
        byte[] letters = Files.readAllBytes(directory.resolve("out/dead-letters.ndjson"));
        Files.createSymbolicLink(directory.resolve("link.html"), directory.resolve("day.ndjson.gz"));

        assertMistake(2, "day.ndjson.gz is an input", "--input", "day.ndjson.gz", "--report", "./day.ndjson.gz");
        assertMistake(2, "link.html is an input", "--input", "day.ndjson.gz", "--report", "link.html");
        assertMistake(2, "is an input", "--input", "out/dead-letters.ndjson", "--output", "out");
        assertMistake(
                2, "is an input", "--input", "day.ndjson.gz", "--baseline", "out", "--report", "out/windows.ndjson");
        assertThat(directory.resolve("day.ndjson.gz")).hasBinaryContent(day);
        assertThat(directory.resolve("out/dead-letters.ndjson")).hasBinaryContent(letters);
    }

    @Test
    void placesThatCannotBeWrittenAreToldBeforeAnythingIsRead() throws IOException {
        Files.writeString(directory.resolve("file"), "");
        Files.createDirectories(directory.resolve("folder"));

        assertMistake(2, "is a file; name a folder", "--input", "day.ndjson.gz", "--output", "file");
        assertMistake(2, "is a folder; name a file in it", "--input", "day.ndjson.gz", "--report", "folder");
        assertMistake(2, "is in no folder that exists", "--input", "day.ndjson.gz", "--report", "none/r.html");
        assertMistake(
                2, "is a file of --output", "--input", "day.ndjson.gz", "--output", "o", "--report", "o/summary.json");
    }

    @Test
    void whatAnEarlierReplayLeftIsNotTakenForThisOnes() throws IOException {
        replay("--output", "out", "--compare", "oee.target=0.5");
        replay("--output", "out");

        assertThat(directory.resolve("out/comparison.ndjson")).doesNotExist();
        assertThat(directory.resolve("out/summary.json")).exists();
    }

    @Test
    void aBaselineThatIsNoneIsToldWithItsLine() throws IOException {
        replay("--output", "before");
        Path windows = directory.resolve("before/windows.ndjson");
        List<String> lines = new ArrayList<>(Files.readAllLines(windows));
        for (String broken : List.of(
                "rubbish", "[]", "{\"process_id\":\"PROC-001\"}", lines.get(2).substring(0, 300))) {
            lines.set(2, broken);
            Files.write(windows, lines);

            assertMistake(
                    3, "before/windows.ndjson:3 is no result (", "--input", "day.ndjson.gz", "--baseline", "before");
        }
    }

    @Test
    void aBaselineWithRevisionsIsComparedByTheLastOfEach() {
        CommandRun before = replay("--output", "before", "--revisions");
        assertThat(before.out()).doesNotContain("(0 revised");

        CommandRun same = replay("--baseline", "before", "--fail-on-difference");

        assertThat(same.out()).contains(" windows the same, 0 different, 0 missing, 0 new");
        assertThat(same.exitCode()).isZero();
    }

    @Test
    void rawFilesOfTheSameNameInTwoFoldersAreBothRead() throws IOException {
        for (String folder : List.of("one", "two")) {
            Files.createDirectories(directory.resolve(folder));
            Files.writeString(
                    directory.resolve(folder).resolve("day.ndjson"),
                    "{\"process_id\":\"" + folder + "\",\"timestamp\":1767225600000,\"state\":\"RUNNING\"}\n");
        }
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("one"));

        CommandRun run = CommandRun.in(directory, "replay", "--input", "one", "two", "link", "one/day.ndjson");

        assertThat(run.out()).startsWith("2 records of 2 processes");
    }

    @Test
    void aGzipOfAFewBytesIsTold() throws IOException {
        Files.write(directory.resolve("short.gz"), new byte[] {0x1f, (byte) 0x8b});
        Files.write(directory.resolve("bad.gz"), new byte[] {0x1f, (byte) 0x8b, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10});

        assertMistake(3, "short.gz is cut off", "--input", "short.gz");
        assertMistake(3, "bad.gz cannot be read", "--input", "bad.gz");
        CommandRun piped = CommandRun.piped(directory, "", "replay", "--input", "-");
        assertThat(piped.exitCode()).isZero();
    }

    @Test
    void aProcessThatTheInputLacksIsTold() {
        CommandRun run = replay("--report", "r.html", "--report-process", "PROC-001", "--report-process", "PROC-009");

        assertThat(run.err())
                .isEqualToNormalizingNewlines("--report-process PROC-009: the input has no such process\n");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void noNameTurnsTheTableAroundOrWidensIt() {
        String record = "{\"process_id\":\"%s\",\"timestamp\":1767225600000,\"state\":\"RUNNING\"}\n";
        String lines = String.format(record, "\u202eevil") + String.format(record, "x".repeat(250));

        CommandRun run = CommandRun.piped(directory, lines, "replay", "--input", "-");

        assertThat(run.out()).contains("\uFFFDevil", "xxx…").doesNotContain("\u202e");
        assertThat(run.out().lines()).allMatch(line -> line.length() < 200);
    }

    @Test
    void anInputWithoutRecordsIsTold() {
        CommandRun run = CommandRun.piped(directory, "\n\n", "replay", "--input", "-");

        assertThat(run.out()).contains("the input holds no records");
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void whatARecordingLacksIsToldOnStandardErrorInTheSummaryAndInTheReport() throws IOException {
        Files.createDirectories(directory.resolve("rec"));
        Files.writeString(directory.resolve("rec/s-1.ndjson"), """
                {"shard":"s-1","sequence":"7","data":{"process_id":"A","timestamp":1767225600000,"state":"RUNNING"}}
                """);
        Files.writeString(directory.resolve("rec/recording.json"), """
                {"format":1,"stream":"s","arn":"a","created":0,"from":"trim_horizon","started":0,"compressed":false,
                 "selected":["s-1"],"shards":[{"shard":"s-1","starting_hash_key":"0",
                 "ending_hash_key":"340282366920938463463374607431768211455","parents":[],"closed":false,
                 "from":"trim_horizon","records":1,"bytes":10,"last":{"sequence":"7","subsequence":0},"read_until":0,
                 "ended":"bound","gaps":[{"after":{"sequence":"5","subsequence":0},"noticed":1767225600000}]}]}
                """);

        CommandRun run =
                CommandRun.in(directory, "replay", "--input", "rec", "--output", "out", "--report", "out/report.html");

        String selected = "rec was recorded from one shard only (s-1)";
        String gap = "rec may lack records of s-1 after sequence 5";
        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).contains(selected, gap).hasLineCount(2);
        assertThat(directory.resolve("out/summary.json"))
                .content()
                .contains(
                        "\"kind\" : \"missing_records\"",
                        "\"after_sequence\" : \"5\"",
                        "\"kind\" : \"selected_shards\"");
        assertThat(directory.resolve("out/report.html")).content().contains("\"notes\":[\"" + selected, gap);
    }

    /** Two lines of one hall, one of them for half the time: OEE is a division of the sums, not the mean of the lines'. */
    @Test
    void processesOfASiteAndAnAreaAreSummed() throws IOException {
        StringBuilder records = new StringBuilder();
        for (int minute = 0; minute <= 60; minute++) {
            for (String line : minute <= 30 ? List.of("A", "B") : List.of("A")) {
                records.append("{\"process_id\":\"" + line + "\",\"timestamp\":"
                        + (1_772_431_200_000L + minute * 60_000L)
                        + ",\"state\":\"RUNNING\",\"ideal_cycle_time\":1,\"good\":" + (line.equals("A") ? 30 : 60)
                        + "}\n");
            }
        }
        Files.writeString(directory.resolve("hall.ndjson"), records);
        Files.writeString(
                directory.resolve("hall.processes.yaml"), "processes: [{match: \"*\", site: Home, area: Hall 1}]");

        CommandRun run = CommandRun.in(directory, "replay", "--input", "hall.ndjson", "--output", "out");

        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode summary = new ObjectMapper()
                .readTree(directory.resolve("out/summary.json").toFile());
        JsonNode area = summary.get("areas").get(0);
        assertThat(area.get("area").asText()).isEqualTo("Hall 1");
        assertThat(area.get("processes").asInt()).isEqualTo(2);
        double oee = area.get("fully_productive_ms").asDouble()
                / area.get("planned_ms").asDouble();
        // A makes 0.5 for an hour, B 1.0 for half of one: 2/3 together, where the mean is 3/4.
        assertThat(area.get("oee").asDouble()).isEqualTo(oee).isBetween(0.6, 0.7);
        assertThat(summary.get("sites").get(0).get("oee").asDouble()).isEqualTo(oee);
    }

    @Test
    void theReportHasSitesAreasAndShiftsAsTheirWindowsSumUp() throws IOException {
        CommandRun simulated = CommandRun.in(
                directory, "simulate", "-o", "day.ndjson", "--processes", "4", "--for", "5h", "--seed", "3");
        assertThat(simulated.exitCode()).isZero();
        String calendar =
                "calendar: {time_zone: UTC, shifts: {a: {start: 00:00, end: 08:00}, b: {start: 08:00, end: 16:00},"
                        + " c: {start: 16:00, end: 00:00}}}";
        Path definitions = directory.resolve("day.processes.yaml");
        Files.writeString(
                definitions,
                Files.readString(definitions)
                        .replaceAll("( {2}- match: PROC-00[12])", "$1\n    site: S\n    area: H\n    " + calendar)
                        .replaceAll("( {2}- match: PROC-003)", "$1\n    site: S\n    " + calendar));

        CommandRun run = CommandRun.in(
                directory, "replay", "--input", "day.ndjson", "--output", "out", "--report", "report.html");

        assertThat(run.exitCode()).as(run.err()).isZero();
        Matcher data = Pattern.compile("id=\"data\">(.*?)</script>", Pattern.DOTALL)
                .matcher(Files.readString(directory.resolve("report.html")));
        assertThat(data.find()).isTrue();
        JsonNode report = new ObjectMapper().readTree(data.group(1));
        JsonNode places = report.get("places");
        assertThat(places).hasSize(2);
        assertThat(places.get(0).get("area").isNull()).isTrue();
        assertThat(places.get(0).get("processes").asInt()).isEqualTo(3);
        assertThat(places.get(1).get("area").asText()).isEqualTo("H");
        assertThat(places.get(1).get("processes").asInt()).isEqualTo(2);
        Map<String, long[]> shifts = new TreeMap<>();
        for (String line : Files.readAllLines(directory.resolve("out/windows.ndjson"))) {
            JsonNode window = new ObjectMapper().readTree(line);
            if (window.get("window").asText().equals("shift")) {
                long[] sums = shifts.computeIfAbsent(
                        window.get("day").asText() + " " + window.get("shift").asText(), key -> new long[2]);
                sums[0]++;
                sums[1] += window.get("planned_ms").asLong();
            }
        }
        Map<String, long[]> shown = new TreeMap<>();
        report.get("shifts")
                .forEach(shift -> shown.put(
                        shift.get("day").asText() + " " + shift.get("shift").asText(), new long[] {
                            shift.get("processes").asLong(),
                            shift.get("planned_ms").asLong()
                        }));
        assertThat(shown.keySet()).isNotEmpty().isEqualTo(shifts.keySet());
        shown.forEach((shift, sums) -> assertThat(sums).as(shift).isEqualTo(shifts.get(shift)));
        report.get("details")
                .forEach(detail -> assertThat(detail.get("shifts").size())
                        .isEqualTo(detail.get("id").asText().equals("PROC-004") ? 0 : shifts.size()));
        assertThat(report.get("processes"))
                .allSatisfy(process -> assertThat(process.get("site").isNull())
                        .isEqualTo(process.get("id").asText().equals("PROC-004")));
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
        assertMistake(2, "goes nowhere", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.5:0.8:0");
        assertMistake(2, "goes nowhere", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.5:0.8:-0.1");
        assertMistake(2, "more than 100 values", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.1:1:0.000001");
        assertMistake(
                2, "'1e-99999' is not a number", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.1:1:1e-99999");
        assertMistake(
                2,
                "--sweep oee.target=2: oee.target (2) is not a share",
                "--input",
                "day.ndjson.gz",
                "--sweep",
                "oee.target=1:2:1");
        assertMistake(
                2,
                "--compare oee.target=2: oee.target (2) is not a share",
                "--input",
                "day.ndjson.gz",
                "--compare",
                "oee.target=2");
        assertMistake(
                2, "oee.target=0.5 is asked for twice", "--input", "day.ndjson.gz", "--sweep", "oee.target=0.5,0.5");
        assertMistake(2, "--compare () is neither", "--input", "day.ndjson.gz", "--compare", "");
        assertMistake(2, "add --baseline DIR", "--input", "day.ndjson.gz", "--fail-on-difference");
        assertMistake(2, "--input is empty", "--input", "");
        assertMistake(2, "--output or --report is empty", "--input", "day.ndjson.gz", "--output", "");
        assertMistake(2, "name it once", "--input", "-", "-");
        assertMistake(2, "--revisions is about the files", "--input", "day.ndjson.gz", "--revisions");
        assertMistake(2, "--report-process is about --report", "--input", "day.ndjson.gz", "--report-process", "P");
        assertMistake(
                2,
                "--until (2026-01-01T00:00:00Z) is not after --from (2026-01-02T00:00:00Z)",
                "--stream",
                "--from",
                "2026-01-02T00:00:00Z",
                "--until",
                "2026-01-01T00:00:00Z");
        assertMistake(2, "--from (latest) is neither trim_horizon nor a time", "--stream", "--from", "latest");
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
