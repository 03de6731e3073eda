package io.processoptimizer.advise;

/** What is estimated, as it is published. */
public final class Estimate {
    private static final double GRAINS = 1e4;

    private Estimate() {}

    /** Four decimals: an estimate has no more. NaN stays NaN. */
    public static double rounded(double value) {
        return Double.isNaN(value) ? value : Math.round(value * GRAINS) / GRAINS;
    }
}
