package io.processoptimizer.analyse.oee;

/** The six big losses (Nakajima) and the no-signal line; the label is the key in results, whose values are milliseconds. */
public enum Loss {
    /** L1: DOWN not shorter than the minor-stop limit. */
    BREAKDOWNS("breakdowns_ms"),
    /** L2: SETUP. */
    SETUP("setup_ms"),
    /** L3: shorter DOWN, IDLE, STARVED and BLOCKED. */
    MINOR_STOPS("minor_stops_ms"),
    /** L4: running time − ideal time of the parts; negative says that the ideal cycle is wrong. */
    REDUCED_SPEED("reduced_speed_ms"),
    /** L5: ideal time of the start-up rejects. */
    STARTUP_REJECTS("startup_rejects_ms"),
    /** L6: ideal time of the other rejects and of rework. */
    PRODUCTION_REJECTS("production_rejects_ms"),
    /** UNKNOWN: beside the six. */
    NO_SIGNAL("no_signal_ms");

    private final String label;

    Loss(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
