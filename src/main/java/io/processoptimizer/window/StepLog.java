package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The retained events of one step, sorted by event time, and the state of the step before the first of them. What a window holds
 * is read off by one sweep over its rows, pane by pane ({@link StepPanes}).
 */
final class StepLog {
    /**
     * The state's code in the low bits; above them, whether the row is a correction, and how long before its row the claim began (where its
     * beginning was cut off).
     */
    private static final int STATE = 0;

    private static final int STATE_MASK = 7;
    private static final int CORRECTION = 8;
    private static final int CUT_SHIFT = 4;

    private static final int DURATION = 1;
    private static final int GOOD = 2;
    private static final int REJECT = 3;
    private static final int STARTUP_REJECT = 4;
    private static final int REWORK = 5;
    private static final int IDEAL_CYCLE = 6;
    private static final int CYCLE = 7;
    private static final int ENERGY = 8;
    private static final int UTILIZATION = 9;

    /** The readings of {@link PartCounters}, from here on. */
    private static final int COUNTERS = 10;

    /** Columns of parts. */
    private static final int PARTS = 1 << GOOD | 1 << REJECT | 1 << STARTUP_REJECT | 1 << REWORK;

    private static final int ALL_COUNTERS = ((1 << PartCounters.KINDS) - 1) << COUNTERS;

    private static final long NO_STATE = -1;
    private static final long NO_STATE_BUT_A_CORRECTION = -2;
    private static final long ABSENT = TelemetryEvent.ABSENT;
    private static final long[] UNSTATED = {
        NO_STATE, ABSENT, 0, 0, 0, 0, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT, ABSENT
    };

    private final String stepId;
    private final SortedRows rows = new SortedRows(UNSTATED);

    /** The sweep up to the first retained row; begun once rows have been folded into it. */
    private final TimelineSweep folded = new TimelineSweep();

    private boolean hasFolded;
    private long firstEvent;
    private final StepPanes panes;

    StepLog(String stepId, WindowPolicy policy) {
        this.stepId = stepId;
        panes = new StepPanes(this, policy);
    }

    String stepId() {
        return stepId;
    }

    int size() {
        return rows.size();
    }

    /** Adds an event with all its facts. */
    void add(TelemetryEvent event) {
        StepState state = event.state;
        int row = insert(event.timestampMillis, event.product);
        long none = event.correction ? NO_STATE_BUT_A_CORRECTION : NO_STATE;
        rows.set(row, STATE, state == null ? none : state.code() | (event.correction ? CORRECTION : 0));
        rows.set(row, DURATION, event.durationMillis);
        rows.set(row, GOOD, event.good);
        rows.set(row, REJECT, event.reject);
        rows.set(row, STARTUP_REJECT, event.startupReject);
        rows.set(row, REWORK, event.rework);
        rows.set(row, IDEAL_CYCLE, event.idealCycleMicros);
        rows.set(row, CYCLE, event.cycleTimeMicros);
        rows.set(row, ENERGY, event.energyMilliwattHours);
        rows.set(row, UTILIZATION, event.utilizationNano);
        rows.set(row, COUNTERS + PartCounters.GOOD, event.goodTotal);
        rows.set(row, COUNTERS + PartCounters.REJECT, event.rejectTotal);
        rows.set(row, COUNTERS + PartCounters.PROCESSED, event.processedTotal);
    }

    /** Adds nothing but a claim of {@code [start, end)}, from {@code from} on: its beginning is past its lateness. */
    void addRestOfClaim(StepState state, long from, long start, long end, boolean corrects) {
        int row = insert(from, null);
        rows.set(row, STATE, (from - start) << CUT_SHIFT | (corrects ? CORRECTION : 0) | state.code());
        rows.set(row, DURATION, end - from);
    }

    /** Adds what a process snapshot says of the step. */
    void addReading(long time, long utilizationNano, long cycleTimeMicros) {
        int row = insert(time, null);
        rows.set(row, UTILIZATION, utilizationNano);
        rows.set(row, CYCLE, cycleTimeMicros);
    }

