package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.oee.Exact;
import io.processoptimizer.analyse.oee.Line;
import io.processoptimizer.analyse.oee.Ratio;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepTotals;
import io.processoptimizer.window.WindowFacts;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets each method vote for the bottleneck of a window and weighs the votes. Votes fall to the first in line among equals.
 *
 * <p>Cost: one pass over the runs, and one over the steps for each change of the bottleneck.
 */
public final class BottleneckFinder {
    private static final int NONE = -1;

    /** Relief that the impact estimate supposes: a tenth of the constraint's cycle. */
    private static final long RELIEF_PERCENT = 10;

    private final WindowFacts facts;
    private final Line line;
    private final List<StepOee> steps;
    private final ActivePeriods periods;
    private final ShiftingBottleneck shifting;
    private final Ratio[] effectiveCycles;

    /** @param steps the OEE of the line's steps, in the same order */
    public BottleneckFinder(WindowFacts facts, Line line, List<StepOee> steps) {
        this.facts = facts;
        this.line = line;
        this.steps = steps;
        this.periods = ActivePeriods.of(line);
        this.shifting = ShiftingBottleneck.of(periods, facts.startMillis(), facts.endMillis());
        this.effectiveCycles = new Ratio[steps.size()];
        for (int i = 0; i < effectiveCycles.length; i++) {
            effectiveCycles[i] =
                    effectiveCycle(steps.get(i), line.steps().get(i).observedCycle());
        }
    }

    /** Active microseconds per part; of a step without either, the mean cycle time that events stated. */
    private static Ratio effectiveCycle(StepOee step, StepFacts.@Nullable ObservedCycle observed) {
        long active = step.times().activeMillis();
        long parts = step.parts().processed();
        if (active > 0 && parts > 0) {
            return new Ratio(active * 1000, parts);
        }
        return observed == null ? Ratio.UNKNOWN : new Ratio(observed.sumMicros(), observed.count());
    }

    /** The constraint, with each method's vote. */
    public Constraint constraint() {
        int byUtilization = mostUtilized();
        int byActivePeriod = longestMeanActivePeriod();
        int byShifting = largestShare();
        int byTurningPoint = TurningPoint.of(steps, line.ordered());
        boolean runsKept = runsKept();
        int byBalance =
                line.assumed() ? NONE : WaitingBalance.of(steps, line.ordered(), this::periodsOf, this::activeMillisOf);
        int byEffectiveCycle = waitingReported() ? NONE : longestEffectiveCycle();
        Constraint.Votes votes = new Constraint.Votes(
                idOf(byUtilization),
                idOf(byActivePeriod),
                idOf(byShifting),
                idOf(byTurningPoint),
                idOf(byBalance),
                idOf(byEffectiveCycle));

        Method method;
        int named;
        if (byEffectiveCycle != NONE) {
            method = Method.EFFECTIVE_CYCLE;
            named = byEffectiveCycle;
        } else if (byBalance != NONE) {
            method = Method.BALANCE;
            named = byBalance;
        } else if (byShifting != NONE) {
            method = Method.SHIFTING;
            named = byShifting;
        } else if (!runsKept && byTurningPoint != NONE) {
            method = Method.TURNING_POINT;
            named = byTurningPoint;
        } else if (!runsKept && byActivePeriod != NONE) {
            method = Method.ACTIVE_PERIOD;
            named = byActivePeriod;
        } else if (byUtilization != NONE) {
            method = Method.UTILIZATION;
            named = byUtilization;
        } else {
            return new Constraint(null, null, null, Double.NaN, null, votes, null);
        }
        Confidence confidence = confidence(method, named, byShifting, byTurningPoint, byActivePeriod);
        boolean shareKnown = byShifting != NONE;
        return new Constraint(
                idOf(named),
                confidence,
                method,
                shareKnown ? share(named) : Double.NaN,
                shareKnown ? impact(named) : null,
                votes,
                idOf(longestStillActive()));
    }

    /** False of a shift or a day: it has sums of its states, but no runs that shifting could be told from. */
    private boolean runsKept() {
        return line.steps().stream().allMatch(step -> step.totals() == null);
    }

    private long periodsOf(int step) {
        StepTotals totals = line.steps().get(step).totals();
        return totals == null ? periods.count(step) : totals.activePeriods();
    }

    private long activeMillisOf(int step) {
        StepTotals totals = line.steps().get(step).totals();
        return totals == null ? periods.total(step) : totals.activeMillis();
    }

    private static Confidence confidence(
            Method method, int named, int byShifting, int byTurningPoint, int byActivePeriod) {
        int agree =
                (byShifting == named ? 1 : 0) + (byTurningPoint == named ? 1 : 0) + (byActivePeriod == named ? 1 : 0);
        boolean weighs = method == Method.BALANCE || (method == Method.SHIFTING && byTurningPoint == named);
        if (!weighs || agree < 2) {
            return Confidence.LOW;
        }
        return agree == 3 ? Confidence.HIGH : Confidence.MEDIUM;
    }

