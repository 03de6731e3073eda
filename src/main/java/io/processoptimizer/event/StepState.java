package io.processoptimizer.event;

/**
 * What a step is doing, in the product's own vocabulary (ISO 22400-2 time classes; the active set is Roser, Nakano and
 * Tanaka 2001). Foreign state names are mapped to these by configuration.
 *
 * <p>The order of the constants is part of the snapshot format: append, never reorder.
 */
public enum StepState {
    /** Producing: actual production time, APT. */
    RUNNING(true),
    /** Set-up or changeover: actual unit set-up time, AUST. */
    SETUP(true),
    /** Unplanned stop: actual down time, ADET. Under repair, so it counts as active. */
    DOWN(true),
    /** Waiting for input. */
    STARVED(false),
    /** Waiting for room at the output. */
    BLOCKED(false),
    /** Standby, no order. */
    IDLE(false),
    /** Outside planned time: a break, planned maintenance. */
    PLANNED_STOP(false),
    /** No signal. Never silently idle or running. */
    UNKNOWN(false);

    private final boolean active;

    StepState(boolean active) {
        this.active = active;
    }

    /** Whether the step does not wait in this state, which is what the active-period bottleneck methods look at. */
    public boolean isActive() {
        return active;
    }
}
