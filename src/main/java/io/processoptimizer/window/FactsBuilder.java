package io.processoptimizer.window;

import io.processoptimizer.event.Calendar;
import io.processoptimizer.event.StepState;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Collects the facts of one step as a sweep passes over them, in a pane, or in a window by joining its panes. Reused: what was collected
 * before is forgotten at each beginning.
 */
final class FactsBuilder implements FactSink {
    /** Room to begin with, of one for each pane of each step. */
    static final int OF_A_PANE = 2;

    /** Room to begin with, of one that a whole shard uses. */
    static final int OF_ALL_WINDOWS = 32;

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
        public void inferredStartupRejects(long time, StepState state, long rejects) {}

        @Override
        public void energy(long time, StepState state, long milliwattHours) {}

        @Override
        public void cycle(long micros) {}

        @Override
        public void utilization(long time, long nano) {}
    };

    private @Nullable TimelineSweep sweep;
    private @Nullable Calendar calendar;

    private long[] starts;
    private StepState[] states;
    private int runs;
    private long firstStateSince;
    private long firstActiveSince;

    private final StepSums sums;

    private long[] cycles;
    private int cycleCount;

    private final HeldSum utilization = new HeldSum();
    private boolean hasFacts;

    FactsBuilder(int room) {
        starts = new long[room];
        states = new StepState[room];
        sums = new StepSums(room);
        cycles = new long[room];
    }

    /** Begins to collect what a sweep passes over; parts are told by the calendar of the definition in force. */
    void begin(TimelineSweep passing, @Nullable Calendar inForce) {
        begin();
        sweep = passing;
        calendar = inForce;
    }

    /** Begins to join what others have collected. */
    void begin() {
        runs = 0;
        sums.clear();
        cycleCount = 0;
        utilization.reset();
        hasFacts = false;
    }

    /** Joins the facts of the time that follows. */
    void append(FactsBuilder next) {
        appendRuns(next);
        sums.add(next.sums);
        if (cycleCount + next.cycleCount > cycles.length) {
            cycles = Arrays.copyOf(cycles, 2 * (cycleCount + next.cycleCount));
        }
        System.arraycopy(next.cycles, 0, cycles, cycleCount, next.cycleCount);
        cycleCount += next.cycleCount;
        utilization.append(next.utilization);
        hasFacts |= next.hasFacts;
    }

    private void appendRuns(FactsBuilder next) {
        if (next.runs == 0) {
            return;
        }
        if (runs == 0) {
            firstStateSince = next.firstStateSince;
            firstActiveSince = next.firstActiveSince;
        }
        int from = runs > 0 && states[runs - 1] == next.states[0] ? 1 : 0;
        int more = next.runs - from;
        if (runs + more > starts.length) {
            starts = Arrays.copyOf(starts, 2 * (runs + more));
            states = Arrays.copyOf(states, 2 * (runs + more));
        }
        System.arraycopy(next.starts, from, starts, runs, more);
        System.arraycopy(next.states, from, states, runs, more);
        runs += more;
    }

    @Override
    public void segment(StepState state, long from, long to) {
        if (Objects.requireNonNull(sweep).isInferred()) {
            sums.inferredSetup(calendar == null ? to - from : calendar.plannedMillis(from, to));
        }
        if (runs > 0 && states[runs - 1] == state) {
            return;
        }
        if (runs == 0) {
            TimelineSweep passing = Objects.requireNonNull(sweep);
            firstStateSince = passing.stateSince();
            firstActiveSince = state.isActive() ? passing.activeSince() : from;
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
        if (isUnplanned(time, state)) {
            sums.unplanned(good);
            return;
        }
        hasFacts = true;
        sums.parts(product, idealCycle, good, reject, startupReject, rework);
    }

    private boolean isUnplanned(long time, StepState state) {
        return state == StepState.PLANNED_STOP || (calendar != null && !calendar.isPlanned(time));
    }

    @Override
    public void inferredStartupRejects(long time, StepState state, long rejects) {
        if (!isUnplanned(time, state)) {
            sums.inferredStartupRejects(rejects);
        }
    }

    @Override
    public void energy(long time, StepState state, long milliwattHours) {
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

    /** All that was used, milliwatt-hours. */
    long energy() {
        return sums.energyRunning() + sums.energyOther();
    }

    /** Whether the step holds anything in the window: a part, a figure, energy, or a moment in a known state. */
    boolean hasFacts() {
        return hasFacts;
    }

    /**
     * What was collected until the window's {@code end}.
     *
     * @param partialStart whether the step's first event ever lies inside the window
     */
    StepFacts build(String stepId, long end, boolean partialStart) {
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
                observedCycle(),
                null,
                sums.inferred());
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
