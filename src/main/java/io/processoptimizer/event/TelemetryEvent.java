package io.processoptimizer.event;

import org.jspecify.annotations.Nullable;

/**
 * One canonical observation of one step, as a reusable slot: a decoder fills it, the window engine copies what it needs,
 * and the slot is filled again. It is the one mutable carrier of the hot path, so that a record costs no allocation;
 * nobody may keep a reference to it beyond the call that hands it over.
 *
 * <p>Units: times in epoch milliseconds, durations in milliseconds, cycle times in microseconds per part, energy in
 * milliwatt-hours, utilization in billionths. A numeric fact that the record does not state is {@link #ABSENT}; counts that
 * are not stated are 0.
 */
public final class TelemetryEvent {
    /** Marks a numeric fact that the record does not state. */
    public static final long ABSENT = Long.MIN_VALUE;

    /** The step of an event that names none. */
    public static final String SINGLE_STEP = "_";

    /** Billionths in one: the scale of {@link #utilizationNano} and of the ratios of a {@link ProcessSnapshot}. */
    public static final long NANO = 1_000_000_000L;

    /** Never empty; the same String instance for the same name within one decoder. */
    public String processId = "";

    /** Never empty; {@link #SINGLE_STEP} where the record names none. */
    public String stepId = SINGLE_STEP;

    public long timestampMillis;

    /** Null where the record states no state. */
    public @Nullable StepState state;

    /** Length of the claimed interval, ≥ 0, or {@link #ABSENT}: then the state holds until the step's next one. */
    public long durationMillis = ABSENT;

    /** Null where the record names none: the step's product holds. */
    public @Nullable String product;

    /** Observed seconds per part, as microseconds > 0, or {@link #ABSENT}. */
    public long cycleTimeMicros = ABSENT;

    /** Ideal seconds per part for the parts of this event, as microseconds > 0, or {@link #ABSENT}. */
    public long idealCycleMicros = ABSENT;

    /** Parts, each ≥ 0 unless this is a correction; {@link #startupReject} is contained in {@link #reject}. */
    public long good;

    public long reject;
    public long startupReject;
    public long rework;

    /**
     * Readings of ever-growing counters, each ≥ 0 or {@link #ABSENT}: good parts, rejected parts, and all parts whatever became of
     * them. What was made is the difference to the step's reading before; a lower reading is a reset.
     */
    public long goodTotal = ABSENT;

    public long rejectTotal = ABSENT;
    public long processedTotal = ABSENT;

    /** Milliwatt-hours ≥ 0, or {@link #ABSENT}. */
    public long energyMilliwattHours = ABSENT;

    /** Stated utilization in billionths, 0 … {@link #NANO}, or {@link #ABSENT}. */
    public long utilizationNano = ABSENT;

    /** The digest of the producer's id for this event, for removing duplicates; {@link EventId#NONE} where it gives none. */
    public long eventId = EventId.NONE;

    /**
     * Whether the event corrects what was said before: it is taken into any pane that is still retained, its counts are differences, and the
     * interval that it claims goes before all states that machines stated for it.
     */
    public boolean correction;

    /** Empties the slot before the next record. */
    public void reset() {
        processId = "";
        stepId = SINGLE_STEP;
        timestampMillis = 0;
        state = null;
        durationMillis = ABSENT;
        product = null;
        cycleTimeMicros = ABSENT;
        idealCycleMicros = ABSENT;
        good = 0;
        reject = 0;
        startupReject = 0;
        rework = 0;
        goodTotal = ABSENT;
        rejectTotal = ABSENT;
        processedTotal = ABSENT;
        energyMilliwattHours = ABSENT;
        utilizationNano = ABSENT;
        eventId = EventId.NONE;
        correction = false;
    }

    /** Whether the event counts any part. */
    public boolean hasParts() {
        return (good | reject | startupReject | rework) != 0;
    }

    /** Whether the event says anything of what happened but a state. */
    public boolean hasFactsBesideState() {
        return hasParts()
                || hasCounters()
                || product != null
                || energyMilliwattHours != ABSENT
                || utilizationNano != ABSENT
                || cycleTimeMicros != ABSENT;
    }

    /** Whether the event states the reading of any ever-growing counter. */
    public boolean hasCounters() {
        return goodTotal != ABSENT || rejectTotal != ABSENT || processedTotal != ABSENT;
    }
}
