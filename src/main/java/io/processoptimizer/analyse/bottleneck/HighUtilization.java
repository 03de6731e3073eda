package io.processoptimizer.analyse.bottleneck;

/**
 * A step whose utilization is above the threshold: the plain rule, whose impact is always {@code high}.
 *
 * @param utilization above the threshold
 */
public record HighUtilization(String stepId, double utilization) {
    public static final String IMPACT = "high";
}
