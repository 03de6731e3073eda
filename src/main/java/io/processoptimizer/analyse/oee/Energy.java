package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.TelemetryEvent;

/**
 * Energy of all steps of a process; {@code NaN} where nothing was reported.
 *
 * @param totalKwh Σ kWh
 * @param perGoodPartKwh Σ kWh / good parts of the output step
 * @param lossKwh kWh while no step state was RUNNING: the energy loss beside the six losses in time
 * @param idleShare kWh while no step state was RUNNING / Σ kWh, 0 … 1
 * @param peakKw mean power of all steps together in the base pane in which they used most, kW
 * @param peakAtMillis start of that pane, the earliest of equal ones, epoch milliseconds; {@link TelemetryEvent#ABSENT} where nothing was
 *     reported
 */
public record Energy(
        double totalKwh, double perGoodPartKwh, double lossKwh, double idleShare, double peakKw, long peakAtMillis) {
    public static final Energy NONE =
            new Energy(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, TelemetryEvent.ABSENT);
}
