package io.processoptimizer.analyse.bottleneck;

/** A way to find the bottleneck; the label is the key of its vote in results. */
public enum Method {
    /** Highest utilization: the plain rule. */
    UTILIZATION("utilization"),
    /** Longest mean uninterrupted active period (Roser, Nakano, Tanaka 2001). */
    ACTIVE_PERIOD("active_period"),
    /** Largest share of the window as sole or shifting bottleneck (Roser, Nakano, Tanaka 2002). */
    SHIFTING("shifting"),
    /** Where waiting turns from blocked to starved along the line (Li, Chang, Ni 2009). */
    TURNING_POINT("turning_point"),
    /** Waiting before, at and behind a step and its mean active period, weighed together. */
    BALANCE("balance"),
    /** Largest active time per part: the fall-back where no step reports that it is starved or blocked. */
    EFFECTIVE_CYCLE("effective_cycle");

    private final String label;

    Method(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
