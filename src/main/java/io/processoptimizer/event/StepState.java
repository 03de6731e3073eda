package io.processoptimizer.event;

/**
 * What a step is doing, in the product's own vocabulary (ISO 22400-2 time classes; the active set is Roser, Nakano and
 * Tanaka 2001). Foreign state names are mapped to these by configuration.
 */
public enum StepState {
    /** Producing: actual production time, APT. */
    RUNNING(0, true),
    /** Set-up or changeover: actual unit set-up time, AUST. */
    SETUP(1, true),
    /** Unplanned stop: actual down time, ADET. Under repair, so it counts as active. */
    DOWN(2, true),
    /** Waiting for input. */
    STARVED(3, false),
    /** Waiting for room at the output. */
    BLOCKED(4, false),
    /** Standby, no order. */
    IDLE(5, false),
    /** Outside planned time: a break, planned maintenance. */
    PLANNED_STOP(6, false),
    /** No signal. Never silently idle or running. */
    UNKNOWN(7, false);

    private static final StepState[] BY_CODE = byCode();

    private final int code;
    private final boolean active;

    StepState(int code, boolean active) {
        this.code = code;
        this.active = active;
    }

    /** Whether the step does not wait in this state, which is what the active-period bottleneck methods look at. */
    public boolean isActive() {
        return active;
    }

    /** Stands for the state in stored snapshots; never changes. */
    public int code() {
        return code;
    }

    /**
     * The state of a code.
     *
     * @throws ArrayIndexOutOfBoundsException where no state has the code
     */
    public static StepState ofCode(int code) {
        return BY_CODE[code];
    }

    private static StepState[] byCode() {
        StepState[] byCode = new StepState[values().length];
        for (StepState state : values()) {
            byCode[state.code] = state;
        }
        return byCode;
    }
}
