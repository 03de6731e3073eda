package io.processoptimizer.event;

import java.util.Map;

/**
 * Whether a machine's waiting is told by its neighbours where it only says that it is idle.
 *
 * @param inferred whether to tell it so; else STARVED and BLOCKED are what machines state
 * @param placesAfter places for parts between a step and the next in line, by the step before them, each ≥ 0; none where nothing is said
 */
public record WaitingRule(boolean inferred, Map<String, Integer> placesAfter) {
    /** What machines state. */
    public static final WaitingRule STATED = new WaitingRule(false, Map.of());

    public WaitingRule {
        placesAfter = Map.copyOf(placesAfter);
    }

    /** Places for parts behind a step. */
    public int placesAfter(String stepId) {
        return placesAfter.getOrDefault(stepId, 0);
    }
}
