package io.processoptimizer.window;

/**
 * An event that was refused once and is offered again by an operator: it is taken into any pane that is still retained, though that is
 * past its lateness, and tells nothing of how long its process was silent.
 *
 * @param id the same whenever this input is redriven: it counts once
 * @param stateKept whether the state that it claims was taken at the first time, under the producer's id
 */
public record Redriven(String id, boolean stateKept) {}
