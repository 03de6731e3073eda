package io.processoptimizer.analyse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bottleneck methods against slow transcriptions of their definitions. The seed is the test's argument. */
class BottleneckFuzzTest {
    private static final int WINDOWS = 3_000;

    /** Short, so that a sweep of every millisecond is cheap and ties are frequent. */
    private static final int WINDOW_MILLIS = 60;

    /** An active period of a step: [start, end), found by looking at every millisecond. */
    private record Period(int step, long start, long end) {
        long length() {
            return end - start;
        }

        boolean covers(long time) {
            return start <= time && time < end;
        }
    }

    private static StepFacts factsOf(WindowFacts facts, String stepId) {
        return facts.steps().stream()
                .filter(step -> step.stepId().equals(stepId))
                .findFirst()
                .orElseThrow();
    }

    private static boolean isActive(StepFacts.Timeline timeline, long time) {
        return IntStream.range(0, timeline.runs())
                .anyMatch(i ->
                        timeline.starts()[i] <= time && time < timeline.endOf(i) && timeline.states()[i].isActive());
    }

    private static List<Period> periods(WindowFacts facts, WindowAnalysis analysis) {
        List<Period> periods = new ArrayList<>();
        for (int i = 0; i < analysis.steps().size(); i++) {
            StepFacts.Timeline timeline =
                    factsOf(facts, analysis.steps().get(i).oee().stepId()).timeline();
            for (long t = facts.startMillis(); t < facts.endMillis(); t++) {
                if (isActive(timeline, t) && !isActive(timeline, t - 1)) {
                    long end = t;
                    while (end < facts.endMillis() && isActive(timeline, end)) {
                        end++;
                    }
                    periods.add(new Period(i, t == timeline.starts()[0] ? timeline.firstActiveSince() : t, end));
                }
            }
        }
        return periods;
    }

    private static @Nullable Period longestCovering(List<Period> periods, long time) {
        Period longest = null;
        for (Period period : periods) { // in line order, so the first of equals stays
            if (period.covers(time) && (longest == null || period.length() > longest.length())) {
                longest = period;
            }
        }
        return longest;
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void soleAndShiftingTimesEqualASweepOfEveryMillisecond(long seed) {
        RandomFacts random = new RandomFacts(seed, WINDOW_MILLIS);
        for (int i = 0; i < WINDOWS; i++) {
            WindowFacts facts = random.next(Profile.ISO22400);
            WindowAnalysis analysis = WindowAnalyser.analyse(facts);
            List<Period> periods = periods(facts, analysis);
            long[] sole = new long[analysis.steps().size()];
            long[] shifting = new long[sole.length];
            Period current = null;
            for (long t = facts.startMillis(); t < facts.endMillis(); t++) {
                if (current == null || !current.covers(t)) {
                    current = longestCovering(periods, t);
                }
                if (current == null) {
                    continue;
                }
                Period next = longestCovering(periods, current.end());
                if (next != null && next.covers(t)) {
                    shifting[current.step()]++;
                    shifting[next.step()]++;
                } else {
                    sole[current.step()]++;
                }
            }
            double shares = 0;
            for (int s = 0; s < sole.length; s++) {
                var activity = analysis.steps().get(s).activity();
                assertThat(activity.soleMillis())
                        .as("seed %s window %s %s", seed, i, facts)
                        .isEqualTo(sole[s]);
                assertThat(activity.shiftingMillis())
                        .as("seed %s window %s %s", seed, i, facts)
                        .isEqualTo(shifting[s]);
                assertThat(activity.share())
                        .isCloseTo((sole[s] + shifting[s] / 2.0) / facts.lengthMillis(), within(1e-15));
                shares += activity.share();
            }
            assertThat(shares).isLessThanOrEqualTo(1 + 1e-12);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {14})
    void activePeriodVoteIsTheLongestMean(long seed) {
        RandomFacts random = new RandomFacts(seed, WINDOW_MILLIS);
        for (int i = 0; i < WINDOWS; i++) {
            WindowFacts facts = random.next(Profile.ISO22400);
            WindowAnalysis analysis = WindowAnalyser.analyse(facts);
            List<Period> periods = periods(facts, analysis);
            double longest = -1;
            String vote = null;
            for (int s = 0; s < analysis.steps().size(); s++) {
                int step = s;
                double mean = periods.stream()
                        .filter(p -> p.step() == step)
                        .mapToLong(Period::length)
                        .average()
                        .orElse(-1);
                if (mean > longest) {
                    longest = mean;
                    vote = analysis.steps().get(s).oee().stepId();
                }
            }
            assertThat(analysis.constraint().votes().activePeriod())
                    .as("seed %s window %s %s", seed, i, facts)
                    .isEqualTo(vote);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {15, 16})
    void turningPointIsTheOneOfTheDefinition(long seed) {
        RandomFacts random = new RandomFacts(seed, 50_000);
        int found = 0;
        for (int i = 0; i < WINDOWS; i++) {
            WindowFacts facts = random.next(Profile.ISO22400);
            WindowAnalysis analysis = WindowAnalyser.analyse(facts);
            int n = analysis.steps().size(); // every step of the generator has its place in the order
            long[] blocked = new long[n];
            long[] starved = new long[n];
            for (int s = 0; s < n; s++) {
                blocked[s] = analysis.steps().get(s).oee().times().blockedMillis();
                starved[s] = analysis.steps().get(s).oee().times().starvedMillis();
            }
            String expected = IntStream.range(0, n)
                    .filter(j -> j == 0 || blocked[j - 1] - starved[j - 1] > 0)
                    .filter(j -> j == n - 1 || blocked[j + 1] - starved[j + 1] < 0)
                    .filter(j -> j == 0 || blocked[j] + starved[j] < blocked[j - 1] + starved[j - 1])
                    .filter(j -> j == n - 1 || blocked[j] + starved[j] < blocked[j + 1] + starved[j + 1])
                    .boxed()
                    .min(Comparator.comparing(j -> blocked[j] + starved[j]))
                    .filter(j -> LongSum.of(blocked) + LongSum.of(starved) > 0)
                    .map(j -> analysis.steps().get(j).oee().stepId())
                    .orElse(null);
            Constraint.Votes votes = analysis.constraint().votes();
            assertThat(votes.turningPoint())
                    .as("seed %s window %s %s", seed, i, facts)
                    .isEqualTo(expected);
            found += expected == null ? 0 : 1;
        }
        assertThat(found).as("windows with a turning point").isGreaterThan(WINDOWS / 20);
    }

    private static final class LongSum {
        static long of(long[] values) {
            long sum = 0;
            for (long value : values) {
                sum += value;
            }
            return sum;
        }
    }
}
