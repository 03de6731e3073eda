package io.processoptimizer.window;

import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.PLANNED_STOP;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.STARVED;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * What a window says of a step, a rule a test. The window is {@code [100 s, 200 s)}; times are seconds, and the signal timeout is off
 * unless a test says otherwise.
 */
class StepFactsTest {
    private static final WindowPolicy POLICY = new WindowPolicy(
            100_000,
            0,
            1_000_000,
            1_000_000_000,
            0,
            1_000_000_000,
            List.of(new WindowDefinition("w", 100_000, 100_000)));

    private static Given at(double second) {
        return Given.event("P", "S", Math.round(second * 1_000));
    }

    private static WindowFacts window(long timeoutMillis, Given... records) {
        ProcessDefinition definition =
                new ProcessDefinition("test", List.of(), null, null, null, 0, 0, timeoutMillis, Map.of(), 0);
        List<Given> all = new ArrayList<>(List.of(records));
        all.add(Given.event("P", "other", 200_000));
        Transcript transcript =
                History.of(POLICY, (process, time) -> definition, all).play();
        return Objects.requireNonNull(transcript.last("P", 200_000), "the window held nothing");
    }

    private static StepFacts facts(Given... records) {
        return window(ProcessDefinition.NO_TIMEOUT, records).steps().get(0);
    }

    private static StepFacts factsWithTimeout(long timeoutSeconds, Given... records) {
        return window(timeoutSeconds * 1_000, records).steps().get(0);
    }

    /** "100 RUNNING, 150 DOWN". */
    private static String runs(StepFacts facts) {
        StepFacts.Timeline timeline = facts.timeline();
        List<String> runs = new ArrayList<>();
        for (int run = 0; run < timeline.runs(); run++) {
            runs.add(timeline.starts()[run] / 1_000 + " " + timeline.states()[run]);
        }
        assertThat(timeline.endOf(timeline.runs() - 1)).isEqualTo(200_000);
        return String.join(", ", runs);
    }

    // ---- states

    @Test
    void openStateHoldsUntilTheNext() {
        assertThat(runs(facts(at(100).state(RUNNING), at(150).state(DOWN)))).isEqualTo("100 RUNNING, 150 DOWN");
    }

    @Test
    void stateBeforeTheWindowIsCarriedIn() {
        StepFacts facts = facts(at(10).state(SETUP), at(30).state(RUNNING));
        assertThat(runs(facts)).isEqualTo("100 RUNNING");
        assertThat(facts.timeline().firstStateSince()).isEqualTo(30_000);
        assertThat(facts.timeline().firstActiveSince()).isEqualTo(10_000);
    }

    @Test
    void activePeriodOfAWaitingStepBeginsWithTheWindow() {
        StepFacts.Timeline timeline =
                facts(at(10).state(RUNNING), at(30).state(STARVED)).timeline();
        assertThat(timeline.firstStateSince()).isEqualTo(30_000);
        assertThat(timeline.firstActiveSince()).isEqualTo(100_000);
    }

    @Test
    void activePeriodGoesOnThroughSetUpAndRepairAndEndsWithWaiting() {
        StepFacts facts = facts(at(5).state(RUNNING), at(10).state(BLOCKED), at(20).state(DOWN), at(30).state(SETUP));
        assertThat(facts.timeline().firstStateSince()).isEqualTo(30_000);
        assertThat(facts.timeline().firstActiveSince()).isEqualTo(20_000);
    }

    @Test
    void stateRepeatedIsOneRun() {
        StepFacts facts = facts(at(50).state(RUNNING), at(120).state(RUNNING), at(130).claim(RUNNING, 5_000));
        assertThat(runs(facts)).isEqualTo("100 RUNNING");
        assertThat(facts.timeline().firstStateSince()).isEqualTo(50_000);
    }

    @Test
    void timelineBeginsWithTheStepsFirstEvent() {
        StepFacts facts = facts(at(120).good(1), at(150).state(RUNNING));
        assertThat(runs(facts)).isEqualTo("120 UNKNOWN, 150 RUNNING");
        assertThat(facts.timeline().partialStart()).isTrue();
        assertThat(facts(at(100).state(RUNNING)).timeline().partialStart()).isFalse();
    }

    @Test
    void stepIsNamedFromTheWindowOfItsFirstEventOn() {
        Given later = Given.event("P", "T", 200_000).state(RUNNING);
        assertThat(window(900_000, at(100).state(RUNNING), later).steps()).hasSize(1);
    }

