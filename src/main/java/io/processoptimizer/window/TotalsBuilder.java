package io.processoptimizer.window;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Sums of one step in a long window, as far as a sweep has come: additive, but for the stop and the active period that are still going
 * on, whose beginnings are kept. Where it is interrupted and gone on with makes no difference to the bit. Its size does not depend on
 * the window's length.
 */
final class TotalsBuilder implements FactSink {
    private static final int STATES = StepState.values().length;

    private final long[] millis = new long[STATES];
    private long breakdown;
    private long minorStop;
    private long failures;

    /** The run that reaches the sweep's present; null before the first. */
    private @Nullable StepState state;

    private long stateSince;
    private long activeSince;

    /** Planned time of the present stop inside the window: whether it is a minor one shows at its end. */
    private long stopMillis;

    private long activePeriods;
    private long activeMillis;
    private boolean stateSeen;

    private final StepSums sums = new StepSums();
    private long cycleCount;
    private long cycleSum;
    private final HeldSum utilization = new HeldSum();
    private boolean hasFacts;

    private ProcessDefinition definition = ProcessDefinition.DEFAULT;
    private @Nullable TimelineSweep sweep;
    private @Nullable EnergyPanes energy;

    /** Says by which definition the following is counted, which sweep hands it over, and what takes the energy of all steps. */
    TotalsBuilder by(ProcessDefinition inForce, TimelineSweep swept, EnergyPanes energyOfAll) {
        definition = inForce;
        sweep = swept;
        energy = energyOfAll;
        return this;
    }

    void reset() {
        Arrays.fill(millis, 0);
        breakdown = 0;
        minorStop = 0;
        failures = 0;
        state = null;
        stateSince = 0;
        activeSince = 0;
        stopMillis = 0;
        activePeriods = 0;
        activeMillis = 0;
        stateSeen = false;
        sums.clear();
        cycleCount = 0;
        cycleSum = 0;
        utilization.reset();
        hasFacts = false;
    }

    void copyFrom(TotalsBuilder other) {
        System.arraycopy(other.millis, 0, millis, 0, STATES);
        breakdown = other.breakdown;
        minorStop = other.minorStop;
        failures = other.failures;
        state = other.state;
        stateSince = other.stateSince;
        activeSince = other.activeSince;
        stopMillis = other.stopMillis;
        activePeriods = other.activePeriods;
        activeMillis = other.activeMillis;
        stateSeen = other.stateSeen;
        sums.copyFrom(other.sums);
        cycleCount = other.cycleCount;
        cycleSum = other.cycleSum;
        utilization.copyFrom(other.utilization);
        hasFacts = other.hasFacts;
    }

    @Override
    public void segment(StepState next, long from, long to) {
        TimelineSweep swept = sweep;
        if (next != state && swept != null) {
            boolean wasActive = state != null && state.isActive();
            endStop(from);
            if (wasActive && !next.isActive()) {
                endActivePeriod(from);
            } else if (next.isActive() && !wasActive) {
                activeSince = swept.activeSince();
            }
            state = next;
            stateSince = swept.stateSince();
            stateSeen |= next != StepState.UNKNOWN;
            hasFacts |= next != StepState.UNKNOWN;
        }
        long planned = definition.plannedMillis(from, to);
        millis[next.code()] += planned;
        if (swept != null && swept.isInferred()) {
            sums.inferredSetup(planned);
        }
        millis[StepState.PLANNED_STOP.code()] += to - from - planned;
        stopMillis += next == StepState.DOWN ? planned : 0;
    }

    private void endStop(long at) {
        if (stopMillis > 0) {
            failures++;
            if (at - stateSince < definition.minorStopMillis()) {
                minorStop += stopMillis;
            } else {
                breakdown += stopMillis;
            }
            stopMillis = 0;
        }
    }

    private void endActivePeriod(long at) {
        activePeriods++;
        activeMillis += at - activeSince;
    }

