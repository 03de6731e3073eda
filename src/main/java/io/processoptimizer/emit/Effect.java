package io.processoptimizer.emit;

import io.processoptimizer.event.TelemetryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a process did after a window that it was advised on, compared with before: what is observed where an adjustment says what it
 * expects. An observation, not a proof: an adjustment is decided when things go badly, and part of what follows may be the return to
 * the usual.
 *
 * @param window name of the window definition
 * @param groundsEndMillis end of the window that was advised on, epoch milliseconds
 * @param generation of the result that completes it
 * @param before up to the end of the window that was advised on
 * @param after from some time after it on, until when it could be carried out
 * @param advisedMeanwhile how many more windows of the process were advised on before the end of {@code after}: the effects of all of
 *     them are in it
 * @param end when the comparison ended, epoch milliseconds
 */
public record Effect(
        String processId,
        String window,
        long groundsEndMillis,
        long generation,
        Stretch before,
        Stretch after,
        int advisedMeanwhile,
        long end) {

    /** Gains of less than so many standard errors may be chance. */
    private static final double SIGNIFICANT_ERRORS = 2;

    /** Fewer windows have no spread to tell a change from chance. */
    private static final int FEWEST_WINDOWS = 2;

    /**
     * Windows that do not overlap, taken together.
     *
     * @param fromMillis start of the first, epoch milliseconds, or {@link TelemetryEvent#ABSENT} where there is none
     * @param toMillis end of the last, or ABSENT
     * @param windows how many
     * @param oee weighted by planned time; NaN where there is no window
     * @param oeeVariance of the windows' OEE around their mean; NaN of fewer than two
     * @param throughputPerHour parts per hour, weighted by planned time; NaN where not known
     * @param products that the output step made, in natural order
     * @param shifts that they began in, in natural order; empty without a calendar that names shifts
     */
    public record Stretch(
            long fromMillis,
            long toMillis,
            int windows,
            double oee,
            double oeeVariance,
            double throughputPerHour,
            List<String> products,
            List<String> shifts) {
        public Stretch {
            products = List.copyOf(products);
            shifts = List.copyOf(shifts);
        }
    }

    /** Gain of OEE, absolute; NaN where either is not known. */
    public double oeeGain() {
        return after.oee - before.oee;
    }

    /** Standard error of {@link #oeeGain} (Welch); NaN where either has fewer than two windows. */
    public double oeeGainError() {
        return Math.sqrt(before.oeeVariance / before.windows + after.oeeVariance / after.windows);
    }

    /** Gain of throughput, relative; NaN where either is not known or there was none before. */
    public double throughputGain() {
        return before.throughputPerHour > 0 ? after.throughputPerHour / before.throughputPerHour - 1 : Double.NaN;
    }

    /** What can be said of it. */
    public Verdict verdict() {
        if (incomparable() != null) {
            return Verdict.NOT_COMPARABLE;
        }
        double gain = oeeGain();
        double least = SIGNIFICANT_ERRORS * oeeGainError();
        return Math.abs(gain) <= least ? Verdict.UNCLEAR : gain > 0 ? Verdict.BETTER : Verdict.WORSE;
    }

    /** Why before and after cannot be compared, or null where they can. */
    public @Nullable String incomparable() {
        if (before.windows < FEWEST_WINDOWS || after.windows < FEWEST_WINDOWS) {
            return "windows with planned time: " + before.windows + " before, " + after.windows + " after, "
                    + FEWEST_WINDOWS + " of each are needed";
        }
        if (!before.products.equals(after.products)) {
            return "other products: " + named(before.products) + " before, " + named(after.products) + " after";
        }
        if (!before.shifts.equals(after.shifts)) {
            return "other shifts: " + named(before.shifts) + " before, " + named(after.shifts) + " after";
        }
        return null;
    }

    private static String named(List<String> products) {
        return products.isEmpty() ? "none named" : String.join(", ", products);
    }

    /** The adjustment whose effect it is, if there was one. */
    public String adjustmentId() {
        return Adjustment.id(processId, window, groundsEndMillis);
    }

    /** Key of the stored item of that adjustment within its process. */
    public String adjustmentItemId() {
        return Adjustment.itemId(adjustmentId());
    }

    /** What an effect is called. */
    public enum Verdict {
        /** OEE rose by more than chance explains. */
        BETTER("better"),
        /** It fell by more than chance explains. */
        WORSE("worse"),
        /** It changed by no more than chance explains. */
        UNCLEAR("unclear"),
        /** Before and after are not alike. */
        NOT_COMPARABLE("not_comparable");

        private final String label;

        Verdict(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }
}
