package io.processoptimizer.analyse;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static io.processoptimizer.event.ProcessDefinition.Profile.CLASSIC;
import static io.processoptimizer.event.ProcessDefinition.Profile.ISO22400;
import static io.processoptimizer.event.ProcessDefinition.Profile.SIMPLE;
import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.PLANNED_STOP;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Method;
import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.Losses;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.analyse.oee.Reason;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Basis;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts.WeightedSum;
import io.processoptimizer.window.WindowFacts;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The worked examples and edge cases of the domain's definition of OEE. */
class OeeVectorTest {
    private static final long MINUTE = 60_000;
    private static final long MINUTE_MICROS = 60_000_000;
    private static final long SECOND_MICROS = 1_000_000;
    private static final ProcessDefinition DEFAULT = ProcessDefinition.DEFAULT;

    /** The published vectors are rounded to five digits. */
    private static final double DIGITS = 5e-6;

    private static ProcessOee process(WindowFacts facts) {
        return WindowAnalyser.analyse(facts).process();
    }

    private static void assertFactors(Factors factors, double a, double p, double q, double oee, double digits) {
        assertThat(factors.availability()).as("availability").isCloseTo(a, within(digits));
        assertThat(factors.performance()).as("performance").isCloseTo(p, within(digits));
        assertThat(factors.quality()).as("quality").isCloseTo(q, within(digits));
        assertThat(factors.oee()).as("oee").isCloseTo(oee, within(digits));
    }

    @Test
    void energyPeakIsTheMeanPowerOfItsPane() {
        WindowFacts facts = window(DEFAULT, step("s").run(RUNNING, 5 * MINUTE).energy(3_000_000, 0));
        WindowFacts peaking = new WindowFacts(
                facts.processId(),
                facts.window(),
                facts.startMillis(),
                facts.endMillis(),
                DEFAULT,
                facts.steps(),
                0,
                null,
                new WindowFacts.EnergyPeak(2 * MINUTE, MINUTE, 2_000_000),
                null);
        // 2 kWh in a minute.
        assertThat(WindowAnalyser.analyse(peaking).energy().peakKw()).isEqualTo(120);
        assertThat(WindowAnalyser.analyse(peaking).energy().peakAtMillis()).isEqualTo(2 * MINUTE);
        assertThat(WindowAnalyser.analyse(facts).energy().peakKw()).isNaN();
    }

    @Test
    void silentStepsAreNamedAsAReason() {
        WindowFacts facts = window(DEFAULT, step("s").run(RUNNING, MINUTE).parts(SECOND_MICROS, 30, 0, 0, 0));
        assertThat(process(facts).reasons()).isEmpty();
        ProcessOee withSilent = process(new WindowFacts(
                facts.processId(),
                facts.window(),
                facts.startMillis(),
                facts.endMillis(),
                DEFAULT,
                facts.steps(),
                2,
                null,
                null,
                null));
        assertThat(withSilent.reasons()).containsExactly(Reason.SILENT_STEPS);
        assertThat(withSilent.factors()).isEqualTo(process(facts).factors());
    }

    @Test
    void vector1Vorne() {
        ProcessOee vorne = process(window(
                DEFAULT,
                step("s")
                        .run(PLANNED_STOP, 60 * MINUTE)
                        .run(DOWN, 47 * MINUTE)
                        .run(RUNNING, 373 * MINUTE)
                        .parts(SECOND_MICROS, 19_271 - 423, 423, 0, 0)));
        assertFactors(vorne.factors(), .88810, .86108, .97805, .74794, DIGITS);
        assertThat(vorne.factors().oee()).isEqualTo(18_848.0 / 25_200);
        assertThat(vorne.status()).isEqualTo(OeeStatus.BELOW_TARGET);
        assertThat(vorne.profile()).isEqualTo(ISO22400);
    }

