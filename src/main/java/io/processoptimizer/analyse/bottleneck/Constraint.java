package io.processoptimizer.analyse.bottleneck;

import org.jspecify.annotations.Nullable;

/**
 * The step that constrains the process in one window, and how it was found.
 *
 * @param stepId null where no method could name a step; then so are confidence, method and impact
 * @param method the one whose vote was taken
 * @param share the step's (sole + ½ shifting) / window, 0 … 1; NaN where no step was active
 * @param impact what relieving it should bring; null where the share is not known
 * @param votes each method's step
 * @param now the step whose active period, still running at the window's end, has lasted longest; null where none is active
 */
public record Constraint(
        @Nullable String stepId,
        @Nullable Confidence confidence,
        @Nullable Method method,
        double share,
        @Nullable Impact impact,
        Votes votes,
        @Nullable String now) {

    /** Step ids, each null where the method had nothing to go by. */
    public record Votes(
            @Nullable String utilization,
            @Nullable String activePeriod,
            @Nullable String shifting,
            @Nullable String turningPoint,
            @Nullable String balance,
            @Nullable String effectiveCycle) {
        public static final Votes NONE = new Votes(null, null, null, null, null, null);
    }

    /**
     * An estimate, never a promise: relieving the constraint by {@code relief} of its cycle raises throughput by about
     * ¾ · relief · share, and by no more than takes it to the next slowest step.
     *
     * @param relief fraction of the cycle that is taken away
     * @param throughputGain estimated relative gain, ≥ 0
     * @param capped whether the next step limits the gain
     */
    public record Impact(double relief, double throughputGain, boolean capped) {}
}