    @Override
    public void parts(
            long time,
            StepState in,
            @Nullable String product,
            long idealCycle,
            long good,
            long reject,
            long startupReject,
            long rework) {
        if (in == StepState.PLANNED_STOP || !definition.isPlanned(time)) {
            sums.unplanned(good);
        } else {
            hasFacts = true;
            sums.parts(product, idealCycle, good, reject, startupReject, rework);
        }
    }

    @Override
    public void inferredStartupRejects(long time, StepState in, long rejects) {
        if (in != StepState.PLANNED_STOP && definition.isPlanned(time)) {
            sums.inferredStartupRejects(rejects);
        }
    }

    @Override
    public void energy(long time, StepState in, long milliwattHours) {
        hasFacts |= milliwattHours != 0;
        sums.energy(in, milliwattHours);
        if (energy != null) {
            energy.add(time, milliwattHours);
        }
    }

    @Override
    public void cycle(long micros) {
        hasFacts = true;
        cycleCount++;
        cycleSum += micros;
    }

    @Override
    public void utilization(long time, long nano) {
        hasFacts = true;
        utilization.add(time, nano);
    }

    /** Whether the step holds anything in the window: a part, a figure, energy, or a moment in a known state. */
    boolean hasFacts() {
        return hasFacts || sums.unplannedGood() > 0;
    }

    /** The facts of the window, up to whose end the sweep has come. To be asked once. */
    StepFacts build(String stepId, long end, boolean partialStart) {
        endStop(end);
        if (state != null && state.isActive()) {
            endActivePeriod(end);
        }
        StepTotals totals = new StepTotals(
                millis[StepState.RUNNING.code()],
                millis[StepState.SETUP.code()],
                breakdown,
                minorStop,
                millis[StepState.STARVED.code()],
                millis[StepState.BLOCKED.code()],
                millis[StepState.IDLE.code()],
                millis[StepState.PLANNED_STOP.code()],
                millis[StepState.UNKNOWN.code()],
                failures,
                activePeriods,
                activeMillis,
                stateSeen);
        return new StepFacts(
                stepId,
                new StepFacts.Timeline(new long[0], new StepState[0], end, end, end, partialStart),
                sums.partCounts(),
                sums.unplannedGood(),
                sums.energyRunning(),
                sums.energyOther(),
                utilization.until(end),
                cycleCount == 0 ? null : new StepFacts.ObservedCycle(cycleCount, cycleSum, TelemetryEvent.ABSENT),
                totals,
                sums.inferred());
    }

    void write(DataOutput out) throws IOException {
        for (long sum : millis) {
            Wire.writeNumber(out, sum);
        }
        for (long number : new long[] {
            breakdown, minorStop, failures, stopMillis, activePeriods, activeMillis, cycleCount, cycleSum
        }) {
            Wire.writeNumber(out, number);
        }
        out.writeByte(state == null ? -1 : state.code());
        out.writeLong(stateSince);
        out.writeLong(activeSince);
        out.writeBoolean(stateSeen);
        out.writeBoolean(hasFacts);
        sums.write(out);
        utilization.write(out);
    }

    void read(DataInput in) throws IOException {
        for (int i = 0; i < STATES; i++) {
            millis[i] = Wire.readNumber(in);
        }
        breakdown = Wire.readNumber(in);
        minorStop = Wire.readNumber(in);
        failures = Wire.readNumber(in);
        stopMillis = Wire.readNumber(in);
        activePeriods = Wire.readNumber(in);
        activeMillis = Wire.readNumber(in);
        cycleCount = Wire.readNumber(in);
        cycleSum = Wire.readNumber(in);
        int code = in.readByte();
        state = code < 0 ? null : StepState.ofCode(code);
        stateSince = in.readLong();
        activeSince = in.readLong();
        stateSeen = in.readBoolean();
        hasFacts = in.readBoolean();
        sums.read(in);
        utilization.read(in);
    }
}