    private @Nullable String idOf(int step) {
        return step == NONE ? null : steps.get(step).stepId();
    }

    /** Whether any step says that it is starved or blocked: without, active periods do not tell waiting from working. */
    private boolean waitingReported() {
        for (int i = 0; i < steps.size(); i++) {
            if (TurningPoint.waitingMillis(steps, i) > 0) {
                return true;
            }
        }
        return false;
    }

    private int mostUtilized() {
        int most = NONE;
        for (int i = 0; i < steps.size(); i++) {
            Ratio utilization = steps.get(i).utilization();
            if (utilization.isKnown()
                    && (most == NONE || utilization.compare(steps.get(most).utilization()) > 0)) {
                most = i;
            }
        }
        return most;
    }

    private int longestMeanActivePeriod() {
        int longest = NONE;
        long total = 0;
        long count = 1;
        for (int i = 0; i < periods.steps(); i++) {
            if (periodsOf(i) > 0
                    && (longest == NONE || Exact.compareProducts(activeMillisOf(i), count, total, periodsOf(i)) > 0)) {
                longest = i;
                total = activeMillisOf(i);
                count = periodsOf(i);
            }
        }
        return longest;
    }

    private int largestShare() {
        int largest = NONE;
        long most = 0;
        for (int i = 0; i < periods.steps(); i++) {
            if (shifting.twiceShare(i) > most) {
                most = shifting.twiceShare(i);
                largest = i;
            }
        }
        return largest;
    }

    private int longestEffectiveCycle() {
        int longest = NONE;
        int known = 0;
        for (int i = 0; i < effectiveCycles.length; i++) {
            if (effectiveCycles[i].isKnown()) {
                known++;
                if (longest == NONE || effectiveCycles[i].compare(effectiveCycles[longest]) > 0) {
                    longest = i;
                }
            }
        }
        // Where only one of several steps counts parts there is nothing to compare it with.
        return known == 1 && steps.size() > 1 ? NONE : longest;
    }

    private int longestStillActive() {
        int longest = NONE;
        long most = 0;
        for (int i = 0; i < periods.steps(); i++) {
            int last = periods.behind(i) - 1;
            if (last >= periods.first(i) && periods.end(last) == facts.endMillis() && periods.length(last) > most) {
                most = periods.length(last);
                longest = i;
            }
        }
        return longest;
    }

    private double share(int step) {
        return Exact.divideProducts(shifting.twiceShare(step), 1, facts.lengthMillis(), 2);
    }

    /**
     * ¾ · relief · share, at most what takes the constraint to the next longest effective cycle. The factor ¾ is measured: a
     * part of what is gained at the constraint is lost where the bottleneck shifts.
     */
    private Constraint.Impact impact(int step) {
        double gain =
                Exact.divideProducts(3 * RELIEF_PERCENT, shifting.twiceShare(step), 4 * 100 * 2, facts.lengthMillis());
        double cap = gainToNextCycle(step);
        boolean capped = cap < gain; // false where the cap is not known
        return new Constraint.Impact(RELIEF_PERCENT / 100.0, capped ? cap : gain, capped);
    }

    /** Effective cycle of the step / the longest of the others − 1, at least 0; NaN where one is not known. */
    private double gainToNextCycle(int step) {
        Ratio own = effectiveCycles[step];
        Ratio next = Ratio.UNKNOWN;
        for (int i = 0; i < effectiveCycles.length; i++) {
            if (i != step
                    && effectiveCycles[i].isKnown()
                    && (!next.isKnown() || effectiveCycles[i].compare(next) > 0)) {
                next = effectiveCycles[i];
            }
        }
        if (!own.isKnown() || !next.isKnown()) {
            return Double.NaN;
        }
        if (own.compare(next) <= 0) {
            return 0;
        }
        BigInteger ownCross = Exact.product(own.numerator(), next.denominator());
        BigInteger nextCross = Exact.product(next.numerator(), own.denominator());
        return Exact.divide(ownCross.subtract(nextCross), nextCross);
    }

    /** Steps above the utilization threshold, in line order. */
    public List<HighUtilization> highUtilizations() {
        List<HighUtilization> found = new ArrayList<>();
        long threshold = facts.definition().utilizationThresholdNano();
        for (StepOee step : steps) {
            Ratio utilization = step.utilization();
            if (utilization.isKnown()
                    && Exact.compareProducts(
                                    utilization.numerator(), TelemetryEvent.NANO, threshold, utilization.denominator())
                            > 0) {
                found.add(new HighUtilization(step.stepId(), utilization.value()));
            }
        }
        return found;
    }

    /** What the active periods of one step say. */
    public StepActivity activity(int step) {
        if (line.steps().get(step).totals() != null) {
            return new StepActivity(
                    TelemetryEvent.ABSENT,
                    TelemetryEvent.ABSENT,
                    Double.NaN,
                    Exact.divide(activeMillisOf(step), periodsOf(step)));
        }
        return new StepActivity(
                shifting.soleMillis(step),
                shifting.shiftingMillis(step),
                share(step),
                Exact.divide(periods.total(step), periods.count(step)));
    }
}
