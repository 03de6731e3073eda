package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnalyzeCommandTest {
    private static final String SNAPSHOT = """
            {"process_id": "PROC-001", "process_data": {
              "timestamp": "2026-01-01T06:00:00Z",
              "steps": [
                {"step_id": "step1", "utilization": 0.95, "cycle_time": 120},
                {"step_id": "step2", "utilization": 0.75, "cycle_time": 90},
                {"step_id": "step3", "utilization": 0.88, "cycle_time": 110}],
              "throughput": 50, "quality_rate": 0.95}}
            """;

    @TempDir
    private Path directory;

    @Test
    void aSnapshotIsAnsweredWithWhatIsKnownWhatIsMissingAndWhatToDo() throws IOException {
        Files.writeString(directory.resolve("record.json"), SNAPSHOT.replaceAll("(?m)^ .*timestamp.*\\R", ""));

        CommandRun run = CommandRun.in(directory, "analyze", "record.json");

        assertThat(run.exitCode()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().replaceFirst("at \\S+:", "at TIME:")).isEqualTo("""
                        PROC-001 at TIME: a snapshot of 3 steps

                          OEE                   not computable: availability and performance are not stated in the record
                          Availability          not known
                          Performance           not known
                          Quality               0.95
                          Throughput            50 parts per hour
                          Status                no_data (target 0.85)
                          Profile               simple
                          Reasons               no_availability, no_performance

                          Bottleneck            step1, impact high: utilization 0.95 is above 0.9
                          Average utilization   0.86 (step2 0.75 to step1 0.95)
                          step1                 utilization 0.95, cycle time 120 s, bottleneck of high impact
                          step2                 utilization 0.75, cycle time 90 s, not a bottleneck (at most 0.9)
                          step3                 utilization 0.88, cycle time 110 s, not a bottleneck (at most 0.9)

                          Recommendations by rules, priority medium
                            1. step1 is in use for 95 % of the time and has no reserve. Shorten its cycle, or shift work
                               from it to step2 (in use for 75 %).
                            2. OEE cannot be computed: no record of the window states availability and performance.
                               State it in process_data, or send states and part counts of the steps.
                            Risk medium: The constraint may move to another step, which then limits the gain.
                        """);
    }

    @Test
    void theAnswerAsJsonHasTheFieldsOfAResultAndTheAdvice() throws IOException {
        CommandRun run = CommandRun.piped(directory, SNAPSHOT, "analyze", "--json", "-");

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.path("process_id").textValue()).isEqualTo("PROC-001");
        assertThat(json.path("oee").isNull()).isTrue();
        assertThat(json.path("quality").doubleValue()).isEqualTo(0.95);
        assertThat(json.path("resources").path("avg_utilization").doubleValue()).isEqualTo(0.86);
        assertThat(json.path("bottlenecks")).hasSize(1);
        assertThat(json.path("bottlenecks").path(0).path("step_id").textValue()).isEqualTo("step1");
        assertThat(json.path("advice").path("recommendations")).isNotEmpty();
    }

    @Test
    void eachObservationOfAMappedRecordIsAnalysedAndARefusedOneIsNamed() throws IOException {
        Files.writeString(directory.resolve("m.yaml"), """
                records: {at: /items}
                each: /items/*
                event: {process_id: /line, step_id: 0/step, timestamp: 0/t, good: 0/good}
                """);
        String record = "{\"line\":\"L\",\"items\":[{\"step\":\"a\",\"t\":1767225600000,\"good\":1},"
                + "{\"step\":\"b\",\"t\":1767225600000,\"good\":%s}]}";
        String mapping = "input.mappings=./m.yaml";

        CommandRun both = CommandRun.piped(directory, record.formatted("2"), "analyze", "--set", mapping, "-");
        CommandRun one = CommandRun.piped(directory, record.formatted("-2"), "analyze", "--set", mapping, "-");

        assertThat(both.exitCode()).as(both.err()).isZero();
        assertThat(both.out()).contains("an event of step a").contains("an event of step b");
        assertThat(one.exitCode()).isEqualTo(3);
        assertThat(one.out()).contains("an event of step a");
        assertThat(one.err()).contains("observation 1: good is -2");
    }

    @Test
    void aSnapshotThatStatesAllFactorsHasAnOee() {
        CommandRun run = CommandRun.piped(
                directory,
                "{\"process_id\":\"P\",\"process_data\":{\"availability\":0.9,\"performance\":0.95,\"quality_rate\":0.95}}",
                "analyze",
                "-");

        assertThat(run.out())
                .containsPattern("OEE +0\\.81225\n")
                .containsPattern("Status +below_target \\(target 0\\.85\\)");
    }

    @Test
    void anEventIsAnalysedOverTheIntervalThatItClaims() {
        CommandRun run = CommandRun.piped(
                directory,
                "{\"process_id\":\"P\",\"step_id\":\"filler\",\"timestamp\":1767225600000,\"state\":\"RUNNING\","
                        + "\"duration_ms\":60000,\"ideal_cycle_time\":1.0,\"good\":45,\"reject\":3}",
                "analyze",
                "-");

        assertThat(run.out())
                .startsWith("P at 2026-01-01T00:00:00Z: an event of step filler, over 60 s\n")
                .containsPattern("OEE +0\\.75\n")
                .containsPattern("Availability +1\n")
                .containsPattern("Performance +0\\.8\n")
                .containsPattern("Quality +0\\.9375\n")
                .containsPattern("Loss +reduced speed 12 s\n")
                .containsPattern("Loss +production rejects 3 s\n");
    }

    @Test
    void anEventWithoutIdealCycleSaysSoAndADefinitionSuppliesIt() throws IOException {
        String event = "{\"process_id\":\"P\",\"step_id\":\"filler\",\"timestamp\":1767225600000,\"state\":\"RUNNING\","
                + "\"duration_ms\":60000,\"good\":45}";

        assertThat(CommandRun.piped(directory, event, "analyze", "-").out())
                .containsPattern("OEE +not computable: the ideal cycle time is not known\n");

        Files.createDirectory(directory.resolve("config"));
        Files.writeString(
                directory.resolve("config/processes.yaml"),
                "processes: [{match: P, ideal_cycle_times: {filler: 1}, target_oee: 0.7}]\n");

        assertThat(CommandRun.piped(directory, event, "analyze", "-").out())
                .containsPattern("OEE +0\\.75\n")
                .containsPattern("Status +meeting_target \\(target 0\\.7\\)\n");
    }

    @Test
    void aBrokenRecordIsBadInputWithItsReason() {
        CommandRun run = CommandRun.piped(directory, "{\"process_id\":\"P\"}", "analyze", "-");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("standard input: missing_field: ").hasLineCount(1);
    }

    @Test
    void severalRecordsAreNotOne() throws IOException {
        Files.writeString(directory.resolve("many.ndjson"), "{\"process_id\":\"P\"}\n{\"process_id\":\"Q\"}\n");

        CommandRun run = CommandRun.in(directory, "analyze", "many.ndjson");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).contains("there are 2 lines that begin a record, and analyze takes one");
    }

    @Test
    void aFileBeyondTheLimitIsSaidToBeLongerThanIt() throws IOException {
        Files.write(directory.resolve("large.json"), new byte[(16 << 20) + 1]);

        CommandRun run = CommandRun.in(directory, "analyze", "large.json");

        assertThat(run.exitCode()).isEqualTo(3);
        assertThat(run.err()).startsWith("large.json: too_large: the record has more than 16777216 bytes");
    }

    @Test
    void aMissingFileIsBadUsage() {
        CommandRun run = CommandRun.in(directory, "analyze", "nowhere.json");

        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.err()).startsWith("nowhere.json does not exist;").hasLineCount(1);
    }
}
