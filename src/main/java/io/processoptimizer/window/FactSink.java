package io.processoptimizer.window;

import io.processoptimizer.event.StepState;
import org.jspecify.annotations.Nullable;

/** Takes what a sweep over a step's rows meets: states in segments, and what happens at an instant in the state that begins there. */
interface FactSink extends TimelineSweep.SegmentListener {
    // Eight values of one row, of which a carrier object would be an allocation for each.
    /** Parts of one product and one stated ideal cycle; those of a correction are differences of either sign; {@code startupReject} is contained in {@code reject}. */
    void parts(
            long time,
            StepState state,
            @Nullable String product,
            long idealCycle,
            long good,
            long reject,
            long startupReject,
            long rework);

    /** So many of the rejects that {@link #parts} takes next were not stated to be start-up rejects. */
    void inferredStartupRejects(long time, StepState state, long rejects);

    void energy(long time, StepState state, long milliwattHours);

    /** An observed cycle time, microseconds. */
    void cycle(long micros);

    /** A stated utilization, billionths. */
    void utilization(long time, long nano);
}