    @Test
    void vector2WillmottMcCarthy() {
        ProcessOee process = process(window(
                DEFAULT,
                step("s").run(DOWN, 50 * MINUTE).run(RUNNING, 1930 * MINUTE).parts(MINUTE_MICROS / 2, 2498, 0, 0, 0)));
        assertFactors(process.factors(), .975, .647, 1, .631, 5e-4);
    }

    @Test
    void vector3PlainShift() {
        ProcessOee process = process(window(
                DEFAULT,
                step("s").run(RUNNING, 420 * MINUTE).run(DOWN, 60 * MINUTE).parts(MINUTE_MICROS, 380, 20, 0, 0)));
        assertFactors(process.factors(), .875, .95238, .95, .79167, DIGITS);
    }

    private static WindowFacts vector4(Profile profile) {
        StepScript shift = step("s").run(DOWN, 30 * MINUTE).run(SETUP, 30 * MINUTE);
        for (int stop = 0; stop < 5; stop++) {
            shift.run(RUNNING, 80 * MINUTE).run(DOWN, 4 * MINUTE);
        }
        return window(Definitions.profile(profile), shift.parts(MINUTE_MICROS, 342, 18, 6, 0));
    }

    @Test
    void vector4Classic() {
        assertFactors(process(vector4(CLASSIC)).factors(), .875, .85714, .95, .7125, DIGITS);
    }

    @Test
    void vector4Iso() {
        ProcessOee process = process(vector4(ISO22400));
        assertFactors(process.factors(), .83333, .9, .95, .7125, DIGITS);
        assertThat(process.kpis().nee()).isCloseTo(.76594, within(DIGITS));
        assertThat(process.kpis().technicalEfficiency()).isCloseTo(.88889, within(DIGITS));
        assertThat(process.kpis().setupRatio()).isCloseTo(.06977, within(DIGITS));
        assertThat(process.kpis().fullyProductiveMicros()).isEqualTo(342 * MINUTE_MICROS);
        assertThat(process.losses())
                .isEqualTo(new Losses(
                        30 * MINUTE_MICROS,
                        30 * MINUTE_MICROS,
                        20 * MINUTE_MICROS,
                        40 * MINUTE_MICROS,
                        6 * MINUTE_MICROS,
                        12 * MINUTE_MICROS,
                        0));
        assertThat(process.losses().largest()).isEqualTo(Loss.REDUCED_SPEED);
        assertThat(process.kpis().failures()).isEqualTo(6);
        assertThat(process.kpis().mtbfSeconds()).isEqualTo(430 * 60 / 6.0);
        assertThat(process.kpis().mttrSeconds()).isEqualTo(50 * 60 / 6.0);
        assertThat(process.kpis().utilizationEfficiency() * process.kpis().allocationEfficiency())
                .isCloseTo(process.factors().availability(), within(1e-15));
        assertThat(process.kpis().throughputPerHour()).isEqualTo(45);
        assertThat(process.kpis().cycleTimeSeconds()).isEqualTo(400 * 60 / 360.0);
        assertThat(process.kpis().scrapRatio()).isEqualTo(.05);
        assertThat(process.kpis().teep()).isEqualTo(.7125);
    }

    @Test
    void vector5SmrpAvailability() {
        long hundredth = 36_000;
        ProcessOee process = process(window(
                DEFAULT,
                step("s")
                        .run(PLANNED_STOP, (800 + 166) * hundredth)
                        .run(DOWN, 208 * hundredth)
                        .run(RUNNING, 1226 * hundredth)));
        assertThat(process.factors().availability()).isCloseTo(.85495, within(DIGITS));
    }

    @Test
    void vector6StatedFactors() {
        ProcessOee process = process(window(
                DEFAULT,
                new WindowFacts.StatedFigures(
                        new WeightedSum(900_000_000L * 300_000, 300_000),
                        new WeightedSum(950_000_000L * 300_000, 300_000),
                        new WeightedSum(950_000_000L * 300_000, 300_000),
                        null),
                step("s").run(UNKNOWN, 5 * MINUTE)));
        assertThat(process.profile()).isEqualTo(SIMPLE);
        assertThat(process.factors()).isEqualTo(new Factors(.9, .95, .95, .81225));
        assertThat(process.status()).isEqualTo(OeeStatus.BELOW_TARGET);
        assertThat(process.reasons()).isEmpty();
        assertThat(process.losses()).as("nobody reported a state").isEqualTo(Losses.NONE);
    }