    private int insert(long time, @Nullable String product) {
        if (!hasFolded && (rows.size() == 0 || time < firstEvent)) {
            firstEvent = time;
        }
        panes.rowAt(time);
        return rows.insert(time, product);
    }

    /** Whether the step had been seen before {@code millis}. */
    boolean seenBefore(long millis) {
        return (hasFolded || rows.size() > 0) && firstEvent < millis;
    }

    /**
     * Reads the facts of the window {@code [start, end)} off; the step must have been seen before its end.
     *
     * @param process the definition in force at the window's start; {@code before} tells the rules before
     */
    StepFacts facts(long start, long end, ProcessDefinition process, RulesInForce before, FactsBuilder window) {
        window.begin();
        panes.joinTo(window, start, end, process, before);
        return window.build(stepId, end, firstEvent > start);
    }

    /** Moves a sweep that has passed all rows before {@code fromRow} on to {@code to}; returns the first row that is not passed. */
    int passOver(long to, int fromRow, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        int row = fromRow;
        while (row < rows.size() && rows.time(row) < to) {
            long time = rows.time(row);
            sweep.advance(time, inForce, sink);
            int behind = applyClaims(row, time, sweep);
            StepState state = sweep.stateNow();
            for (; row < behind; row++) {
                readFacts(row, state, inForce, sweep, sink);
            }
        }
        sweep.advance(to, inForce, sink);
        return row;
    }

    /** Sets a sweep to before the first retained row. */
    void resumeAtFold(TimelineSweep sweep) {
        if (hasFolded) {
            sweep.copyFrom(folded);
        } else {
            sweep.begin(firstEvent);
        }
    }

    /** The sweep that has passed what is folded. */
    TimelineSweep folded() {
        return folded;
    }

    /** Sets a sweep to {@code to}, or to the first event where that is later; returns the first row that is not passed. */
    int passBefore(long to, RulesInForce rules, TimelineSweep sweep) {
        resumeAtFold(sweep);
        int row = 0;
        while (sweep.now() < to) {
            long at = sweep.now();
            row = passSilently(rules.endOf(at, to), row, rules.at(at), sweep);
        }
        return row;
    }

    /** {@link #passOver} for what nobody wants to know. */
    private int passSilently(long to, int fromRow, ProcessDefinition inForce, TimelineSweep sweep) {
        int row = fromRow;
        while (row < rows.size() && rows.time(row) < to) {
            long time = rows.time(row);
            sweep.advance(time, inForce, (state, from, until) -> {});
            int behind = applyClaims(row, time, sweep);
            for (; row < behind; row++) {
                String product = rows.label(row);
                if (product != null) {
                    sweep.product(product);
                }
                readIdealCycle(row, sweep);
                readCounters(row, sweep.counters());
            }
        }
        sweep.advance(to, inForce, (state, from, until) -> {});
        return row;
    }

    /** Applies the claims of all rows of one instant, for what happens at an instant happens in the state that begins there. */
    private int applyClaims(int fromRow, long time, TimelineSweep sweep) {
        boolean signals = false;
        int row = fromRow;
        for (; row < rows.size() && rows.time(row) == time; row++) {
            long state = (rows.columnsSet(row) & 1 << STATE) == 0 ? NO_STATE : rows.cell(row, STATE);
            if (state < 0) {
                signals = true;
                continue;
            }
            StepState claimed = StepState.ofCode((int) state & STATE_MASK);
            long duration = rows.cell(row, DURATION);
            if ((state & CORRECTION) != 0 && duration > 0) {
                sweep.correct(claimed, time - (state >> CUT_SHIFT), duration);
            } else {
                signals = true;
                sweep.claim(claimed, time - (state >> CUT_SHIFT), duration);
            }
        }
        if (signals) {
            sweep.signal();
        }
        return row;
    }

    /** Whether the state is unknown at the end of a window and stays so until the step's next record; {@code sweep} is used up. */
    boolean staysUnknownFrom(
            long start, long end, ProcessDefinition process, RulesInForce before, TimelineSweep sweep) {
        if (!rowsAreBefore(end)) {
            return false;
        }
        passSilently(end, passBefore(start, before, sweep), process, sweep);
        return sweep.staysUnknown(process.signalTimeoutMillis());
    }