    @Test
    void whereAClaimEndsTheOpenStateHoldsAgain() {
        assertThat(runs(facts(at(100).state(RUNNING), at(120).claim(DOWN, 30_000))))
                .isEqualTo("100 RUNNING, 120 DOWN, 150 RUNNING");
    }

    @Test
    void whereAClaimEndsOverNothingTheStateIsUnknown() {
        assertThat(runs(facts(at(100).claim(RUNNING, 20_000)))).isEqualTo("100 RUNNING, 120 UNKNOWN");
    }

    @Test
    void ofOverlappingClaimsTheLaterStartWins() {
        assertThat(runs(facts(
                        at(100).claim(RUNNING, 60_000), at(120).claim(DOWN, 60_000), at(130).claim(SETUP, 10_000))))
                .isEqualTo("100 RUNNING, 120 DOWN, 130 SETUP, 140 DOWN, 180 UNKNOWN");
    }

    @Test
    void laterStartWinsWhicheverRecordComesFirst() {
        assertThat(runs(facts(at(120).claim(DOWN, 20_000), at(100).claim(RUNNING, 80_000))))
                .isEqualTo("100 RUNNING, 120 DOWN, 140 RUNNING, 180 UNKNOWN");
    }

    @Test
    void ofEqualStartsTheLaterInTheStreamWins() {
        assertThat(runs(facts(at(100).state(RUNNING), at(100).state(IDLE)))).isEqualTo("100 IDLE");
        assertThat(runs(facts(at(100).claim(DOWN, 10_000), at(100).claim(SETUP, 5_000))))
                .isEqualTo("100 SETUP, 105 DOWN, 110 UNKNOWN");
    }

    @Test
    void openStateHidesTheClaimsBeforeItForGood() {
        assertThat(runs(facts(at(100).claim(RUNNING, 90_000), at(110).state(IDLE), at(120).claim(DOWN, 10_000))))
                .isEqualTo("100 RUNNING, 110 IDLE, 120 DOWN, 130 IDLE");
    }

    @Test
    void claimOfNoLengthClaimsNothing() {
        assertThat(runs(facts(at(100).state(RUNNING), at(120).claim(DOWN, 0)))).isEqualTo("100 RUNNING");
    }

    @Test
    void claimsAreSplitAtTheWindowsEdges() {
        assertThat(runs(facts(at(90).claim(RUNNING, 20_000), at(190).claim(DOWN, 20_000))))
                .isEqualTo("100 RUNNING, 110 UNKNOWN, 190 DOWN");
    }

    @Test
    void claimsNestedBeyondTheBoundForgetTheLongest() {
        List<Given> nested = new ArrayList<>();
        for (int i = 0; i <= TimelineSweep.MAX_NESTED_CLAIMS; i++) {
            nested.add(at(100 + 0.1 * i).claim(StepState.ofCode(i % 2), 95_000 - 1_000 * i));
        }
        StepFacts facts = facts(nested.toArray(Given[]::new));
        StepFacts.Timeline timeline = facts.timeline();
        assertThat(timeline.starts()[timeline.runs() - 1])
                .as("the end of the second longest claim, for the longest is forgotten")
                .isEqualTo(194_100);
    }

    // ---- signals

    @Test
    void openStateTurnsUnknownWhenNoSignalCameForTheTimeout() {
        assertThat(runs(factsWithTimeout(20, at(100).state(RUNNING)))).isEqualTo("100 RUNNING, 120 UNKNOWN");
    }

    @Test
    void anyEventOfTheStepIsASignal() {
        assertThat(runs(factsWithTimeout(20, at(100).state(RUNNING), at(115).good(1))))
                .isEqualTo("100 RUNNING, 135 UNKNOWN");
    }

    @Test
    void openStateHoldsAgainFromTheNextSignalOn() {
        StepFacts facts = factsWithTimeout(20, at(50).state(RUNNING), at(150).energy(1));
        assertThat(runs(facts)).isEqualTo("100 UNKNOWN, 150 RUNNING, 170 UNKNOWN");
        assertThat(facts.timeline().firstStateSince()).isEqualTo(70_000);
    }

    @Test
    void claimIsASignalUpToItsEnd() {
        assertThat(runs(factsWithTimeout(20, at(90).state(RUNNING), at(100).claim(DOWN, 50_000))))
                .isEqualTo("100 DOWN, 150 RUNNING, 170 UNKNOWN");
    }

    @Test
    void eventOfAnotherStepIsNoSignal() {
        Given other = Given.event("P", "T", 119_000).state(RUNNING);
        assertThat(runs(window(20_000, at(100).state(RUNNING), other).steps().get(0)))
                .isEqualTo("100 RUNNING, 120 UNKNOWN");
    }

