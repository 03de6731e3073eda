package io.processoptimizer.analyse.oee;

/**
 * An exact ratio ≥ 0, for comparing and averaging before anything is rounded. A denominator of 0 means that it is not known.
 *
 * @param numerator ≥ 0
 * @param denominator ≥ 0
 */
public record Ratio(long numerator, long denominator) {
    public static final Ratio UNKNOWN = new Ratio(0, 0);

    public Ratio {
        if (numerator < 0 || denominator < 0) {
            throw new IllegalArgumentException("a ratio is not negative: " + numerator + "/" + denominator
                    + "; a sum of times or stated values overflowed");
        }
    }

    public boolean isKnown() {
        return denominator != 0;
    }

    /** Correctly rounded; NaN where not known. */
    public double value() {
        return Exact.divide(numerator, denominator);
    }

    /** Negative, 0 or positive as this is less than, equal to or greater than the other, exactly. Both must be known. */
    public int compare(Ratio other) {
        return Exact.compareProducts(numerator, other.denominator, other.numerator, denominator);
    }
}
