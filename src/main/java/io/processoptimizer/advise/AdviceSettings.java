package io.processoptimizer.advise;

import io.processoptimizer.emit.Adjustment;

/**
 * When advice is asked for, and what becomes of it.
 *
 * @param window name of the window definition that is advised on: the default one
 * @param when which of its results
 * @param cooldownMillis event time between two pieces of advice for one process, milliseconds ≥ 0
 * @param mode what consumers of adjustments may do
 * @param maxAgeMillis an adjustment expires so long after the arrival of the record that closed its window, milliseconds > 0
 * @param effectDelayMillis event time that carrying out an adjustment is given before its effect is measured, milliseconds ≥ 0
 * @param effectWindows how many windows before are compared with as many after, ≥ 2
 * @param maxProcesses processes whose last advice is remembered, ≥ 1: no fewer than a shard may hold
 * @param efficiency what to expect of a process
 * @param briefed whether models outside are told of results, for which the course of each process is remembered
 */
public record AdviceSettings(
        String window,
        When when,
        long cooldownMillis,
        Adjustment.Mode mode,
        long maxAgeMillis,
        long effectDelayMillis,
        int effectWindows,
        int maxProcesses,
        EfficiencyPort efficiency,
        boolean briefed) {
    private static final long MILLIS_PER_MINUTE = 60_000;

    public AdviceSettings {
        if (cooldownMillis < 0) {
            throw new IllegalArgumentException(
                    "advice.cooldown must not be negative, but is " + cooldownMillis + " ms");
        }
        if (maxAgeMillis <= 0) {
            throw new IllegalArgumentException("adjustment.max_age must be positive, but is " + maxAgeMillis + " ms");
        }
        if (effectDelayMillis < 0 || effectWindows < 2) {
            throw new IllegalArgumentException("adjustment.effect_delay (" + effectDelayMillis
                    + " ms) must not be negative, adjustment.effect_windows (" + effectWindows
                    + ") must be at least 2");
        }
        if (maxProcesses < 1) {
            throw new IllegalArgumentException("maxProcesses must be at least 1, not " + maxProcesses);
        }
    }

    /** Everything by default, for the window of this name. */
    public static AdviceSettings defaults(String window) {
        return new AdviceSettings(
                window,
                When.BELOW_TARGET_OR_CONSTRAINT,
                15 * MILLIS_PER_MINUTE,
                Adjustment.Mode.ADVISORY,
                15 * MILLIS_PER_MINUTE,
                5 * MILLIS_PER_MINUTE,
                6,
                20_000,
                EfficiencyPort.NONE,
                false);
    }

    /** The same with a model in this process. */
    public AdviceSettings expecting(EfficiencyPort model) {
        return with(maxProcesses, model, briefed);
    }

    /** The same for models outside that are told of results. */
    public AdviceSettings briefing() {
        return with(maxProcesses, efficiency, true);
    }

    /** The same for another number of processes. */
    public AdviceSettings of(int processes) {
        return with(processes, efficiency, briefed);
    }

    private AdviceSettings with(int processes, EfficiencyPort model, boolean isBriefed) {
        return new AdviceSettings(
                window,
                when,
                cooldownMillis,
                mode,
                maxAgeMillis,
                effectDelayMillis,
                effectWindows,
                processes,
                model,
                isBriefed);
    }

    /** Which results are grounds for advice. */
    public enum When {
        /** OEE is below its target. */
        BELOW_TARGET,
        /** A constraint is named with at least medium confidence. */
        CONSTRAINT,
        /** Either of the two. */
        BELOW_TARGET_OR_CONSTRAINT,
        /** Every one. */
        ALWAYS,
        /** None. */
        NEVER
    }
}