    @Test
    void snapshotOfProc001NamesStep1AndWhatIsMissing() {
        long held = 300_000;
        WindowAnalysis analysis = WindowAnalyser.analyse(window(
                DEFAULT,
                new WindowFacts.StatedFigures(
                        null, null, new WeightedSum(950_000_000L * held, held), new WeightedSum(50_000 * held, held)),
                step("step1").run(UNKNOWN, held).utilization(950_000_000, held).observed(1, 120_000_000, 120_000_000),
                step("step2").run(UNKNOWN, held).utilization(750_000_000, held).observed(1, 90_000_000, 90_000_000),
                step("step3").run(UNKNOWN, held).utilization(880_000_000, held).observed(1, 110_000_000, 110_000_000)));
        assertThat(analysis.bottlenecks()).containsExactly(new HighUtilization("step1", .95));
        assertThat(HighUtilization.IMPACT).isEqualTo("high");
        assertThat(analysis.resources().averageUtilization()).isEqualTo(.86);
        assertThat(analysis.resources().utilizationSpread()).isEqualTo(.2);
        assertThat(analysis.resources().leastUtilized()).isEqualTo("step2");
        assertThat(analysis.process().factors().quality()).isEqualTo(.95);
        assertThat(analysis.process().factors().oee()).isNaN();
        assertThat(analysis.process().status()).isEqualTo(OeeStatus.NO_DATA);
        assertThat(analysis.process().reasons()).containsExactly(Reason.NO_AVAILABILITY, Reason.NO_PERFORMANCE);
        assertThat(analysis.process().kpis().throughputPerHour()).isEqualTo(50);
        assertThat(analysis.constraint().stepId()).isEqualTo("step1");
        assertThat(analysis.constraint().method()).isEqualTo(Method.EFFECTIVE_CYCLE);
        assertThat(analysis.constraint().impact()).isNull();
        assertThat(analysis.steps().get(0).oee().cycles().observedSeconds()).isEqualTo(120);
    }

    @Test
    void nothingStatedInProfileSimpleNamesAllThree() {
        ProcessOee process =
                process(window(Definitions.profile(SIMPLE), step("s").run(RUNNING, MINUTE)));
        assertThat(process.factors()).isEqualTo(Factors.NONE);
        assertThat(process.reasons()).containsExactly(Reason.NO_AVAILABILITY, Reason.NO_PERFORMANCE, Reason.NO_QUALITY);
        assertThat(process.losses().breakdownsMicros())
                .as("states were reported")
                .isZero();
    }

    @Test
    void statesOutweighStatedFiguresWhereNoProfileIsConfigured() {
        ProcessOee process = process(window(
                DEFAULT,
                new WindowFacts.StatedFigures(new WeightedSum(1, 1), null, null, null),
                step("s").run(RUNNING, MINUTE).parts(SECOND_MICROS, 30, 0, 0, 0)));
        assertThat(process.profile()).isEqualTo(ISO22400);
        assertThat(process.factors().oee()).isEqualTo(.5);
    }

    @Test
    void noPlannedTimeLeavesEveryFactorNull() {
        ProcessOee process = process(window(DEFAULT, step("s").run(PLANNED_STOP, MINUTE)));
        assertThat(process.factors()).isEqualTo(Factors.NONE);
        assertThat(process.reasons()).containsExactly(Reason.NO_PLANNED_TIME);
        assertThat(process.status()).isEqualTo(OeeStatus.NO_DATA);
        assertThat(process.kpis().teep()).isNaN();
    }

