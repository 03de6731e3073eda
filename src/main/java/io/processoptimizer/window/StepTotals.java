package io.processoptimizer.window;

/**
 * What the states of one step come to in a long window, whose runs are not kept. Milliseconds of planned time, all ≥ 0; they sum to the
 * observed part of the window. What the process definition says of minor stops and of planned time is applied already.
 *
 * @param breakdown in stops not shorter than the minor-stop limit
 * @param minorStop in shorter ones; a stop is judged by its whole length, to its end or the window's
 * @param plannedStop {@code PLANNED_STOP}, and time outside the calendar
 * @param failures stops that overlap planned time of the window
 * @param activePeriods uninterrupted active periods that touch the window
 * @param activeMillis their lengths from their true starts, even before the window, to their ends or the window's
 * @param stateSeen whether any state but UNKNOWN was seen
 */
public record StepTotals(
        long running,
        long setup,
        long breakdown,
        long minorStop,
        long starved,
        long blocked,
        long idle,
        long plannedStop,
        long unknown,
        long failures,
        long activePeriods,
        long activeMillis,
        boolean stateSeen) {}
