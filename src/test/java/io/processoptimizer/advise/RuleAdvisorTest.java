package io.processoptimizer.advise;

import static io.processoptimizer.advise.Results.MINUTE;
import static io.processoptimizer.advise.Results.SECOND_MICROS;
import static io.processoptimizer.advise.Results.analysis;
import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.STARVED;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.window.StepFacts.WeightedSum;
import io.processoptimizer.window.WindowFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RuleAdvisorTest {
    @Test
    void aBreakdownThatCostsATenthOfPlannedTimeIsUrgent() {
        Advice advice = RuleAdvisor.advise(Results.broken(), true);

        assertThat(advice.priority()).isEqualTo(Priority.HIGH);
        assertThat(advice.summary()).isEqualTo("OEE is 67 %, below its target of 85 %.");
        assertThat(advice.recommendations())
                .first()
                .isEqualTo(new Recommendation(
                        Lever.REDUCE_BREAKDOWNS,
                        "filler",
                        Priority.HIGH,
                        "filler lost 20.0 min (33 % of its planned time) to breakdowns (1 stop). Find what stops it:"
                                + " compare the reported stop reasons, have maintenance remove the most frequent cause,"
                                + " and keep its spare parts at the line.",
                        0.3333,
                        new ExpectedImprovement(
                                0.1667, 0.25, "half of this loss is recovered, all else as in the window")));
        assertThat(advice.risk().note()).contains("The step stands while the cause is looked for");
    }

    @Test
    void figuresThatAreIncompleteAreNeverUrgent() {
        Advice advice = RuleAdvisor.advise(Results.broken(), false);

        assertThat(advice.priority()).isEqualTo(Priority.MEDIUM);
        assertThat(advice.summary()).contains("incomplete or suspect");
    }

    @Test
    void eachLossHasItsLever() {
        assertThat(lever(SETUP)).isEqualTo(Lever.SHORTEN_SETUP);
        assertThat(lever(STARVED)).isEqualTo(Lever.FEED_STEP);
        assertThat(lever(BLOCKED)).isEqualTo(Lever.CLEAR_OUTPUT);
        assertThat(lever(IDLE)).isEqualTo(Lever.RELEASE_ORDER);
        assertThat(lever(UNKNOWN)).isEqualTo(Lever.RESTORE_SIGNAL);
        assertThat(lever(DOWN)).isEqualTo(Lever.REDUCE_BREAKDOWNS);
        assertThat(first(parts(1800, 0, 0, 0)).lever()).isEqualTo(Lever.RESTORE_SPEED);
        assertThat(first(parts(1800, 1800, 1200, 0)).lever()).isEqualTo(Lever.REDUCE_STARTUP_REJECTS);
        assertThat(first(parts(1800, 1000, 0, 800)).lever()).isEqualTo(Lever.REDUCE_REJECTS);
    }

    @Test
    void aWindowWithoutGoodPartsHasNoRateToExpectAGainFrom() {
        StepScript filler = StepScript.step("filler")
                .run(RUNNING, 10 * MINUTE)
                .run(SETUP, 50 * MINUTE)
                .parts(SECOND_MICROS, 0, 600, 0, 0);

        Recommendation first = first(analysis(Definitions.order("filler"), filler));

        assertThat(first.lever()).isEqualTo(Lever.SHORTEN_SETUP);
        assertThat(first.expected()).isNull();
    }

    @Test
    void shortStopsAreToldApartFromBreakdowns() {
        StepScript filler = StepScript.step("filler");
        for (int i = 0; i < 20; i++) {
            filler.run(RUNNING, 2 * MINUTE).run(DOWN, MINUTE);
        }

        Recommendation first = first(analysis(Definitions.order("filler"), filler.parts(SECOND_MICROS, 2400, 0, 0, 0)));

        assertThat(first.lever()).isEqualTo(Lever.REDUCE_MINOR_STOPS);
        assertThat(first.text()).startsWith("filler lost 20.0 min to minor stops. Note where it stops");
    }

    @Test
    void aSilentMachineIsNoReasonToSteerThePlant() {
        assertThat(RuleAdvisor.advise(waiting(UNKNOWN), true).priority()).isEqualTo(Priority.MEDIUM);
    }

    @Test
    void aStarvedStepNamesItsFeederWhereTheOrderIsConfigured() {
        StepScript press = StepScript.step("press").run(RUNNING, 60 * MINUTE).parts(SECOND_MICROS, 3600, 0, 0, 0);
        StepScript oven = StepScript.step("oven")
                .run(RUNNING, 30 * MINUTE)
                .run(STARVED, 30 * MINUTE)
                .parts(SECOND_MICROS, 1800, 0, 0, 0);
        ProcessDefinition configured = Definitions.of(
                List.of("press", "oven"), null, new ProcessDefinition.Basis.Step("oven"), 300_000, Map.of());

        assertThat(first(analysis(configured, press, oven)).text())
                .isEqualTo(
                        "oven waited 30.0 min for input, which comes from press. Keep the buffer before it filled and"
                                + " bring up what feeds it.");
    }

    @Test
    void theConstraintOfALineIsProtected() {
        WindowAnalysis line = analysis(
                Definitions.order("press", "oven", "pack"),
                StepScript.step("press")
                        .run(RUNNING, 20 * MINUTE)
                        .run(BLOCKED, 40 * MINUTE)
                        .parts(SECOND_MICROS, 1100, 0, 0, 0),
                StepScript.step("oven").run(RUNNING, 60 * MINUTE).parts(SECOND_MICROS, 1100, 0, 0, 0),
                StepScript.step("pack")
                        .run(RUNNING, 20 * MINUTE)
                        .run(STARVED, 40 * MINUTE)
                        .parts(SECOND_MICROS, 1100, 0, 0, 0));

        Recommendation constraint = RuleAdvisor.advise(line, true).recommendations().stream()
                .filter(it -> it.lever() == Lever.RELIEVE_CONSTRAINT)
                .findFirst()
                .orElseThrow();

        assertThat(constraint.stepId()).isEqualTo("oven");
        assertThat(constraint.priority()).isEqualTo(Priority.HIGH);
        assertThat(constraint.text())
                .startsWith("oven limits the process (confidence high, the bottleneck for")
                .endsWith("shift work from it to press (in use for 33 %).");
        assertThat(constraint.expected()).isNotNull();
    }

    @Test
    void aSnapshotOfUtilizationsSaysWhatToRelieveAndWhatIsMissing() {
        WindowAnalysis snapshot = analysis(
                new WindowFacts.StatedFigures(null, null, sum(950_000_000), null),
                StepScript.step("step1").utilization(950_000_000, MINUTE).observed(1, 120_000_000, 120_000_000),
                StepScript.step("step2").utilization(750_000_000, MINUTE).observed(1, 90_000_000, 90_000_000),
                StepScript.step("step3").utilization(880_000_000, MINUTE).observed(1, 110_000_000, 110_000_000));

        Advice advice = RuleAdvisor.advise(snapshot, true);

        assertThat(advice.summary()).isEqualTo("OEE cannot be computed for this window.");
        assertThat(advice.recommendations())
                .extracting(Recommendation::priority, Recommendation::text)
                .containsExactly(
                        tuple(
                                Priority.MEDIUM,
                                "step1 is in use for 95 % of the time and has no reserve. Shorten its cycle, or shift work"
                                        + " from it to step2 (in use for 75 %)."),
                        tuple(
                                Priority.LOW,
                                "OEE cannot be computed: no record of the window states availability and performance. State"
                                        + " it in process_data, or send states and part counts of the steps."));
    }

    @Test
    void aStatedOeeBelowTargetPointsAtItsLowestFactor() {
        Advice advice = RuleAdvisor.advise(
                analysis(new WindowFacts.StatedFigures(sum(900_000_000), sum(950_000_000), sum(950_000_000), null)),
                true);

        assertThat(advice.recommendations()).singleElement().satisfies(it -> {
            assertThat(it.lever()).isEqualTo(Lever.RAISE_LOWEST_FACTOR);
            assertThat(it.text()).startsWith("The lowest factor is availability (90 %): look there first.");
        });
    }

    @Test
    void aMissingIdealCycleIsNamedWithWhatWasObserved() {
        WindowAnalysis analysis = analysis(
                ProcessDefinition.DEFAULT,
                StepScript.step("filler")
                        .run(RUNNING, 60 * MINUTE)
                        .partsWithoutIdeal(3000, 0)
                        .observed(3000, 3_600_000_000L, 1_180_000));

        assertThat(RuleAdvisor.advise(analysis, true).recommendations())
                .filteredOn(it -> it.lever() == Lever.COMPLETE_DATA)
                .singleElement()
                .extracting(Recommendation::text)
                .isEqualTo(
                        "Performance and OEE cannot be computed: the ideal cycle of filler is not known. Configure it;"
                                + " the fastest cycles of filler took about 1.18 s.");
    }

    @Test
    void whereNothingStandsOutNothingIsMadeUp() {
        Advice advice = RuleAdvisor.advise(Results.perfect(), true);

        assertThat(advice.recommendations()).isEmpty();
        assertThat(advice.priority()).isEqualTo(Priority.LOW);
        assertThat(advice.summary())
                .isEqualTo("OEE is 100 % and meets its target of 85 %; no loss or constraint stands out.");
    }

    private static WeightedSum sum(long nano) {
        return new WeightedSum(nano * MINUTE, MINUTE);
    }

    private static Lever lever(StepState state) {
        return first(waiting(state)).lever();
    }

    /** Half an hour at full speed, half an hour in another state. */
    private static WindowAnalysis waiting(StepState state) {
        return analysis(
                Definitions.order("filler"),
                StepScript.step("filler")
                        .run(RUNNING, 30 * MINUTE)
                        .run(state, 30 * MINUTE)
                        .parts(SECOND_MICROS, 1800, 0, 0, 0));
    }

    /** An hour of running. */
    private static WindowAnalysis parts(long good, long reject, long startupReject, long rework) {
        return analysis(
                Definitions.order("filler"),
                StepScript.step("filler")
                        .run(RUNNING, 60 * MINUTE)
                        .parts(SECOND_MICROS, good, reject, startupReject, rework));
    }

    private static Recommendation first(WindowAnalysis analysis) {
        return RuleAdvisor.advise(analysis, true).recommendations().get(0);
    }
}
