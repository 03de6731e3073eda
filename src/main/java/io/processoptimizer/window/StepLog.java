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

    /** The row in hand; shared by all steps of a shard. */
    private final SortedRows.Row row;

    /** The sweep up to the first retained row; begun once rows have been folded into it. */
    private final TimelineSweep folded = new TimelineSweep();

    private boolean hasFolded;
    private long firstEvent;
    private final StepPanes panes;

    /** The panes have swept up to here. */
    private long sweptTo = Long.MIN_VALUE;

    StepLog(String stepId, WindowPolicy policy, SortedRows.Row row) {
        this.stepId = stepId;
        this.row = row;
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
        begin(event.timestampMillis, event.product);
        long none = event.correction ? NO_STATE_BUT_A_CORRECTION : NO_STATE;
        row.set(STATE, state == null ? none : state.code() | (event.correction ? CORRECTION : 0));
        row.set(DURATION, event.durationMillis);
        row.set(GOOD, event.good);
        row.set(REJECT, event.reject);
        row.set(STARTUP_REJECT, event.startupReject);
        row.set(REWORK, event.rework);
        row.set(IDEAL_CYCLE, event.idealCycleMicros);
        row.set(CYCLE, event.cycleTimeMicros);
        row.set(ENERGY, event.energyMilliwattHours);
        row.set(UTILIZATION, event.utilizationNano);
        row.set(COUNTERS + PartCounters.GOOD, event.goodTotal);
        row.set(COUNTERS + PartCounters.REJECT, event.rejectTotal);
        row.set(COUNTERS + PartCounters.PROCESSED, event.processedTotal);
        rows.add(row);
    }

    /** Adds nothing but a claim of {@code [start, end)}, from {@code from} on: its beginning is past its lateness. */
    void addRestOfClaim(StepState state, long from, long start, long end, boolean corrects) {
        begin(from, null);
        row.set(STATE, (from - start) << CUT_SHIFT | (corrects ? CORRECTION : 0) | state.code());
        row.set(DURATION, end - from);
        rows.add(row);
    }

    /** Adds what a process snapshot says of the step. */
    void addReading(long time, long utilizationNano, long cycleTimeMicros) {
        begin(time, null);
        row.set(CYCLE, cycleTimeMicros);
        row.set(UTILIZATION, utilizationNano);
        rows.add(row);
    }

    private void begin(long time, @Nullable String product) {
        if (!hasFolded && (rows.size() == 0 || time < firstEvent)) {
            firstEvent = time;
        }
        if (time < sweptTo) {
            panes.rowBehind();
            sweptTo = Long.MIN_VALUE;
        }
        rows.begin(time, product, row);
    }

    /** Whether the step had been seen before {@code millis}. */
    boolean seenBefore(long millis) {
        return (hasFolded || rows.size() > 0) && firstEvent < millis;
    }

    /**
     * Reads the facts of the window {@code [start, end)} off; the step must have been seen before its end.
     *
     * @param process the definition in force at the window's start; {@code before} tells the rules before
     * @param window is used up; {@code energy} takes what was used in each pane
     */
    StepFacts facts(
            long start,
            long end,
            ProcessDefinition process,
            RulesInForce before,
            FactsBuilder window,
            EnergyPanes energy) {
        window.begin();
        panes.joinTo(window, energy, start, end, process, before);
        return window.build(stepId, end, firstEvent > start);
    }

    /** The panes have passed all rows before {@code millis}, and wait to hear of others. */
    void sweptTo(long millis) {
        sweptTo = millis;
    }

    /** Moves a sweep on to {@code to}, from the first row on that it has not passed, which is looked for from the last one on. */
    void passOver(long to, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        int unused = passOver(to, rows.positionOf(sweep.now()), inForce, sweep, sink);
    }

    /** The same from a position of {@link SortedRows} on; returns that of the first row that is not passed then. */
    private int passOver(long to, int from, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        int next = from;
        while (rows.isBefore(next, to)) {
            int behind = rows.read(next, row);
            long time = row.time();
            sweep.advance(time, inForce, sink);
            if (rows.isBefore(behind, time + 1)) {
                next = passInstant(next, time, inForce, sweep, sink);
                continue;
            }
            if (applyClaim(sweep)) {
                sweep.signal();
            }
            readFacts(sweep.stateNow(), inForce, sweep, sink);
            next = behind;
        }
        sweep.advance(to, inForce, sink);
        return next;
    }

    /** Several rows of one instant: what happens at an instant happens in the state that begins there, by the claims of all of them. */
    private int passInstant(int from, long time, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        boolean signals = false;
        for (int next = from; rows.isBefore(next, time + 1); ) {
            next = rows.read(next, row);
            signals |= applyClaim(sweep);
        }
        if (signals) {
            sweep.signal();
        }
        StepState state = sweep.stateNow();
        int next = from;
        while (rows.isBefore(next, time + 1)) {
            next = rows.read(next, row);
            readFacts(state, inForce, sweep, sink);
        }
        return next;
    }

    /** Sets a sweep to before the first retained row. */
    void resumeAtFold(TimelineSweep sweep) {
        if (hasFolded) {
            sweep.copyFrom(folded);
        } else {
            sweep.begin(firstEvent);
        }
    }

    /** What is before is folded away; the least time there is where nothing is. */
    long foldedTo() {
        return hasFolded ? folded.now() : Long.MIN_VALUE;
    }

    /** The sweep that has passed what is folded. */
    TimelineSweep folded() {
        return folded;
    }

    /** Sets a sweep to {@code to}, or to the first event where that is later. */
    void passBefore(long to, RulesInForce rules, TimelineSweep sweep) {
        resumeAtFold(sweep);
        int next = rows.first();
        while (sweep.now() < to) {
            long at = sweep.now();
            next = passOver(rules.endOf(at, to), next, rules.at(at), sweep, FactsBuilder.NOTHING);
        }
    }

    /** Applies what the row in hand claims; whether it is a sign of life. */
    private boolean applyClaim(TimelineSweep sweep) {
        long state = row.cell(STATE);
        if (state < 0) {
            return true;
        }
        StepState claimed = StepState.ofCode((int) state & STATE_MASK);
        long start = row.time() - (state >> CUT_SHIFT);
        long duration = row.cell(DURATION);
        if ((state & CORRECTION) != 0 && duration > 0) {
            sweep.correct(claimed, start, duration);
            return false;
        }
        sweep.claim(claimed, start, duration);
        return true;
    }

    /**
     * Whether the state is unknown at the end of a window and stays so until the step's next record; {@code sweep} is used up. Not where the
     * window has rows: parts and what corrections take of them may come to nothing in it, and to something in a window that holds fewer.
     */
    boolean staysUnknownFrom(
            long start, long end, ProcessDefinition process, RulesInForce before, TimelineSweep sweep) {
        if (!rows.areBefore(start)) {
            return false;
        }
        passBefore(start, before, sweep);
        passOver(end, process, sweep, FactsBuilder.NOTHING);
        return sweep.staysUnknown(process.signalTimeoutMillis());
    }

    /** What the row in hand says beside its claim. */
    private void readFacts(StepState state, ProcessDefinition inForce, TimelineSweep sweep, FactSink sink) {
        String product = row.label();
        if (product != null) {
            sweep.product(product);
        }
        readIdealCycle(sweep);
        PartCounters counters = sweep.counters();
        boolean counted = readCounters(counters);
        int set = row.columnsSet();
        if (counted || (set & PARTS) != 0) {
            boolean corrects = isCorrection();
            long reject = row.cell(REJECT) + (counted ? counters.reject() : 0);
            long startupReject = row.cell(STARTUP_REJECT);
            if (reject > startupReject && !corrects && sweep.isStartingUp(state, inForce)) {
                sink.inferredStartupRejects(row.time(), state, reject - startupReject);
                startupReject = reject;
            }
            sink.parts(
                    row.time(),
                    state,
                    sweep.product(),
                    corrects ? sweep.idealCycle() : row.cell(IDEAL_CYCLE),
                    row.cell(GOOD) + (counted ? counters.good() : 0),
                    reject,
                    startupReject,
                    row.cell(REWORK));
        }
        if ((set & 1 << ENERGY) != 0) {
            sink.energy(row.time(), state, row.cell(ENERGY));
        }
        if ((set & 1 << CYCLE) != 0) {
            sink.cycle(row.cell(CYCLE));
        }
        if ((set & 1 << UTILIZATION) != 0) {
            sink.utilization(row.time(), row.cell(UTILIZATION));
        }
    }

    private void readIdealCycle(TimelineSweep sweep) {
        if ((row.columnsSet() & 1 << IDEAL_CYCLE) != 0) {
            sweep.idealCycle(row.cell(IDEAL_CYCLE));
        }
    }

    /** Parts of a correction are of the kind that was made. */
    private boolean isCorrection() {
        if ((row.columnsSet() & 1 << STATE) == 0) {
            return false;
        }
        long state = row.cell(STATE);
        return state == NO_STATE_BUT_A_CORRECTION || (state >= 0 && (state & CORRECTION) != 0);
    }

    /** Takes the readings of the row in hand over; whether parts were made since the ones before. */
    private boolean readCounters(PartCounters counters) {
        if ((row.columnsSet() & ALL_COUNTERS) == 0) {
            return false;
        }
        return counters.read(
                row.cell(COUNTERS + PartCounters.GOOD),
                row.cell(COUNTERS + PartCounters.REJECT),
                row.cell(COUNTERS + PartCounters.PROCESSED));
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
        int folding = passOver(millis, rows.first(), inForce, folded, sink);
        rows.dropBefore(folding);
        panes.rowsDropped(millis);
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
        sweptTo = Long.MIN_VALUE;
    }
}
