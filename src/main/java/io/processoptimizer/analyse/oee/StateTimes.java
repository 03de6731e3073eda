package io.processoptimizer.analyse.oee;

/**
 * Time by state, in milliseconds, all ≥ 0. Planned time is the sum of all but {@code plannedStopMillis}; all of it sums to the
 * observed part of the window.
 *
 * @param plannedMillis PBT, planned busy time
 * @param runningMillis APT, actual production time
 * @param setupMillis AUST, actual unit set-up time
 * @param downMillis ADET, actual down time, minor stops included
 */
public record StateTimes(
        long plannedMillis,
        long runningMillis,
        long setupMillis,
        long downMillis,
        long starvedMillis,
        long blockedMillis,
        long idleMillis,
        long plannedStopMillis,
        long unknownMillis) {
    public static final StateTimes NONE = new StateTimes(0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** AUBT, actual unit busy time: the time in which the step did not wait. */
    public long activeMillis() {
        return runningMillis + setupMillis + downMillis;
    }
}
