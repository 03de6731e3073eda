package io.processoptimizer.emit;

/**
 * What the efficiency model expects of a process one horizon after a window, if nothing is done. NaN: not known.
 *
 * @param score OEE, a ratio
 * @param throughput parts per hour
 * @param cycleTimeSeconds seconds per part
 * @param horizonMillis from the end of the window to the end of the one that is predicted, or
 *     {@link io.processoptimizer.event.TelemetryEvent#ABSENT} where the model does not say
 * @param source who says so: {@code local}, a model in the worker itself; {@code sagemaker}; {@code fallback}, the local one instead
 */
public record Efficiency(double score, double throughput, double cycleTimeSeconds, long horizonMillis, String source) {}