    @ParameterizedTest
    @EnumSource(names = {"ISO22400", "CLASSIC"})
    void noPartsIsOeeZeroWithoutAQuality(Profile profile) {
        ProcessOee process =
                process(window(Definitions.profile(profile), step("s").run(RUNNING, MINUTE)));
        assertThat(process.factors()).isEqualTo(new Factors(1, 0, Double.NaN, 0));
        assertThat(process.reasons()).containsExactly(Reason.NO_PARTS);
        assertThat(process.status()).isEqualTo(OeeStatus.BELOW_TARGET);
    }

    @Test
    void notRunningHasNoPerformance() {
        ProcessOee process = process(window(DEFAULT, step("s").run(DOWN, 10 * MINUTE)));
        assertThat(process.factors()).isEqualTo(new Factors(0, Double.NaN, Double.NaN, 0));
        assertThat(process.reasons()).containsExactly(Reason.NO_PARTS, Reason.NOT_RUNNING);
    }

    @Test
    void withoutAnIdealCycleAvailabilityQualityAndTimeLossesRemain() {
        WindowAnalysis analysis = WindowAnalyser.analyse(window(
                DEFAULT,
                step("s")
                        .run(RUNNING, 9 * MINUTE)
                        .run(IDLE, MINUTE)
                        .partsWithoutIdeal(90, 10)
                        .observed(40, 220_000_000, 5_100_000)));
        ProcessOee process = analysis.process();
        assertThat(process.factors()).isEqualTo(new Factors(.9, Double.NaN, .9, Double.NaN));
        assertThat(process.reasons()).containsExactly(Reason.NO_IDEAL_CYCLE);
        assertThat(process.status()).isEqualTo(OeeStatus.NO_DATA);
        long absent = TelemetryEvent.ABSENT;
        assertThat(process.losses()).isEqualTo(new Losses(0, 0, MINUTE_MICROS, absent, absent, absent, 0));
        assertThat(process.kpis().fullyProductiveMicros()).isEqualTo(absent);
        assertThat(analysis.steps().get(0).oee().cycles()).isEqualTo(new StepOee.Cycles(5.4, 5.5, 5.1));
    }

    @Test
    void configuredIdealCycleIsUsedPerProductAndTheEventsOwnWins() {
        ProcessDefinition definition =
                Definitions.ideal(Map.of("s", Map.of("A", 2_000_000L, ProcessDefinition.ANY_PRODUCT, 1_000_000L)));
        ProcessOee process = process(window(
                definition,
                step("s")
                        .run(RUNNING, 100_000)
                        .product("A", TelemetryEvent.ABSENT, 10, 0, 0, 0)
                        .product("B", TelemetryEvent.ABSENT, 10, 10, 0, 0)
                        .product("A", 4_000_000, 5, 0, 0, 0)));
        assertFactors(process.factors(), 1, .6, 50 / 60.0, .5, 1e-15);
    }

    @Test
    void performanceAboveOneIsKeptAndFlaggedOnlyBeyondOnePart() {
        ProcessOee onePart =
                process(window(DEFAULT, step("s").run(RUNNING, 60_000).parts(SECOND_MICROS, 61, 0, 0, 0)));
        assertThat(onePart.factors().performance()).isEqualTo(61 / 60.0);
        assertThat(onePart.reasons()).isEmpty();
        ProcessOee twoParts =
                process(window(DEFAULT, step("s").run(RUNNING, 60_000).parts(SECOND_MICROS, 62, 0, 0, 0)));
        assertThat(twoParts.reasons()).containsExactly(Reason.IDEAL_CYCLE_SUSPECT);
        assertThat(twoParts.losses().reducedSpeedMicros()).isEqualTo(-2_000_000);
    }

