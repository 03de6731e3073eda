package io.processoptimizer.window;

import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one step in one window {@code [start, end)}: its state runs, parts, energy and stated figures. All integers;
 * nothing in here is rounded or divided. What happens at an instant happens in the state that begins there, all records of the instant
 * being known; its product is the one that it names, or else the last one named before it, in the order of time and then of the stream.
 *
 * @param stepId the step
 * @param timeline its states, from the later of the window's start and the step's first event, to the window's end
 * @param parts parts made in planned time, by product and by the ideal cycle that the events stated; in no particular order but a
 *     deterministic one
 * @param unplannedGood good parts made during {@code PLANNED_STOP} or outside the calendar
 * @param energyRunningMilliwattHours energy reported while RUNNING
 * @param energyOtherMilliwattHours energy reported in every other state
 * @param utilization stated utilization, time-weighted, or null where none was stated in the window
 * @param observedCycle observed cycle times stated in the window
 * @param totals of a long window, what its states come to: then there are no runs in the timeline; else null
 * @param inferred what of this no machine said
 */
public record StepFacts(
        String stepId,
        Timeline timeline,
        List<PartCounts> parts,
        long unplannedGood,
        long energyRunningMilliwattHours,
        long energyOtherMilliwattHours,
        @Nullable WeightedSum utilization,
        @Nullable ObservedCycle observedCycle,
        @Nullable StepTotals totals,
        Inferred inferred) {

    /** Facts of which nothing is inferred. */
    public StepFacts(
            String stepId,
            Timeline timeline,
            List<PartCounts> parts,
            long unplannedGood,
            long energyRunningMilliwattHours,
            long energyOtherMilliwattHours,
            @Nullable WeightedSum utilization,
            @Nullable ObservedCycle observedCycle,
            @Nullable StepTotals totals) {
        this(
                stepId,
                timeline,
                parts,
                unplannedGood,
                energyRunningMilliwattHours,
                energyOtherMilliwattHours,
                utilization,
                observedCycle,
                totals,
                Inferred.NOTHING);
    }

    /** Facts of a window whose runs are kept. */
    public StepFacts(
            String stepId,
            Timeline timeline,
            List<PartCounts> parts,
            long unplannedGood,
            long energyRunningMilliwattHours,
            long energyOtherMilliwattHours,
            @Nullable WeightedSum utilization,
            @Nullable ObservedCycle observedCycle) {
        this(
                stepId,
                timeline,
                parts,
                unplannedGood,
                energyRunningMilliwattHours,
                energyOtherMilliwattHours,
                utilization,
                observedCycle,
                null);
    }

    /**
     * What is contained in the times and parts though no machine said it.
     *
     * @param setupMillis planned time of changeovers that are told by a change of the product
     * @param startupRejects rejects that are told by the time since the step started up
     * @param starvedMillis planned time of waiting for input that is told by the step before
     * @param blockedMillis planned time of waiting for room that is told by the step behind
     */
    public record Inferred(long setupMillis, long startupRejects, long starvedMillis, long blockedMillis) {
        public static final Inferred NOTHING = new Inferred(0, 0, 0, 0);

        /** What a step's own records let be inferred: no neighbour is looked at. */
        public Inferred(long setupMillis, long startupRejects) {
            this(setupMillis, startupRejects, 0, 0);
        }

        /** The same with waiting. */
        public Inferred waiting(long starved, long blocked) {
            return new Inferred(setupMillis, startupRejects, starved, blocked);
        }
    }

    /** The same with other states, which are inferred in part. */
    public StepFacts told(Timeline states, Inferred told) {
        return new StepFacts(
                stepId,
                states,
                parts,
                unplannedGood,
                energyRunningMilliwattHours,
                energyOtherMilliwattHours,
                utilization,
                observedCycle,
                totals,
                told);
    }

    /**
     * The runs of equal state of a step, contiguous and maximal, clipped to the window. Run i spans
     * {@code [starts[i], starts[i+1])}, the last one to {@code end}. Empty (no run) where the step's first event lies at or after
     * the window's end. The arrays are not copied: treat them as read-only.
     *
     * @param starts epoch milliseconds, strictly rising
     * @param states one per run; neighbours differ
     * @param end the window's end
     * @param firstStateSince the true start of the first run's state, at or before {@code starts[0]}
     * @param firstActiveSince where the first run's state is active: the true start of the uninterrupted active period that it
     *     belongs to, at or before {@code firstStateSince}; else {@code starts[0]}
     * @param partialStart the step's first event ever lies inside the window (after its start)
     */
    @SuppressWarnings(
            "ArrayRecordComponent") // read-only by contract; a copy per window would double the cost of a close
    public record Timeline(
            long[] starts,
            StepState[] states,
            long end,
            long firstStateSince,
            long firstActiveSince,
            boolean partialStart) {
        public Timeline {
            if (starts.length != states.length) {
                throw new IllegalArgumentException(starts.length + " run starts but " + states.length + " states");
            }
        }

        public int runs() {
            return starts.length;
        }

        /** End of run i, exclusive, epoch milliseconds. */
        public long endOf(int run) {
            return run + 1 < starts.length ? starts[run + 1] : end;
        }
    }

    /**
     * Parts of one product that share one stated ideal cycle.
     *
     * @param product null where no product was ever named
     * @param statedIdealCycleMicros microseconds per part as the events stated it, or {@link TelemetryEvent#ABSENT}: look it up
     */
    public record PartCounts(
            @Nullable String product,
            long statedIdealCycleMicros,
            long good,
            long reject,
            long startupReject,
            long rework) {
        /** PQ: all parts processed. */
        public long processed() {
            return good + reject + rework;
        }
    }

    /**
     * A time-weighted sum: each stated value holds until the next one of its step (or process) in the window, the last one to the
     * window's end. The mean is {@code sum / (weight · 10⁹)}.
     *
     * @param sumNanoMillis Σ value in billionths · milliseconds
     * @param weightMillis Σ milliseconds, > 0
     */
    public record WeightedSum(long sumNanoMillis, long weightMillis) {}

    /**
     * Observed cycle times stated in the window.
     *
     * @param count how many
     * @param sumMicros their sum
     * @param fifthPercentileMicros nearest-rank 5th percentile: the learned estimate of an ideal cycle; {@link TelemetryEvent#ABSENT}
     *     of a long window, whose single values are not kept
     */
    public record ObservedCycle(long count, long sumMicros, long fifthPercentileMicros) {}
}
