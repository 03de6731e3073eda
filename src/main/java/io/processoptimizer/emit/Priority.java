package io.processoptimizer.emit;

/** How soon advice should be acted on, in rising order. High priority makes an adjustment. */
public enum Priority {
    /** Worth knowing. */
    LOW("low"),
    /** Worth doing within the shift. */
    MEDIUM("medium"),
    /** Costs output now. */
    HIGH("high");

    private final String label;

    Priority(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
