package io.processoptimizer.analyse.bottleneck;

/** How far the methods agree on the constraint. */
public enum Confidence {
    /** Shifting, turning point and active period name the same step. */
    HIGH("high"),
    /** Shifting and turning point do. */
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
