package io.processoptimizer.analyse.oee;

/** How the process OEE stands to its target; compared as integers, before any rounding. */
public enum OeeStatus {
    /** OEE ≥ target. */
    MEETING_TARGET("meeting_target"),
    /** OEE &lt; target. */
    BELOW_TARGET("below_target"),
    /** OEE is null; the reasons say why. */
    NO_DATA("no_data");

    private final String label;

    OeeStatus(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
