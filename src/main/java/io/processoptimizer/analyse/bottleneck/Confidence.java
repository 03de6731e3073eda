package io.processoptimizer.analyse.bottleneck;

/** How far the methods agree on the constraint. */
public enum Confidence {
    /** Shifting, turning point and active period name the same step, and so does the balance where the order is configured. */
    HIGH("high"),
    /** The balance and two of the three do; without a configured order, shifting and turning point. */
    MEDIUM("medium"),
    /** They do not, or only one of them could be used. */
    LOW("low");

    private final String label;

    Confidence(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
