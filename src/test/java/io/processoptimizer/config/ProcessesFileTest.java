package io.processoptimizer.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.Inference;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Basis;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.event.WaitingRule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessesFileTest {
    private static final long T = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    private static ConfiguredProcesses parse(String yaml) {
        return ProcessesFile.parse(yaml, ProcessDefinition.DEFAULT, "p.yaml");
    }

    private static List<String> problems(String yaml) {
        ConfigurationException e = catchThrowableOfType(ConfigurationException.class, () -> parse(yaml));
        assertThat(e).as("the definitions were accepted").isNotNull();
        return e.problems().stream().map(Problem::toString).toList();
    }

    @Test
    void everyValueIsRead() {
        ProcessDefinition d = parse("""
                        processes:
                          - match: LINE-1
                            steps: [filler, capper]
                            output_step: filler
                            profile: classic
                            basis: step:capper
                            target_oee: 75%
                            minor_stop: 2m
                            signal_timeout: off
                            utilization_threshold: 0.95
                            ideal_cycle_times:
                              filler: {SKU-1: 1.0, "*": 1.2}
                              capper: 800ms
                        """).of("LINE-1", T);

        assertThat(d)
                .isEqualTo(new ProcessDefinition(
                        d.version(),
                        List.of("filler", "capper"),
                        "filler",
                        Profile.CLASSIC,
                        new Basis.Step("capper"),
                        750_000_000L,
                        120_000L,
                        ProcessDefinition.NO_TIMEOUT,
                        d.idealCycleMicros(),
                        950_000_000L));
        assertThat(d.idealCycleMicros("filler", "SKU-1")).isEqualTo(1_000_000);
        assertThat(d.idealCycleMicros("filler", "SKU-2")).isEqualTo(1_200_000);
        assertThat(d.idealCycleMicros("capper", null)).isEqualTo(800_000);
        assertThat(d.idealCycleMicros("packer", null)).isEqualTo(TelemetryEvent.ABSENT);
    }

    @Test
    void whatIsInferredIsReadAndPartOfTheVersion() {
        ProcessDefinition d = parse("""
                        processes:
                          - {match: LINE-1, changeover: product_change, startup_time: 10m}
                        """).of("LINE-1", T);
        assertThat(d.inference()).isEqualTo(new Inference(true, 600_000));
        ProcessDefinition without =
                parse("processes: [{match: LINE-1, changeover: stated}]").of("LINE-1", T);
        assertThat(without.inference()).isEqualTo(Inference.NONE);
        assertThat(d.version()).isNotEqualTo(without.version());
    }

    @Test
    void waitingAndBuffersAreReadAndPartOfTheVersionWhereTheyAreUsed() {
        String steps = "processes: [{match: L, steps: [a, b, c]";
        ProcessDefinition inferred =
                parse(steps + ", waiting: inferred, buffers: {a: 20, b: 0}}]").of("L", T);
        assertThat(inferred.waiting()).isEqualTo(new WaitingRule(true, Map.of("a", 20, "b", 0)));
        ProcessDefinition stated = parse(steps + ", buffers: {a: 20}}]").of("L", T);
        assertThat(stated.waiting()).isEqualTo(WaitingRule.STATED);
        assertThat(stated.version()).isEqualTo(parse(steps + "}]").of("L", T).version());
        assertThat(List.of(
                        inferred.version(),
                        stated.version(),
                        parse(steps + ", waiting: inferred, buffers: {a: 21, b: 0}}]")
                                .of("L", T)
                                .version(),
                        parse(steps + ", waiting: inferred}]").of("L", T).version()))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            steps: [a, b], waiting: guessed           | waiting (guessed) is not one of stated, inferred
            waiting: inferred                         | waiting (inferred) is told by a step's neighbours: name the steps
            steps: [a, b], buffers: {A: 3}            | buffers (A) is not one of the steps; did you mean a?
            steps: [a, b], buffers: {b: 3}            | buffers (b) names the last step, behind which there is none
            steps: [a, b], buffers: {a: -3}           | buffers.a (-3) is not a number of places; use a whole number
            steps: [a, b], buffers: {a: 2000000}      | buffers.a (2000000) is not a number of places
            steps: [a, b], buffers: 5                 | buffers (5) must name steps, each with the places for parts behind it
            """)
    void wrongWaitingNamesLineValueAndRemedy(String keys, String message) {
        assertThat(problems("processes:\n  - {match: L, " + keys + "}"))
                .singleElement()
                .asString()
                .startsWith("p.yaml:2: ")
                .contains(message);
    }

    @Test
    void calendarIsRead() {
        ProcessDefinition d = parse("""
                        processes:
                          - match: LINE-1
                            calendar:
                              time_zone: Europe/Berlin
                              shifts:
                                early: {days: mon-fri, start: 06:00, end: 14:00, breaks: ["09:00-09:15"]}
                                night: {days: [mon, wed-thu], start: "22:00", end: 6:00}
                              holidays: [2026-06-04]
                        """).of("LINE-1", T);

        io.processoptimizer.event.Calendar calendar = java.util.Objects.requireNonNull(d.calendar());
        assertThat(calendar)
                .hasToString("calendar Europe/Berlin day from 06:00;"
                        + " early [MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY] 06:00-14:00 break 09:00-09:15;"
                        + " night [MONDAY, WEDNESDAY, THURSDAY] 22:00-06:00; holidays [2026-06-04]");
        assertThat(d.version())
                .isNotEqualTo(
                        parse("processes: [{match: LINE-1}]").of("LINE-1", T).version());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {}                                     | needs a time_zone
            {time_zone: Europe/Berlni}             | (Europe/Berlni) is not a time zone; did you mean Europe/Berlin?
            {time_zone: UTC, shift: {}}            | unknown key 'shift' of calendar; did you mean shifts?
            {time_zone: UTC, holidays: [25.12.]}   | (25.12.) is not a date; write it like 2026-12-25
            {time_zone: UTC, shifts: {a: {start: 06:00, end: 25:00}}} | (25:00) is not a time of day
            {time_zone: UTC, shifts: {a: {start: 06:00:30, end: 12:00}}} | (06:00:30) does not fall on a pane edge
            {time_zone: UTC, shifts: {a: {days: mo, start: 06:00, end: 12:00}}} | (mo) is not a day; write daily
            {time_zone: UTC, shifts: {a: {start: 06:00, end: 14:00}, b: {days: sun, start: 13:00, end: 15:00}}} | calendar.shifts.b (13:00 to 15:00) overlaps a (06:00 to 14:00)
            {time_zone: UTC, shifts: {a: {start: 06:00, end: 14:00, breaks: [15:00-15:15]}}} | does not lie inside the shift, 06:00 to 14:00
            {time_zone: UTC, shifts: {a: {days: mon, start: 06:00, end: 12:00}, b: {days: sat, start: 20:00, end: 08:00}}} | does not lie inside the production day that begins at 06:00
            """)
    void wrongCalendarNamesFileLineValueAndRemedy(String calendar, String message) {
        assertThat(problems("processes:\n  - match: A\n    calendar: " + calendar))
                .singleElement()
                .asString()
                .startsWith("p.yaml:3: ")
                .contains(message);
    }

    @Test
    void calendarKeepsToTheEdgesOfThePane() {
        String yaml = "processes: [{match: A, calendar: {time_zone: Asia/Kathmandu, shifts: {a: {start: 06:00, end:"
                + " 14:00}}}}]";

        // Nepal is 5:45 ahead: its whole hours are no edges of a pane of 30 minutes.
        ConfigurationException e = catchThrowableOfType(
                ConfigurationException.class,
                () -> ProcessesFile.parse(yaml, ProcessDefinition.DEFAULT, "p.yaml", java.time.Duration.ofMinutes(30)));
        assertThat(e.problems())
                .hasSize(2)
                .allSatisfy(problem ->
                        assertThat(problem.toString()).contains("does not fall on a pane edge at the offset +05:45"));
        assertThat(parse(yaml).of("A", T).calendar()).isNotNull();
    }

    @Test
    void whatIsLeftOutIsTheDefault() {
        ProcessDefinition d = parse("processes: [{match: A}]").of("A", T);

        assertThat(d.version()).isNotEqualTo(ProcessDefinition.DEFAULT.version());
        assertThat(new ProcessDefinition(
                        "default",
                        d.stepOrder(),
                        d.outputStep(),
                        d.profile(),
                        d.basis(),
                        d.targetOeeNano(),
                        d.minorStopMillis(),
                        d.signalTimeoutMillis(),
                        d.idealCycleMicros(),
                        d.utilizationThresholdNano()))
                .isEqualTo(ProcessDefinition.DEFAULT);
    }

    @Test
    void anExactIdComesBeforePatternsAndPatternsInTheirOrder() {
        ConfiguredProcesses processes = parse("""
                processes:
                  - {match: "LINE-*", target_oee: 0.1}
                  - {match: "LINE-?", target_oee: 0.2}
                  - {match: LINE-2, target_oee: 0.3}
                  - {match: "*.x", target_oee: 0.4}
                """);

        assertThat(processes.of("LINE-1", T).targetOeeNano()).isEqualTo(100_000_000);
        assertThat(processes.of("LINE-2", T).targetOeeNano()).isEqualTo(300_000_000);
        assertThat(processes.of("a.x", T).targetOeeNano()).isEqualTo(400_000_000);
        assertThat(processes.of("aXx", T)).isSameAs(ProcessDefinition.DEFAULT);
    }

    @Test
    void aWindowUsesTheVersionInForceAndBeforeTheFirstTheNextRule() {
        ConfiguredProcesses processes = parse("""
                processes:
                  - {match: A, effective_from: 2026-03-01T00:00:00Z, target_oee: 0.7}
                  - {match: A, effective_from: 2026-02-01T02:00:00+02:00, target_oee: 0.6}
                  - {match: "*", target_oee: 0.5}
                """);

        assertThat(targetAt(processes, "2026-01-31T23:59:59.999Z")).isEqualTo(500_000_000);
        assertThat(targetAt(processes, "2026-02-01T00:00:00Z")).isEqualTo(600_000_000);
        assertThat(targetAt(processes, "2026-02-28T23:59:59.999Z")).isEqualTo(600_000_000);
        assertThat(targetAt(processes, "2026-03-01T00:00:00Z")).isEqualTo(700_000_000);
    }

    private static long targetAt(ConfiguredProcesses processes, String instant) {
        return processes.of("A", Instant.parse(instant).toEpochMilli()).targetOeeNano();
    }

    @Test
    void theVersionNamesTheContentNotItsNotation() {
        String one = parse("processes: [{match: A, target_oee: 80%, ideal_cycle_times: {x: 1, y: {b: 2, a: 3}}}]")
                .of("A", T)
                .version();
        String same = parse("""
                        processes:
                        - ideal_cycle_times: {y: {a: 3.0, b: 2s}, x: {"*": 1.000}}
                          target_oee: 0.8
                          match: B*
                        """).of("B7", T).version();
        String other = parse("processes: [{match: A, target_oee: 81%, ideal_cycle_times: {x: 1, y: {b: 2, a: 3}}}]")
                .of("A", T)
                .version();

        assertThat(same).isEqualTo(one).matches("[0-9a-f]{12}");
        assertThat(other).isNotEqualTo(one);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'processes: [{match: A, targt_oee: 1}]' | p.yaml:1: unknown key 'targt_oee'; did you mean target_oee?",
                "'process: []' | p.yaml:1: unknown key 'process'; the list of definitions stands under 'processes:'",
                "'processes: {A: 1}' | p.yaml:1: processes (a mapping) must be a list; begin each with '- match: ID'",
                "'processes: [A]' | p.yaml:1: a definition (A) must be a mapping; begin it with '- match: ID'",
                "'processes: [{steps: [a]}]' | p.yaml:1: a definition needs 'match': a process id, or a pattern with * or ?",
                "'processes: [{match: A, target_oee: 85}]'"
                        + " | p.yaml:1: target_oee (85) is not a share; use more than 0 and at most 1 (or 100%); write 85% if"
                        + " percent is meant",
                "'processes: [{match: A, profile: iso}]'"
                        + " | p.yaml:1: profile (iso) is not one of iso22400, classic, simple; use one of them",
                "'processes: [{match: A, basis: rolup}]'"
                        + " | p.yaml:1: basis (rolup) is not one of constraint, rollup, step:ID; did you mean rollup?",
                "'processes: [{match: A, basis: \"step:\"}]' | p.yaml:1: basis (step:) names no step; write it like step:filler",
                "'processes: [{match: A, steps: [x, y], basis: \"step:z\"}]'"
                        + " | p.yaml:1: basis (z) is not one of the steps; use one of x, y",
                "'processes: [{match: A, steps: [filler, packer], output_step: pakcer}]'"
                        + " | p.yaml:1: output_step (pakcer) is not one of the steps; did you mean packer?",
                "'processes: [{match: A, steps: [filler], ideal_cycle_times: {filer: 1}}]'"
                        + " | p.yaml:1: ideal_cycle_times (filer) is not one of the steps; did you mean filler?",
                "'processes: [{match: A, ideal_cycle_times: {x: 0}}]' | p.yaml:1: ideal_cycle_times.x (0) is not a cycle time; use"
                        + " seconds per part, more than 0 and at most 86400",
                "'processes: [{match: A, ideal_cycle_times: {x: {s: fast}}}]' | p.yaml:1: ideal_cycle_times.x.s (fast) is not a"
                        + " number; write it like 1.2 (seconds per part)",
                "'processes: [{match: A, steps: [x, x]}]' | p.yaml:1: steps names 'x' twice; a step stands once in the line",
                "'processes: [{match: A, steps: x}]'"
                        + " | p.yaml:1: steps (x) must be a list in line order; write [filler, capper]",
                "'processes: [{match: A, effective_from: 2026-01-01}]' | p.yaml:1: effective_from (2026-01-01) is not a time with"
                        + " an offset; write it like 2026-01-01T00:00:00Z or 2026-01-01T06:00:00+02:00",
                "'processes: [{match: A, minor_stop: 300}]' | p.yaml:1: minor_stop (300) has no unit; write 300s or 300m",
                "'processes: [{match: A, signal_timeout: never}]' | p.yaml:1: signal_timeout (never) is not a duration; write it"
                        + " like 250ms, 90s, 5m, 1h30m or 7d",
                "'processes: [{match: A}, {match: A}]' | p.yaml:1: 'A' is defined twice for the same time (first in line 1);"
                        + " remove one, or give it another effective_from",
            })
    void oneMistakeIsNamedWithItsPlaceItsValueAndTheRemedy(String yaml, String message) {
        assertThat(problems(yaml)).containsExactly(message);
    }

    @Test
    void anUnquotedStarIsExplained() {
        assertThat(problems("processes:\n  - match: *\n"))
                .singleElement()
                .asString()
                .startsWith("p.yaml:2: not valid YAML:")
                .endsWith("; a value that starts with * needs quotes: \"*\"");
    }

    @Test
    void everyMistakeIsReportedWithItsLine() {
        assertThat(problems("""
                        processes:
                          - match: A
                            target_oee: 2
                          - match: B
                            minor_stop: x
                            profil: simple
                        """))
                .hasSize(3)
                .anyMatch(p -> p.startsWith("p.yaml:3: target_oee (2)"))
                .anyMatch(p -> p.startsWith("p.yaml:5: minor_stop (x)"))
                .anyMatch(p -> p.startsWith("p.yaml:6: unknown key 'profil'; did you mean profile?"));
    }

    @Test
    void anEmptyFileDefinesNothing() {
        assertThat(parse("# nothing\n").of("A", T)).isSameAs(ProcessDefinition.DEFAULT);
        assertThat(parse("processes:\n").size()).isZero();
    }

    @Test
    void theShippedFileIsReadAndTheSchemaKnowsItsKeys() throws IOException {
        ProcessDefinition shipped = ProcessesFile.read(
                        Path.of("config/processes.yaml"), ProcessDefinition.DEFAULT, "shipped")
                .of("BOTTLING-7", T);
        JsonNode schema = new ObjectMapper().readTree(Files.readString(Path.of("config/processes.schema.json")));
        List<String> keys = new ArrayList<>();
        schema.path("properties")
                .path("processes")
                .path("items")
                .path("properties")
                .fieldNames()
                .forEachRemaining(keys::add);

        assertThat(shipped.stepOrder()).containsExactly("filler", "capper", "labeller", "packer");
        assertThat(keys).containsExactlyInAnyOrderElementsOf(DefinitionReader.KEYS);
    }
}
