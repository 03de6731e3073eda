package io.processoptimizer.analyse.oee;

/**
 * OEE and its factors under the profile of the result, ratios ≥ 0; {@code NaN} where a factor is null, and then the reasons say
 * why. OEE is a division of its own, never the product of the rounded factors.
 *
 * @param availability 0 … 1
 * @param performance may exceed 1
 * @param quality 0 … 1
 * @param oee may exceed 1 where the ideal cycle is wrong
 */
public record Factors(double availability, double performance, double quality, double oee) {
    public static final Factors NONE = new Factors(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