    private boolean rowsAreBefore(long millis) {
        return rows.size() == 0 || rows.time(rows.size() - 1) < millis;
    }

    private void readFacts(int row, StepState state, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        String product = rows.label(row);
        if (product != null) {
            sweep.product(product);
        }
        readIdealCycle(row, sweep);
        PartCounters counters = sweep.counters();
        boolean counted = readCounters(row, counters);
        int set = rows.columnsSet(row);
        if (counted || (set & PARTS) != 0) {
            boolean corrects = isCorrection(row);
            long reject = rows.cell(row, REJECT) + (counted ? counters.reject() : 0);
            long startupReject = rows.cell(row, STARTUP_REJECT);
            if (reject > startupReject && !corrects && sweep.isStartingUp(state, inForce)) {
                sink.inferredStartupRejects(rows.time(row), state, reject - startupReject);
                startupReject = reject;
            }
            sink.parts(
                    rows.time(row),
                    state,
                    sweep.product(),
                    corrects ? sweep.idealCycle() : rows.cell(row, IDEAL_CYCLE),
                    rows.cell(row, GOOD) + (counted ? counters.good() : 0),
                    reject,
                    startupReject,
                    rows.cell(row, REWORK));
        }
        if ((set & 1 << ENERGY) != 0) {
            sink.energy(state, rows.cell(row, ENERGY));
        }
        if ((set & 1 << CYCLE) != 0) {
            sink.cycle(rows.cell(row, CYCLE));
        }
        if ((set & 1 << UTILIZATION) != 0) {
            sink.utilization(rows.time(row), rows.cell(row, UTILIZATION));
        }
    }

    private void readIdealCycle(int row, TimelineSweep sweep) {
        if ((rows.columnsSet(row) & 1 << IDEAL_CYCLE) != 0) {
            sweep.idealCycle(rows.cell(row, IDEAL_CYCLE));
        }
    }

    /** Parts of a correction are of the kind that was made. */
    private boolean isCorrection(int row) {
        if ((rows.columnsSet(row) & 1 << STATE) == 0) {
            return false;
        }
        long state = rows.cell(row, STATE);
        return state == NO_STATE_BUT_A_CORRECTION || (state >= 0 && (state & CORRECTION) != 0);
    }

    /** Takes the readings of a row over; whether parts were made since the ones before. */
    private boolean readCounters(int row, PartCounters counters) {
        if ((rows.columnsSet(row) & ALL_COUNTERS) == 0) {
            return false;
        }
        return counters.read(
                rows.cell(row, COUNTERS + PartCounters.GOOD),
                rows.cell(row, COUNTERS + PartCounters.REJECT),
                rows.cell(row, COUNTERS + PartCounters.PROCESSED));
    }

    /** Folds the rows before {@code millis}, which no window can change or read any more, into the state carried in. */
    void foldBefore(long millis, RulesInForce rules) {
        if (!seenBefore(millis)) {
            return;
        }
        for (long at = hasFolded ? folded.now() : firstEvent; at < millis; ) {
            long cut = rules.endOf(at, millis);
            foldInto(cut, rules.at(at), FactsBuilder.NOTHING);
            at = cut;
        }
    }

    /** The same under the rules of one definition, and hands what is folded to a sink, which reads {@link #folded()}. */
    void foldInto(long millis, ProcessDefinition inForce, FactSink sink) {
        if (!seenBefore(millis) || (hasFolded && folded.now() >= millis)) {
            return;
        }
        if (!hasFolded) {
            folded.begin(firstEvent);
            hasFolded = true;
        }
        int folding = passOver(millis, 0, inForce, folded, sink);
        rows.dropFirst(folding);
        panes.rowsDropped(folding, millis);
    }

    void write(DataOutput out) throws IOException {
        out.writeBoolean(hasFolded);
        out.writeLong(firstEvent);
        if (hasFolded) {
            folded.write(out);
        }
        rows.write(out);
    }

    void read(DataInput in) throws IOException {
        hasFolded = in.readBoolean();
        firstEvent = in.readLong();
        if (hasFolded) {
            folded.read(in);
        }
        rows.read(in);
        panes.clear();
    }
}
