package io.processoptimizer.emit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing to do.
 *
 * @param stepId where; null where it concerns the process as a whole
 * @param text one or two sentences for a shift leader
 * @param lossShare the loss behind it as a share of planned time, 0 … 1; NaN where it answers no loss
 * @param expected what it should bring; null where nothing can be said
 * @param evidence figures that a model pointed at; empty where the rules speak, whose text has its figures
 */
public record Recommendation(
        Lever lever,
        @Nullable String stepId,
        Priority priority,
        String text,
        double lossShare,
        @Nullable ExpectedImprovement expected,
        List<Evidence> evidence) {
    public Recommendation {
        evidence = List.copyOf(evidence);
    }

    /** By the rules. */
    public Recommendation(
            Lever lever,
            @Nullable String stepId,
            Priority priority,
            String text,
            double lossShare,
            @Nullable ExpectedImprovement expected) {
        this(lever, stepId, priority, text, lossShare, expected, List.of());
    }

    /**
     * An estimate, never a promise.
     *
     * @param oeeGain added to OEE (0.05: five points), ≥ 0; NaN where not known
     * @param throughputGain relative (0.05: 5 % more parts), ≥ 0; NaN where not known
     * @param assumption under which it holds
     */
    public record ExpectedImprovement(double oeeGain, double throughputGain, String assumption) {}
}
