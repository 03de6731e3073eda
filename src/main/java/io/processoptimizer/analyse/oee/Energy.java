package io.processoptimizer.analyse.oee;

/**
 * Energy of all steps of a process; {@code NaN} where nothing was reported.
 *
 * @param totalKwh Σ kWh
 * @param perGoodPartKwh Σ kWh / good parts of the output step
 * @param lossKwh kWh while no step state was RUNNING: the energy loss beside the six losses in time
 * @param idleShare kWh while no step state was RUNNING / Σ kWh, 0 … 1
 */
public record Energy(double totalKwh, double perGoodPartKwh, double lossKwh, double idleShare) {
    public static final Energy NONE = new Energy(Double.NaN, Double.NaN, Double.NaN, Double.NaN);
}
