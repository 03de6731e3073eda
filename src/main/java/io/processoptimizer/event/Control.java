package io.processoptimizer.event;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be changed at a process without a person: the list of its parameters, and whether machines may take changes over at all.
 * What is not on the list is never proposed.
 *
 * @param closedLoop whether machines may take proposed changes over, where the worker's own mode allows it, too
 * @param parameters in the order of the configuration, at most {@value #MAX_PARAMETERS}
 */
public record Control(boolean closedLoop, List<Parameter> parameters) {
    /** More than a person can answer for, and few enough for a prompt. */
    public static final int MAX_PARAMETERS = 50;

    /** Nothing may be changed. */
    public static final Control NONE = new Control(false, List.of());

    public Control {
        parameters = List.copyOf(parameters);
        if (parameters.size() > MAX_PARAMETERS) {
            throw new IllegalArgumentException(
                    "a process may have " + MAX_PARAMETERS + " parameters, not " + parameters.size());
        }
    }

    /** The parameter of that name, or null. */
    public @Nullable Parameter parameter(String name) {
        for (Parameter parameter : parameters) {
            if (parameter.name().equals(name)) {
                return parameter;
            }
        }
        return null;
    }

    /**
     * A parameter that may be changed, and how far.
     *
     * @param stepId where it is; null: of the process as a whole
     * @param unit for people; empty where it has none
     * @param current in force, as whoever answers for the process states it: changes are steps from here, so that no number of them
     *     drifts away from it
     * @param min least value that may be proposed
     * @param max greatest value that may be proposed
     * @param maxStep greatest distance from {@code current} that may be proposed, &gt; 0
     * @param cooldownMillis event time between two changes of it, milliseconds ≥ 0
     * @param conflictsWith names of parameters that may not be changed together with it
     */
    public record Parameter(
            String name,
            @Nullable String stepId,
            String unit,
            BigDecimal current,
            BigDecimal min,
            BigDecimal max,
            BigDecimal maxStep,
            long cooldownMillis,
            List<String> conflictsWith) {
        /** As many digits as a double tells apart, so that what is published reads as it was written. */
        public static final int MAX_DIGITS = 15;

        public Parameter {
            conflictsWith = List.copyOf(conflictsWith);
            if (min.compareTo(current) > 0 || current.compareTo(max) > 0) {
                throw new IllegalArgumentException("current of parameter " + name + " (" + current.toPlainString()
                        + ") must lie between its min (" + min.toPlainString() + ") and its max ("
                        + max.toPlainString() + ")");
            }
            if (maxStep.signum() <= 0) {
                throw new IllegalArgumentException(
                        "max_step of parameter " + name + " (" + maxStep.toPlainString() + ") must be above 0");
            }
            if (cooldownMillis < 0) {
                throw new IllegalArgumentException("cooldown of parameter " + name + " must not be negative");
            }
        }

        /** Whether either forbids to change both at once. */
        public boolean conflictsWith(Parameter other) {
            return conflictsWith.contains(other.name) || other.conflictsWith.contains(name);
        }
    }
}
