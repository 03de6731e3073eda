package io.processoptimizer.window;

/**
 * Bounds of one process's state; what would exceed them is refused with a reason.
 *
 * @param steps a line has tens of stations, a typo in a producer makes thousands
 * @param samplesPerStep retained events of one step: the horizon (window + lateness) at the fastest sensible rate
 * @param eventIds retained event ids of the process
 */
public record WindowLimits(int steps, int samplesPerStep, int eventIds) {
    public static final WindowLimits DEFAULT = new WindowLimits(256, 100_000, 1_000_000);

    public WindowLimits {
        if (steps < 1 || samplesPerStep < 1 || eventIds < 1) {
            throw new IllegalArgumentException("limits must be at least 1: " + steps + " steps, " + samplesPerStep
                    + " samples a step, " + eventIds + " event ids");
        }
    }
}
