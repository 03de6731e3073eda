package io.processoptimizer.analyse.oee;

/**
 * Energy of all steps of a process; {@code NaN} where nothing was reported.
 *
 * @param totalKwh Σ kWh
 * @param perGoodPartKwh Σ kWh / good parts of the output step
 * @param idleShare kWh while no step state was RUNNING / Σ kWh, 0 … 1
 */
public record Energy(double totalKwh, double perGoodPartKwh, double idleShare) {
    public static final Energy NONE = new Energy(Double.NaN, Double.NaN, Double.NaN);
}