    @Test
    void firstWindowCountsOnlyWhatWasObserved() {
        ProcessOee process = process(window(
                DEFAULT,
                step("a").run(RUNNING, 60_000).parts(SECOND_MICROS, 60, 0, 0, 0),
                step("b").firstSeenAfter(40_000).run(RUNNING, 20_000).parts(SECOND_MICROS, 10, 0, 0, 0)));
        assertThat(process.times().plannedMillis()).isEqualTo(80_000);
        assertThat(process.reasons()).containsExactly(Reason.PARTIAL_START);
        assertThat(process.factors().oee()).isEqualTo(70 / 80.0);
        assertThat(process.kpis().throughputPerHour())
                .as("of the output step b, over the window")
                .isEqualTo(600);
    }

    @Test
    void stopIsJudgedByItsWholeLengthAndCountedByItsPartInTheWindow() {
        ProcessOee longStop = process(
                window(DEFAULT, step("s").run(DOWN, MINUTE).run(RUNNING, MINUTE).since(4 * MINUTE, 4 * MINUTE)));
        assertThat(longStop.losses().breakdownsMicros()).isEqualTo(MINUTE_MICROS);
        ProcessOee minorStop = process(
                window(DEFAULT, step("s").run(DOWN, MINUTE).run(RUNNING, MINUTE).since(4 * MINUTE - 1, 4 * MINUTE)));
        assertThat(minorStop.losses().minorStopsMicros()).isEqualTo(MINUTE_MICROS);
    }

    @Test
    void rollupSumsNumeratorsAndDenominators() {
        ProcessOee process = process(window(
                DEFAULT,
                step("s1").run(RUNNING, 90_000).run(DOWN, 10_000).parts(SECOND_MICROS, 60, 20, 0, 0),
                step("s2").run(RUNNING, 50_000).run(BLOCKED, 50_000).parts(2 * SECOND_MICROS, 15, 5, 0, 0)));
        assertThat(process.basis()).isEqualTo("rollup");
        assertFactors(process.factors(), 140 / 200.0, 120 / 140.0, 90 / 120.0, 90 / 200.0, 1e-15);
        assertThat(process.parts().good()).as("parts of the output step").isEqualTo(15);
        assertThat(process.outputStep()).isEqualTo("s2");
    }

    @Test
    void configuredOrderPutsOeeOnTheConstraint() {
        ProcessOee process = process(window(
                Definitions.order("s2", "s1"),
                step("s1").run(RUNNING, 40_000).run(IDLE, 60_000).parts(SECOND_MICROS, 40, 0, 0, 0),
                step("s2").run(RUNNING, 80_000).run(BLOCKED, 20_000).parts(SECOND_MICROS, 50, 0, 0, 0)));
        assertThat(process.basis()).isEqualTo("constraint");
        assertThat(process.factors().oee()).isEqualTo(.5);
        assertThat(process.parts().good()).isEqualTo(40);
    }

    @Test
    void idleLineWithoutAConstraintFallsBackToTheRollup() {
        ProcessOee process = process(window(
                Definitions.order("a", "b"),
                step("a").run(UNKNOWN, MINUTE),
                step("b").run(UNKNOWN, MINUTE)));
        assertThat(process.basis()).isEqualTo("rollup");
        assertThat(process.reasons()).contains(Reason.NO_CONSTRAINT, Reason.NO_PARTS);
    }

    @Test
    void namedBasisStepThatWasNeverSeenIsSaid() {
        WindowFacts facts = window(
                Definitions.basis(new Basis.Step("z")),
                step("a").run(RUNNING, MINUTE).parts(SECOND_MICROS, 30, 0, 0, 0));
        ProcessOee process = process(facts);
        assertThat(process.basis()).isEqualTo("step:z");
        assertThat(process.factors()).isEqualTo(Factors.NONE);
        assertThat(process.reasons()).containsExactly(Reason.NO_PLANNED_TIME, Reason.BASIS_STEP_UNSEEN);
        assertThat(process(window(
                                Definitions.basis(new Basis.Step("a")),
                                step("a").run(RUNNING, MINUTE).parts(SECOND_MICROS, 30, 0, 0, 0)))
                        .factors()
                        .oee())
                .isEqualTo(.5);
    }

