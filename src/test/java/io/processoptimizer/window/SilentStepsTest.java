package io.processoptimizer.window;

import static io.processoptimizer.event.StepState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinition;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Which steps are part of a window. Times are minutes and seconds after a full hour. */
class SilentStepsTest {
    private static final long HOUR = 1_767_261_600_000L;

    private static long at(int minute, int second) {
        return HOUR + minute * 60_000L + second * 1_000L;
    }

    private static Given event(int minute, int second) {
        return Given.event("P", "S", at(minute, second));
    }

    private static Transcript play(Given... records) {
        return History.of(WindowPolicy.DEFAULT, List.of(records)).play();
    }

    private static Given stray(int minute, int second) {
        return Given.event("P", "Z", at(minute, second)).good(1);
    }

    private static WindowFacts lastWindow(Transcript transcript) {
        return transcript.facts.get(transcript.facts.size() - 1);
    }

    @Test
    void stepThatNobodyNamedIsNoPartOfAWindowInWhichItHoldsNothing() {
        Transcript transcript = play(stray(0, 30), event(0, 40).state(RUNNING), event(6, 5), stray(5, 50));
        assertThat(Objects.requireNonNull(transcript.last("P", at(5, 0))).steps())
                .extracting(StepFacts::stepId)
                .containsExactly("S", "Z");
        assertThat(lastWindow(transcript).steps()).extracting(StepFacts::stepId).containsExactly("S");
        assertThat(lastWindow(transcript).silentSteps()).isEqualTo(1);
    }

    @Test
    void silentStepThatIsInAKnownStateIsPartOfTheWindow() {
        Transcript transcript = play(stray(0, 30).state(RUNNING), event(0, 40).state(RUNNING), event(6, 5));
        assertThat(lastWindow(transcript).steps()).extracting(StepFacts::stepId).containsExactly("S", "Z");
        assertThat(lastWindow(transcript).silentSteps()).isZero();
    }

    @Test
    void stepThatTheDefinitionNamesStaysUnknown() {
        List<ProcessDefinition> naming = List.of(
                new ProcessDefinition("o", List.of("S", "Z"), null, null, null, 0, 0, 900_000, Map.of(), 0),
                new ProcessDefinition("p", List.of(), "Z", null, null, 0, 0, 900_000, Map.of(), 0),
                new ProcessDefinition(
                        "b", List.of(), null, null, new ProcessDefinition.Basis.Step("Z"), 0, 0, 900_000, Map.of(), 0));
        for (ProcessDefinition definition : naming) {
            List<Given> records = List.of(stray(0, 30), event(0, 40).state(RUNNING), event(6, 5));
            Transcript transcript = History.of(WindowPolicy.DEFAULT, (process, time) -> definition, records)
                    .play();
            assertThat(lastWindow(transcript).steps())
                    .extracting(StepFacts::stepId)
                    .containsExactly("S", "Z");
            assertThat(lastWindow(transcript).silentSteps()).isZero();
        }
    }

    @Test
    void lateRecordOfASilentStepReopensTheWindowAsARevision() {
        Transcript transcript = play(stray(0, 30), event(0, 40).state(RUNNING), event(6, 5), stray(5, 50), event(7, 5));
        assertThat(transcript.lines)
                .extracting(line -> (line.end() - HOUR) / 60_000 + "r" + line.revision())
                .endsWith("6r1", "7r0");
        assertThat(lastWindow(transcript).silentSteps()).isZero();
    }
}
