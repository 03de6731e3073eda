package io.processoptimizer.window;

import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.Inference;
import io.processoptimizer.event.ProcessDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Changeovers and start-up rejects that no machine stated; a minor stop is shorter than 5 minutes. */
class InferredStatesTest {
    private static final long HOUR = Instant.parse("2026-01-01T10:00:00Z").toEpochMilli();
    private static final long MINUTE = 60_000;
    private static final WindowPolicy POLICY = new WindowPolicy(
            MINUTE,
            5_000,
            10 * MINUTE,
            MINUTE,
            MINUTE,
            604_800_000L,
            List.of(new WindowDefinition("main", 60 * MINUTE, 60 * MINUTE)));
    private static final Inference BOTH = new Inference(true, 3 * MINUTE);

    private static Given at(int minute) {
        return Given.event("P", "S", HOUR + minute * MINUTE);
    }

    private static StepFacts hour(Inference inference, Given... records) {
        List<Given> all = new ArrayList<>(List.of(records));
        all.add(at(61).good(1));
        ProcessDefinition definition = ProcessDefinition.DEFAULT.withInference(inference);
        History history = History.of(POLICY, (id, time) -> definition, all);
        Transcript transcript = history.play();
        assertThat(Transcript.difference(transcript, history.playRestartingAlways()))
                .isNull();
        return Objects.requireNonNull(transcript.last("P", HOUR + 60 * MINUTE))
                .steps()
                .get(0);
    }

    private static List<String> runs(StepFacts facts) {
        StepFacts.Timeline timeline = facts.timeline();
        List<String> runs = new ArrayList<>();
        for (int run = 0; run < timeline.runs(); run++) {
            runs.add((timeline.starts()[run] - HOUR) / MINUTE + " " + timeline.states()[run]);
        }
        return runs;
    }

    private static final Given[] CHANGEOVER = {
        at(0).product("A").state(RUNNING),
        at(10).state(DOWN),
        at(12).product("B"),
        at(20).state(RUNNING).reject(1),
        at(22).good(7).reject(2),
        at(23).reject(4),
        at(30).state(IDLE)
    };

    @Test
    void aStopInWhichTheProductChangesIsAChangeoverFromThenOn() {
        StepFacts facts = hour(BOTH, CHANGEOVER);
        assertThat(runs(facts)).startsWith("0 RUNNING", "10 DOWN", "12 SETUP", "20 RUNNING", "30 IDLE");
        assertThat(facts.inferred().setupMillis()).isEqualTo(8 * MINUTE);
        StepFacts asStated = hour(Inference.NONE, CHANGEOVER);
        assertThat(runs(asStated)).startsWith("0 RUNNING", "10 DOWN", "20 RUNNING");
        assertThat(asStated.inferred()).isEqualTo(StepFacts.Inferred.NOTHING);
    }

    @Test
    void aStateStatedAfterTheChangeIsTheMachinesWord() {
        StepFacts facts = hour(
                BOTH,
                at(0).product("A").state(RUNNING),
                at(5).product("B"),
                at(6).state(DOWN),
                at(9).state(RUNNING),
                at(10).state(IDLE).product("C"),
                at(12).state(DOWN),
                at(14).state(SETUP),
                at(16).state(RUNNING));
        assertThat(runs(facts))
                .as("no stop at the first change; of the second the machine says more later")
                .startsWith("0 RUNNING", "6 DOWN", "9 RUNNING", "10 SETUP", "12 DOWN", "14 SETUP", "16 RUNNING");
        assertThat(facts.inferred().setupMillis()).isEqualTo(2 * MINUTE);
    }

    @Test
    void rejectsAfterAChangeoverAreStartupRejectsForAsLongAsTheDefinitionSays() {
        StepFacts facts = hour(BOTH, CHANGEOVER);
        assertThat(facts.parts())
                .filteredOn(parts -> "B".equals(parts.product()))
                .singleElement()
                .satisfies(parts -> {
                    assertThat(parts.reject()).isEqualTo(7);
                    assertThat(parts.startupReject()).isEqualTo(3);
                });
        assertThat(facts.inferred().startupRejects()).isEqualTo(3);
    }

    @Test
    void aMinorStopIsNoStartUpAndDoesNotEndOne() {
        StepFacts facts = hour(
                BOTH,
                at(0).state(RUNNING),
                at(1).state(DOWN),
                at(4).state(RUNNING).reject(1),
                at(10).state(DOWN),
                at(15).state(RUNNING),
                at(16).state(DOWN),
                at(17).state(RUNNING).reject(10).with(event -> event.startupReject = 4),
                at(18).reject(100),
                at(19).reject(-1).correction());
        assertThat(facts.parts()).singleElement().satisfies(parts -> {
            assertThat(parts.reject()).isEqualTo(110);
            assertThat(parts.startupReject()).isEqualTo(10);
        });
        assertThat(facts.inferred().startupRejects()).isEqualTo(6);
    }
}
