package io.processoptimizer.event;

/**
 * What is inferred of a machine that does not say it itself.
 *
 * @param changeover whether a stop in which the product changes, DOWN or IDLE, counts as SETUP from then on to its end
 * @param startupMillis rejects of so long after a changeover, a planned stop, or a stop of the minor-stop limit or longer are start-up
 *     rejects, whatever the record says; 0: those only that records state
 */
public record Inference(boolean changeover, long startupMillis) {
    /** Nothing. */
    public static final Inference NONE = new Inference(false, 0);
}
