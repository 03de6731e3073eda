package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.StepState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Collects the facts of one step in one window; one instance is reused for all steps of a shard. */
final class FactsBuilder implements FactSink {
    private static final int INITIAL = 16;
    /** The 5th percentile stands at rank n/20. */
    private static final int TWENTIETH = 20;

    /** Lets everything pass. */
    static final FactSink NOTHING = new FactSink() {
        @Override
        public void segment(StepState state, long from, long to) {}

        @Override
        public void parts(
                long time,
                StepState state,
                @Nullable String product,
                long idealCycle,
                long good,
                long reject,
                long startupReject,
                long rework) {}

        @Override
        public void energy(StepState state, long milliwattHours) {}

        @Override
        public void cycle(long micros) {}

        @Override
        public void utilization(long time, long nano) {}
    };

    final TimelineSweep sweep = new TimelineSweep();

    private String stepId = "";
    private long end;
    private boolean partialStart;
    private @Nullable Calendar calendar;

    private long[] starts = new long[INITIAL];
    private StepState[] states = new StepState[INITIAL];
    private int runs;
    private long firstStateSince;
    private long firstActiveSince;

    private final StepSums sums = new StepSums();

    private long[] cycles = new long[INITIAL];
    private int cycleCount;

    private final HeldSum utilization = new HeldSum();
    private boolean hasFacts;

    /** Of the process definition in force: parts are told by it. Holds until it is set again. */
    void calendar(@Nullable Calendar inForce) {
        calendar = inForce;
    }

    void begin(String step, long start, long windowEnd, long firstEvent) {
        stepId = step;
        end = windowEnd;
        partialStart = firstEvent > start;
        runs = 0;
        sums.clear();
        cycleCount = 0;
        utilization.reset();
        hasFacts = false;
    }

    @Override
    public void segment(StepState state, long from, long to) {
        if (runs > 0 && states[runs - 1] == state) {
            return;
        }
        if (runs == 0) {
            firstStateSince = sweep.stateSince();
            firstActiveSince = state.isActive() ? sweep.activeSince() : from;
        }
        if (runs == starts.length) {
            starts = Arrays.copyOf(starts, runs * 2);
            states = Arrays.copyOf(states, runs * 2);
        }
        starts[runs] = from;
        states[runs] = state;
        runs++;
        hasFacts |= state != StepState.UNKNOWN;
    }

    @Override
    public void parts(
            long time,
            StepState state,
            @Nullable String product,
            long idealCycle,
            long good,
            long reject,
            long startupReject,
            long rework) {
        if (state == StepState.PLANNED_STOP || (calendar != null && !calendar.isPlanned(time))) {
            sums.unplanned(good);
            return;
        }
        hasFacts = true;
        sums.parts(product, idealCycle, good, reject, startupReject, rework);
    }

    @Override
    public void energy(StepState state, long milliwattHours) {
        hasFacts |= milliwattHours != 0;
        sums.energy(state, milliwattHours);
    }

    @Override
    public void cycle(long micros) {
        hasFacts = true;
        if (cycleCount == cycles.length) {
            cycles = Arrays.copyOf(cycles, cycleCount * 2);
        }
        cycles[cycleCount++] = micros;
    }

    @Override
    public void utilization(long time, long nano) {
        hasFacts = true;
        utilization.add(time, nano);
    }

    /** Whether the step holds anything in the window: a part, a figure, energy, or a moment in a known state. */
    boolean hasFacts() {
        return hasFacts;
    }

    StepFacts build() {
        hasFacts |= sums.unplannedGood() > 0;
        StepFacts.Timeline timeline = new StepFacts.Timeline(
                Arrays.copyOf(starts, runs),
                Arrays.copyOf(states, runs),
                end,
                firstStateSince,
                firstActiveSince,
                partialStart);
        return new StepFacts(
                stepId,
                timeline,
                sums.partCounts(),
                sums.unplannedGood(),
                sums.energyRunning(),
                sums.energyOther(),
                utilization.until(end),
                observedCycle());
    }

    private StepFacts.@Nullable ObservedCycle observedCycle() {
        if (cycleCount == 0) {
            return null;
        }
        long sum = 0;
        for (int i = 0; i < cycleCount; i++) {
            sum += cycles[i];
        }
        int nearestRank = (cycleCount + TWENTIETH - 1) / TWENTIETH;
        return new StepFacts.ObservedCycle(cycleCount, sum, smallest(nearestRank));
    }

    /**
     * The value at a rank from 1 of the cycles, which are put in another order: Hoare's selection, linear on average, with the median of
     * three against orders that come from machines.
     */
    private long smallest(int rank) {
        int from = 0;
        int to = cycleCount - 1;
        int wanted = rank - 1;
        while (from < to) {
            long pivot = medianOfThree(cycles[from], cycles[(from + to) >>> 1], cycles[to]);
            int low = from;
            int high = to;
            while (low <= high) {
                while (cycles[low] < pivot) {
                    low++;
                }
                while (cycles[high] > pivot) {
                    high--;
                }
                if (low <= high) {
                    long swapped = cycles[low];
                    cycles[low++] = cycles[high];
                    cycles[high--] = swapped;
                }
            }
            if (wanted <= high) {
                to = high;
            } else if (wanted >= low) {
                from = low;
            } else {
                return cycles[wanted];
            }
        }
        return cycles[wanted];
    }

    private static long medianOfThree(long a, long b, long c) {
        return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
    }
}
