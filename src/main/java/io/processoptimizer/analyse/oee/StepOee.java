package io.processoptimizer.analyse.oee;

import io.processoptimizer.window.StepFacts;
import java.util.List;

/**
 * One step in one window. In profile {@code simple} its factors are all null without a reason of their own: a record states them
 * for the process only.
 *
 * @param utilization stated, else RUNNING / PBT; unknown where nothing was stated and no state but UNKNOWN was seen
 * @param activeShare (RUNNING + SETUP + DOWN) / PBT, or NaN
 * @param reasons in the order of the constants
 * @param cycles seconds per part
 * @param failures DOWN runs that overlap the window
 * @param energyKwh NaN where none was reported
 * @param inferred what of the times and parts no machine said
 */
public record StepOee(
        String stepId,
        Ratio utilization,
        double activeShare,
        Factors factors,
        PartTotals parts,
        StateTimes times,
        Losses losses,
        List<Reason> reasons,
        Cycles cycles,
        long failures,
        double energyKwh,
        StepFacts.Inferred inferred) {

    /**
     * Seconds per part by where they come from, never mixed; NaN where not known.
     *
     * @param actualSeconds running time / parts
     * @param observedSeconds mean of the cycle times that events stated
     * @param learnedIdealSeconds 5th percentile of the stated cycle times: an estimate, used in no figure
     */
    public record Cycles(double actualSeconds, double observedSeconds, double learnedIdealSeconds) {
        public static final Cycles NONE = new Cycles(Double.NaN, Double.NaN, Double.NaN);
    }
}
