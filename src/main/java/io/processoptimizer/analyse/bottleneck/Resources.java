package io.processoptimizer.analyse.bottleneck;

import org.jspecify.annotations.Nullable;

/**
 * How the steps of a process are used, over those whose utilization is known; ratios are NaN and steps null where none is.
 *
 * @param averageUtilization mean over the steps
 * @param minUtilization of the least used step
 * @param maxUtilization of the most used step
 * @param utilizationSpread max − min: how unbalanced the line is
 * @param leastUtilized the first in line of the least used
 * @param mostUtilized the first in line of the most used
 */
public record Resources(
        double averageUtilization,
        double minUtilization,
        double maxUtilization,
        double utilizationSpread,
        @Nullable String leastUtilized,
        @Nullable String mostUtilized) {
    public static final Resources NONE = new Resources(Double.NaN, Double.NaN, Double.NaN, Double.NaN, null, null);
}
