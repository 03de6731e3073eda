package io.processoptimizer.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.Losses;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.analyse.oee.Ratio;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every window. The seed is the test's argument; a failure also names the window's index. */
class OeeFuzzTest {
    private static final int WINDOWS = 4_000;
    private static final int SHIFT_MILLIS = 8 * 3_600_000;

    private interface Check {
        void of(WindowFacts facts);
    }

    private static void forEachWindow(long seed, Profile profile, Check check) {
        RandomFacts random = new RandomFacts(seed, SHIFT_MILLIS);
        for (int i = 0; i < WINDOWS; i++) {
            WindowFacts facts = random.next(profile);
            try {
                check.of(facts);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ", window " + i, e);
            }
        }
    }

    private static WindowFacts with(WindowFacts facts, Profile profile, long minorStopMillis) {
        ProcessDefinition definition = facts.definition();
        return Definitions.inForce(
                facts,
                Definitions.of(
                        definition.stepOrder(),
                        profile,
                        definition.basis(),
                        minorStopMillis,
                        definition.idealCycleMicros()));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void oeeIsTheSameInIsoAndClassicWhateverTheMinorStopLimit(long seed) {
        forEachWindow(seed, Profile.ISO22400, facts -> {
            double iso = WindowAnalyser.analyse(facts).process().factors().oee();
            for (long minorStop : new long[] {1, 10_000, facts.lengthMillis() / 2 + 1, Long.MAX_VALUE}) {
                WindowAnalysis classic = WindowAnalyser.analyse(with(facts, Profile.CLASSIC, minorStop));
                assertThat(classic.process().factors().oee()).isEqualTo(Double.valueOf(iso)); // NaN equals NaN
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void lossesSumExactlyToPlannedMinusFullyProductiveTime(long seed) {
        forEachWindow(seed, Profile.ISO22400, facts -> {
            ProcessOee process = WindowAnalyser.analyse(facts).process();
            if (process.kpis().fullyProductiveMicros() != TelemetryEvent.ABSENT) {
                assertThat(sum(process.losses()))
                        .isEqualTo(process.times().plannedMillis() * 1000
                                - process.kpis().fullyProductiveMicros());
            }
        });
    }

    private static long sum(Losses losses) {
        long sum = 0;
        for (Loss loss : Loss.values()) {
            sum += losses.micros(loss);
        }
        return sum;
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void factorsMultiplyToOeeWhereAllExist(long seed) {
        for (Profile profile : List.of(Profile.ISO22400, Profile.CLASSIC)) {
            forEachWindow(seed, profile, facts -> {
                Factors factors = WindowAnalyser.analyse(facts).process().factors();
                double product = factors.availability() * factors.performance() * factors.quality();
                if (!Double.isNaN(product)) {
                    assertThat(product).isCloseTo(factors.oee(), within(1e-14 * Math.max(1, factors.oee())));
                }
                assertThat(factors.availability()).matches(a -> Double.isNaN(a) || (a >= 0 && a <= 1));
                assertThat(factors.quality()).matches(q -> Double.isNaN(q) || (q >= 0 && q <= 1));
            });
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7})
    void timesOfAStepSumToWhatWasObservedOfTheWindow(long seed) {
        forEachWindow(seed, Profile.ISO22400, facts -> {
            for (StepAnalysis step : WindowAnalyser.analyse(facts).steps()) {
                StateTimes times = step.oee().times();
                assertThat(times.activeMillis()
                                + times.starvedMillis()
                                + times.blockedMillis()
                                + times.idleMillis()
                                + times.unknownMillis())
                        .isEqualTo(times.plannedMillis());
                StepFacts.Timeline timeline = facts.steps().stream()
                        .filter(s -> s.stepId().equals(step.oee().stepId()))
                        .findFirst()
                        .orElseThrow()
                        .timeline();
                long observed = timeline.runs() == 0 ? 0 : facts.endMillis() - timeline.starts()[0];
                assertThat(times.plannedMillis() + times.plannedStopMillis()).isEqualTo(observed);
                if (!timeline.partialStart()) {
                    assertThat(observed).isEqualTo(facts.lengthMillis());
                }
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {8})
    void statusAgreesWithDecimalArithmetic(long seed) {
        forEachWindow(seed, Profile.ISO22400, facts -> {
            ProcessOee process = WindowAnalyser.analyse(facts).process();
            if (Double.isNaN(process.factors().oee())) {
                assertThat(process.status()).isEqualTo(OeeStatus.NO_DATA);
            } else {
                BigDecimal good = BigDecimal.valueOf(process.kpis().fullyProductiveMicros());
                BigDecimal goal = BigDecimal.valueOf(process.times().plannedMillis(), -3)
                        .multiply(BigDecimal.valueOf(process.targetOeeNano(), 9));
                assertThat(process.status())
                        .isEqualTo(good.compareTo(goal) >= 0 ? OeeStatus.MEETING_TARGET : OeeStatus.BELOW_TARGET);
            }
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {9})
    void averageUtilizationIsTheExactMeanRoundedOnce(long seed) {
        forEachWindow(seed, Profile.ISO22400, facts -> {
            WindowAnalysis analysis = WindowAnalyser.analyse(facts);
            List<Ratio> known = analysis.steps().stream()
                    .map(StepAnalysis::oee)
                    .map(StepOee::utilization)
                    .filter(Ratio::isKnown)
                    .toList();
            if (known.isEmpty()) {
                assertThat(analysis.resources().averageUtilization()).isNaN();
                return;
            }
            MathContext digits = new MathContext(60);
            BigDecimal sum = known.stream()
                    .map(r -> BigDecimal.valueOf(r.numerator()).divide(BigDecimal.valueOf(r.denominator()), digits))
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            assertThat(analysis.resources().averageUtilization())
                    .isEqualTo(
                            sum.divide(BigDecimal.valueOf(known.size()), digits).doubleValue());
            assertThat(analysis.resources().utilizationSpread())
                    .isCloseTo(
                            analysis.resources().maxUtilization()
                                    - analysis.resources().minUtilization(),
                            within(1e-15));
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {10})
    void analysisIsAFunctionOfTheFacts(long seed) {
        forEachWindow(
                seed,
                Profile.ISO22400,
                facts -> assertThat(WindowAnalyser.analyse(facts)).isEqualTo(WindowAnalyser.analyse(facts)));
    }
}