    @Test
    void outputStepThatWasNeverSeenHasNoPartsAndIsSaid() {
        ProcessOee process = process(window(
                Definitions.order("a", "packer"), step("a").run(RUNNING, MINUTE).parts(SECOND_MICROS, 30, 0, 0, 0)));
        assertThat(process.outputStep()).isEqualTo("packer");
        assertThat(process.parts().good()).isZero();
        assertThat(process.reasons()).containsExactly(Reason.OUTPUT_STEP_UNSEEN);
    }

    @Test
    void targetIsComparedBeforeAnythingIsRounded() {
        long planned = 1_000_000_000L;
        // 0.85 of 10¹² µs is 8.5·10¹¹; one microsecond less is below the target although it prints alike at nine
        // digits.
        assertThat(process(window(DEFAULT, step("s").run(RUNNING, planned).parts(850_000_000_000L, 1, 0, 0, 0)))
                        .status())
                .isEqualTo(OeeStatus.MEETING_TARGET);
        assertThat(process(window(DEFAULT, step("s").run(RUNNING, planned).parts(849_999_999_999L, 1, 0, 0, 0)))
                        .status())
                .isEqualTo(OeeStatus.BELOW_TARGET);
    }

    @Test
    void longWindowsWithManyPartsAndLongCyclesStayExact() {
        long month = 31L * 24 * 60 * MINUTE;
        // 10⁶ parts of 3 h each, in a month: 4.2 thousand times too many, and still an exact ratio.
        ProcessOee process =
                process(window(DEFAULT, step("s").run(RUNNING, month).parts(10_800_000_000L, 1_000_000, 0, 0, 0)));
        assertThat(process.factors().oee()).isEqualTo(10_800e6 / (31 * 86_400.0));
        assertThat(process.reasons()).containsExactly(Reason.IDEAL_CYCLE_SUSPECT);
    }

    @Test
    void idealTimeBeyondAllBoundsIsSaidAndNotWrappedAround() {
        ProcessOee process = process(window(
                DEFAULT,
                step("s").run(RUNNING, MINUTE).parts(1_000_000_000_000L, 1_000_000_000L, 0, 0, 0),
                step("t").run(RUNNING, MINUTE).parts(1_000_000L, 60, 0, 0, 0)));
        assertThat(process.reasons()).containsExactly(Reason.OUT_OF_RANGE);
        assertThat(process.factors()).isEqualTo(new Factors(1, Double.NaN, 1, Double.NaN));
        assertThat(process.losses().reducedSpeedMicros()).isEqualTo(TelemetryEvent.ABSENT);
    }

    @Test
    void energyPerGoodPartAndIdleShare() {
        WindowAnalysis analysis = WindowAnalyser.analyse(window(
                DEFAULT,
                step("a").run(RUNNING, MINUTE).energy(1_500_000, 250_000),
                step("b").run(RUNNING, MINUTE).energy(200_000, 50_000).partsWithoutIdeal(4, 1)));
        assertThat(analysis.energy().totalKwh()).isEqualTo(2);
        assertThat(analysis.energy().perGoodPartKwh()).isEqualTo(.5);
        assertThat(analysis.energy().idleShare()).isEqualTo(.15);
        assertThat(analysis.steps()).extracting(step -> step.oee().energyKwh()).isEqualTo(List.of(1.75, .25));
    }

    @Test
    void stepWithoutASignalIsNotCountedAsUnused() {
        WindowAnalysis analysis = WindowAnalyser.analyse(
                window(DEFAULT, step("a").run(RUNNING, MINUTE), step("b").run(UNKNOWN, MINUTE)));
        assertThat(analysis.resources().averageUtilization()).isEqualTo(1);
        assertThat(analysis.steps().get(1).oee().utilization().isKnown()).isFalse();
        assertThat(analysis.process().losses().noSignalMicros()).isEqualTo(MINUTE_MICROS);
    }
}