    @Test
    void withoutATimeoutAnOpenStateHoldsForEver() {
        assertThat(runs(facts(at(-900_000).state(RUNNING)))).isEqualTo("100 RUNNING");
        assertThat(runs(window(Long.MAX_VALUE - 1, at(100).state(RUNNING))
                        .steps()
                        .get(0)))
                .as("a timeout that ends beyond all time")
                .isEqualTo("100 RUNNING");
    }

    // ---- parts, energy

    @Test
    void partsAreSummedByProductAndStatedIdealCycle() {
        StepFacts facts = facts(
                at(100).good(1).product("A"),
                at(110).good(2).reject(1),
                at(120).good(4).idealCycle(1_000),
                at(130).good(8).product("B"));
        assertThat(facts.parts())
                .containsExactlyInAnyOrder(
                        new StepFacts.PartCounts("A", TelemetryEvent.ABSENT, 3, 1, 0, 0),
                        new StepFacts.PartCounts("A", 1_000, 4, 0, 0, 0),
                        new StepFacts.PartCounts("B", TelemetryEvent.ABSENT, 8, 0, 0, 0));
        assertThat(facts.parts()).extracting(StepFacts.PartCounts::processed).contains(4L);
    }

    @Test
    void productNamedBeforeTheWindowHolds() {
        assertThat(facts(at(5).product("A"), at(110).good(1)).parts())
                .singleElement()
                .extracting(StepFacts.PartCounts::product)
                .isEqualTo("A");
    }

    @Test
    void partsWithoutAnyProductHaveNone() {
        assertThat(facts(at(110).good(1)).parts())
                .singleElement()
                .extracting(StepFacts.PartCounts::product)
                .isNull();
    }

