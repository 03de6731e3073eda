package io.processoptimizer.event;

import java.util.Locale;

/**
 * Why an input was refused. The label is the metric's label and the partition key of the dead-letter table, so a released
 * constant is never renamed.
 */
public enum RejectReason {
    /** Not one well-formed JSON object in UTF-8. */
    MALFORMED,
    /** A field that every record needs is absent, or the record states no fact at all. */
    MISSING_FIELD,
    /** A field has the wrong type, or a value outside its range. */
    BAD_VALUE,
    /** The event time lies further ahead of the arrival than is plausible. */
    FUTURE_TIMESTAMP,
    /** The fact belongs to a pane that is past its allowed lateness. */
    LATE,
    /** The partition key is not the process id, or its hash lies outside the shard. */
    MISROUTED,
    /** A limit on processes of a shard is reached. */
    TOO_MANY_PROCESSES,
    /** A limit on the steps of a process is reached. */
    TOO_MANY_STEPS,
    /** A limit on the retained samples of a step is reached. */
    TOO_MANY_SAMPLES,
    /** The record is longer than is accepted. */
    TOO_LARGE,
    /** Processing it failed again and again: an error in this product, which must not stop the records behind it. */
    UNPROCESSABLE;

    private final String label = name().toLowerCase(Locale.ROOT);

    /** Lower case with underscores. */
    public String label() {
        return label;
    }
}
