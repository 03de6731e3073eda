package io.processoptimizer.analyse.bottleneck;

/**
 * What the active periods of one step say in one window. Of a shift or a day the shifting bottleneck is not known: times are
 * {@code TelemetryEvent.ABSENT}, the share NaN.
 *
 * @param soleMillis time as the only bottleneck
 * @param shiftingMillis time in which the bottleneck shifts to or from this step
 * @param share (sole + ½ shifting) / window, 0 … 1
 * @param meanActivePeriodMillis mean uninterrupted active period, from true starts; NaN where the step was never active
 */
public record StepActivity(long soleMillis, long shiftingMillis, double share, double meanActivePeriodMillis) {}
