package io.processoptimizer.emit;

import java.util.Locale;

/** What a recommendation would have changed. The label is what consumers filter on, so a released constant is never renamed. */
public enum Lever {
    /** Fewer or shorter breakdowns. */
    REDUCE_BREAKDOWNS,
    /** Shorter or fewer changeovers. */
    SHORTEN_SETUP,
    /** Fewer short stops. */
    REDUCE_MINOR_STOPS,
    /** Material for a step that waits for input. */
    FEED_STEP,
    /** Room for a step that waits for its output. */
    CLEAR_OUTPUT,
    /** Orders for a step that has none. */
    RELEASE_ORDER,
    /** Back to the ideal cycle. */
    RESTORE_SPEED,
    /** Fewer rejects after a start or changeover. */
    REDUCE_STARTUP_REJECTS,
    /** Fewer rejects and less rework. */
    REDUCE_REJECTS,
    /** More capacity where the process is limited. */
    RELIEVE_CONSTRAINT,
    /** The lowest of availability, performance and quality, where nothing more is known. */
    RAISE_LOWEST_FACTOR,
    /** A machine that is not heard. */
    RESTORE_SIGNAL,
    /** Figures that are missing or cannot be right. */
    COMPLETE_DATA;

    private final String label = name().toLowerCase(Locale.ROOT);

    public String label() {
        return label;
    }
}