    @Test
    void largeCountsDoNotSpillIntoEachOther() {
        long most = 1_000_000_000;
        Given made = at(110).good(most).reject(most).with(event -> event.startupReject = event.rework = most);
        assertThat(facts(made, made, made, made, made).parts())
                .singleElement()
                .isEqualTo(
                        new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 5 * most, 5 * most, 5 * most, 5 * most));
    }

    @Test
    void ofAnEverGrowingCounterTheDifferenceCountsFromTheReadingBeforeTheWindow() {
        Given[] readings = {at(120).goodTotal(1_010), at(90).goodTotal(1_000), at(150).goodTotal(1_013)};
        assertThat(counts(facts(readings)))
                .isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 13, 0, 0, 0));
    }

    @Test
    void theFirstReadingOfACounterIsItsBaselineAndALowerOneAReset() {
        assertThat(facts(at(110).state(RUNNING).goodTotal(500)).parts()).isEmpty();
        assertThat(counts(facts(at(110).goodTotal(500), at(120).goodTotal(4), at(130).goodTotal(6)))
                        .good())
                .isEqualTo(6);
    }

    @Test
    void whereAllPartsAreCountedTheGoodOnesAreTheRest() {
        Given first = at(110).processedTotal(100).rejectTotal(10);
        StepFacts.PartCounts together =
                counts(facts(first, at(120).processedTotal(105).rejectTotal(12)));
        assertThat(together).isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 3, 2, 0, 0));
        assertThat(counts(facts(first, at(120).rejectTotal(12), at(130).processedTotal(105))))
                .as("a reject that is read before its part")
                .isEqualTo(together);
    }

    @Test
    void aRejectThatIsReadAfterItsPartIsOneOfTheNext() {
        Given first = at(10).processedTotal(100).rejectTotal(10);
        assertThat(counts(facts(first, at(120).processedTotal(105), at(130).rejectTotal(12))))
                .isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 5, 0, 0, 0));
        assertThat(counts(
                        facts(first, at(20).processedTotal(105), at(30).rejectTotal(12), at(120).processedTotal(106))))
                .isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 0, 1, 0, 0));
    }

    @Test
    void aRejectCounterThatJumpsDoesNotRejectWhatComesAfterIt() {
        Given first = at(10).processedTotal(100).rejectTotal(500);
        Given before = at(20).processedTotal(1_100);
        Given after = at(130).processedTotal(1_200);
        assertThat(counts(facts(first, before, at(110).rejectTotal(4_000_000_000L), at(120).rejectTotal(501), after)))
                .as("up and back: a reset, and nothing was counted since")
                .isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 0, 100, 0, 0));
        Given last = at(140).processedTotal(1_300);
        assertThat(counts(facts(
                        first, before, at(110).rejectTotal(4_000_000_000L), at(120).rejectTotal(501), after, last)))
                .as("not more than were counted since")
                .isEqualTo(new StepFacts.PartCounts(null, TelemetryEvent.ABSENT, 100, 100, 0, 0));
    }

    @Test
    void aCounterIsReadOnTheCarriedProductAndInThePlannedTimeOnly() {
        StepFacts facts = facts(
                at(5).product("A").goodTotal(7),
                at(100).state(PLANNED_STOP).goodTotal(9),
                at(150).state(RUNNING).goodTotal(12));
        assertThat(facts.unplannedGood()).isEqualTo(2);
        assertThat(counts(facts)).isEqualTo(new StepFacts.PartCounts("A", TelemetryEvent.ABSENT, 3, 0, 0, 0));
    }

    private static StepFacts.PartCounts counts(StepFacts facts) {
        assertThat(facts.parts()).hasSize(1);
        return facts.parts().get(0);
    }

    @Test
    void goodPartsMadeInAPlannedStopAreUnplanned() {
        StepFacts facts = facts(at(100).state(PLANNED_STOP), at(110).good(3).reject(2), at(120).state(RUNNING));
        assertThat(facts.unplannedGood()).isEqualTo(3);
        assertThat(facts.parts()).isEmpty();
    }

    @Test
    void whatHappensAtAnInstantHappensInTheStateThatBeginsThere() {
        StepFacts facts = facts(at(100).state(PLANNED_STOP), at(150).good(1), at(150).state(RUNNING));
        assertThat(facts.unplannedGood()).isZero();
        assertThat(facts.parts()).hasSize(1);
    }

    @Test
    void energyIsSplitByWhetherTheStepRuns() {
        StepFacts facts =
                facts(at(100).state(RUNNING).energy(5), at(110).state(IDLE).energy(7), at(120).energy(11));
        assertThat(facts.energyRunningMilliwattHours()).isEqualTo(5);
        assertThat(facts.energyOtherMilliwattHours()).isEqualTo(18);
    }

    // ---- stated figures, observed cycles

    @Test
    void statedUtilizationHoldsUntilTheNextWithinTheWindow() {
        StepFacts facts = facts(at(90).utilization(0.1), at(120).utilization(0.5), at(180).utilization(1));
        assertThat(facts.utilization())
                .isEqualTo(new StepFacts.WeightedSum(500_000_000L * 60_000 + 20_000_000_000_000L, 80_000));
        assertThat(facts(at(90).utilization(0.1), at(110).good(1)).utilization())
                .isNull();
    }

    @Test
    void figuresOfAProcessAreTimeWeightedEachOnItsOwn() {
        WindowFacts facts = window(
                900_000,
                Given.snapshot(figures(120_000, 900_000_000, TelemetryEvent.ABSENT)),
                Given.snapshot(figures(160_000, TelemetryEvent.ABSENT, 50_000)));
        assertThat(facts.stated())
                .isEqualTo(new WindowFacts.StatedFigures(
                        new StepFacts.WeightedSum(900_000_000L * 80_000, 80_000),
                        null,
                        null,
                        new StepFacts.WeightedSum(50_000L * 40_000, 40_000)));
    }

    private static ProcessSnapshot figures(long time, long availability, long throughput) {
        return new ProcessSnapshot(
                "P", time, availability, TelemetryEvent.ABSENT, TelemetryEvent.ABSENT, throughput, List.of(), null);
    }

    @Test
    void snapshotStatesItsSteps() {
        WindowFacts facts = window(900_000, Given.reading("P", "S", 150_000, 0.95, 0.9));
        assertThat(facts.steps().get(0).utilization())
                .isEqualTo(new StepFacts.WeightedSum(950_000_000L * 50_000, 50_000));
    }

    @Test
    void fifthPercentileIsTheNearestRank() {
        List<Given> cycles = new ArrayList<>();
        for (int i = 1; i <= 20; i++) {
            cycles.add(at(100 + i).cycle(100 + i));
        }
        cycles.sort(Comparator.comparing(given -> given.time() % 7));
        assertThat(facts(cycles.toArray(Given[]::new)).observedCycle())
                .isEqualTo(new StepFacts.ObservedCycle(20, 2_210, 101));
        cycles.add(at(150).cycle(50));
        assertThat(facts(cycles.toArray(Given[]::new)).observedCycle())
                .isEqualTo(new StepFacts.ObservedCycle(21, 2_260, 101));
    }
}
