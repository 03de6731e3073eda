package io.processoptimizer.analyse.oee;

/** Why a figure is missing or to be taken with care. The label is what results and metrics show. */
public enum Reason {
    /** The step or process had no planned time in the window: every factor is null. */
    NO_PLANNED_TIME("no_planned_time"),
    /** Nothing was made: OEE is 0 and quality null. */
    NO_PARTS("no_parts"),
    /** No running time in the profile's sense: performance is null. */
    NOT_RUNNING("not_running"),
    /** Parts were made whose ideal cycle nobody stated or configured: performance and OEE are null. */
    NO_IDEAL_CYCLE("no_ideal_cycle"),
    /** Performance is above 1 by more than one part: the ideal cycle is too long, or running time was not reported. */
    IDEAL_CYCLE_SUSPECT("ideal_cycle_suspect"),
    /** A step's first event ever lies inside the window: only what was observed is counted. */
    PARTIAL_START("partial_start"),
    /** Profile {@code simple}, and no record of the window states the availability. */
    NO_AVAILABILITY("no_availability"),
    /** Profile {@code simple}, and no record of the window states the performance. */
    NO_PERFORMANCE("no_performance"),
    /** Profile {@code simple}, and no record of the window states the quality. */
    NO_QUALITY("no_quality"),
    /** The process OEE should stand on the constraint, but no step can be named: it stands on the roll-up. */
    NO_CONSTRAINT("no_constraint"),
    /** The step that the process OEE should stand on has not been seen. */
    BASIS_STEP_UNSEEN("basis_step_unseen"),
    /** The step whose parts are the process's parts has not been seen: its counts are 0. */
    OUTPUT_STEP_UNSEEN("output_step_unseen"),
    /** Steps that nobody named and that hold nothing in the window, though they spoke before it, are no part of the result. */
    SILENT_STEPS("silent_steps"),
    /** Sums of ideal time or parts beyond 2⁶³: factors that need them are null. Some ideal cycle or count is wrong. */
    OUT_OF_RANGE("out_of_range"),
    /** Facts of the window were lost with the state: the result is incomplete. */
    STATE_LOST("state_lost");

    private final String label;

    Reason(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }
}
