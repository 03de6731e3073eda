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
 * The state of one step as time passes over its claims, in stream order. A claim is an interval {@code [t, t + duration)}, or an
 * open state {@code [t, ∞)}. At any instant the claim with the latest start wins, of equal starts the later in the stream; where a
 * claim ends, the one below it holds again, else the state is UNKNOWN. An open state turns UNKNOWN where no event of the step came
 * for longer than the signal timeout, and holds again from the next event on.
 *
 * <p>A correction's interval goes before all claims that are none, as if it had begun after them; it is a person's word on a machine, so it
 * is no sign of life of the machine.
 *
 * <p>Two things are inferred where the definition in force asks for it: that a stop is a changeover, from the product's change in it on, and
 * when the step started up, which is where it runs again after a changeover, a planned stop, or a stop that is no minor one.
 *
 * <p>An open state hides everything before it for good, and a claim hides those before it that end no later, so the claims that
 * can still surface form a stack with falling ends. Cost: O(1) per claim, amortised.
 */
final class TimelineSweep {
    /** Claims nested deeper than any machine reports; beyond it the longest is forgotten, so that the state stays bounded. */
    static final int MAX_NESTED_CLAIMS = 64;

    private static final long OPEN = Long.MAX_VALUE;

    private static final long NEVER = Long.MIN_VALUE;

    /** What a correction's beginning is put later by: by more than all times that there are. */
    private static final long CORRECTION = 1L << 60;

    /** Takes the segments that a sweep passes over: contiguous, in order, not yet merged. */
    @FunctionalInterface
    interface SegmentListener {
        void segment(StepState state, long from, long to);
    }

    private long now;
    private long lastSignal;
    private @Nullable String product;

    /** The ideal cycle that was stated last of this product, or ABSENT. */
    private long idealCycle;

    private final PartCounters counters = new PartCounters();

    /** Later starts and earlier ends on top; the topmost holds. */
    private int depth;

    private long[] claimStarts = new long[2];
    private long[] claimEnds = new long[2];
    private StepState[] claimStates = new StepState[2];

    /** What the claims say, before anything is inferred, and since when. */
    private @Nullable StepState claimed;

    private long claimedSince;

    /** When the product changed last; {@link #NEVER} before the first change. */
    private long productChangedAt = NEVER;

    /** Whether the step has stopped so that it has to start up; it starts up from {@link #startedUpAt} on. */
    private boolean mustStartUp;

    private long startedUpAt = NEVER;
    private boolean isInferred;

    /** The state of the run that ends at {@code now}; null before the first segment. */
    private @Nullable StepState state;

    private long stateSince;
    private long activeSince;

    /** Begins at the step's first event. */
    void begin(long firstEvent) {
        now = firstEvent;
        lastSignal = firstEvent;
        product = null;
        idealCycle = TelemetryEvent.ABSENT;
        counters.begin();
        depth = 0;
        claimed = null;
        claimedSince = firstEvent;
        productChangedAt = NEVER;
        mustStartUp = false;
        startedUpAt = NEVER;
        state = null;
        stateSince = firstEvent;
        activeSince = firstEvent;
    }

    void copyFrom(TimelineSweep other) {
        now = other.now;
        lastSignal = other.lastSignal;
        product = other.product;
        idealCycle = other.idealCycle;
        counters.copyFrom(other.counters);
        depth = other.depth;
        if (claimEnds.length < other.depth) {
            claimStarts = new long[other.claimEnds.length];
            claimEnds = new long[other.claimEnds.length];
            claimStates = new StepState[other.claimStates.length];
        }
        System.arraycopy(other.claimStarts, 0, claimStarts, 0, depth);
        System.arraycopy(other.claimEnds, 0, claimEnds, 0, depth);
        System.arraycopy(other.claimStates, 0, claimStates, 0, depth);
        claimed = other.claimed;
        claimedSince = other.claimedSince;
        productChangedAt = other.productChangedAt;
        mustStartUp = other.mustStartUp;
        startedUpAt = other.startedUpAt;
        state = other.state;
        stateSince = other.stateSince;
        activeSince = other.activeSince;
    }

    long now() {
        return now;
    }

    @Nullable
    String product() {
        return product;
    }

    /** The readings of the step's counters so far. */
    PartCounters counters() {
        return counters;
    }

    long stateSince() {
        return stateSince;
    }

    /** Start of the active period that reaches {@code now}; meaningless where the state is not active. */
    long activeSince() {
        return activeSince;
    }

    /** Moves on to {@code to}; every segment passed has positive length. */
    void advance(long to, ProcessDefinition inForce, SegmentListener listener) {
        while (now < to) {
            dropEndedClaims();
            StepState current;
            long until;
            if (depth == 0) {
                current = StepState.UNKNOWN;
                until = to;
            } else if (claimEnds[depth - 1] != OPEN) {
                current = claimStates[depth - 1];
                until = Math.min(to, claimEnds[depth - 1]);
            } else {
                long silentFrom = silentFrom(inForce.signalTimeoutMillis());
                boolean silent = now >= silentFrom;
                current = silent ? StepState.UNKNOWN : claimStates[depth - 1];
                until = silent ? to : Math.min(to, silentFrom);
            }
            current = inferred(current, inForce);
            enter(current, inForce.minorStopMillis());
            listener.segment(current, now, until);
            now = until;
        }
    }

    /** What a claimed state that begins or goes on now comes to. */
    private StepState inferred(StepState current, ProcessDefinition inForce) {
        if (current != claimed) {
            claimed = current;
            claimedSince = now;
        }
        boolean stopped = current == StepState.DOWN || current == StepState.IDLE;
        isInferred = stopped
                && productChangedAt >= claimedSince
                && inForce.inference().changeover();
        return isInferred ? StepState.SETUP : current;
    }

    /** Whether the segment that is being passed is a changeover that nobody stated. */
    boolean isInferred() {
        return isInferred;
    }

    private void enter(StepState next, long minorStop) {
        if (next == state) {
            return;
        }
        mustStartUp |= endsAStop(minorStop);
        if (next == StepState.RUNNING && mustStartUp) {
            mustStartUp = false;
            startedUpAt = now;
        }
        if (next.isActive() && (state == null || !state.isActive())) {
            activeSince = now;
        }
        state = next;
        stateSince = now;
    }

    /** Whether the step has to start up after the present state, where that ends now. */
    private boolean endsAStop(long minorStop) {
        return state == StepState.SETUP
                || state == StepState.PLANNED_STOP
                || (state == StepState.DOWN && now - stateSince >= minorStop);
    }

    /** Whether what happens now, in a state that begins or goes on now, happens while the step is starting up. */
    boolean isStartingUp(StepState stateNow, ProcessDefinition inForce) {
        long length = inForce.inference().startupMillis();
        if (length == 0) {
            return false;
        }
        boolean startsNow = stateNow == StepState.RUNNING
                && state != StepState.RUNNING
                && (mustStartUp || endsAStop(inForce.minorStopMillis()));
        return startsNow || (startedUpAt != NEVER && now - startedUpAt < length);
    }

    /**
     * A row's claim takes effect now. It began now too, unless its beginning was cut off: then claims that began after it stay on top.
     *
     * @param start when the claim began, at or before now
     * @param durationMillis how long it goes on from now; 0 does nothing, negative: open
     */
    void claim(StepState claimed, long start, long durationMillis) {
        claim(claimed, start, durationMillis, false);
    }

    /** The same of an interval that corrects what was claimed of its time, &gt; 0 long. */
    void correct(StepState claimed, long start, long durationMillis) {
        claim(claimed, start + CORRECTION, durationMillis, true);
    }

    private void claim(StepState claimed, long start, long durationMillis, boolean corrects) {
        if (durationMillis == 0) {
            return;
        }
        boolean open = durationMillis < 0;
        long end = open ? OPEN : now + durationMillis;
        if (!open && !corrects) {
            lastSignal = Math.max(lastSignal, end);
        }
        dropEndedClaims();
        int at = depth;
        while (at > 0 && claimStarts[at - 1] > start) {
            at--;
        }
        boolean hidden = at < depth && claimEnds[at] >= end;
        if (hidden) {
            return;
        }
        int below = at;
        while (below > 0 && claimEnds[below - 1] <= end) {
            below--;
        }
        insert(below, at, claimed, start, end);
    }

    /** Puts a claim in the place of the claims {@code [from, to)} of the stack. */
    private void insert(int from, int to, StepState claimed, long start, long end) {
        int above = depth - to;
        if (from + 1 + above > claimEnds.length) {
            claimStarts = Arrays.copyOf(claimStarts, claimEnds.length * 2);
            claimStates = Arrays.copyOf(claimStates, claimEnds.length * 2);
            claimEnds = Arrays.copyOf(claimEnds, claimEnds.length * 2);
        }
        if (above > 0) {
            replace(claimStarts, to, from + 1, above);
            replace(claimEnds, to, from + 1, above);
            replace(claimStates, to, from + 1, above);
        }
        claimStarts[from] = start;
        claimEnds[from] = end;
        claimStates[from] = claimed;
        depth = from + 1 + above;
        if (depth > MAX_NESTED_CLAIMS) {
            depth--;
            replace(claimStarts, 1, 0, depth);
            replace(claimEnds, 1, 0, depth);
            replace(claimStates, 1, 0, depth);
        }
    }

    @SuppressWarnings("SuspiciousSystemArraycopy") // one array type at a time
    private static void replace(Object array, int from, int to, int length) {
        System.arraycopy(array, from, array, to, length);
    }

    /** An event of the step, of whatever content, came now. */
    void signal() {
        lastSignal = Math.max(lastSignal, now);
    }

    @SuppressWarnings("ReferenceEquality") // mostly the same instance; else a look at the characters
    void product(String named) {
        if (named != product && !named.equals(product)) {
            productChangedAt = product == null ? productChangedAt : now;
            product = named;
            idealCycle = TelemetryEvent.ABSENT;
        }
    }

    void idealCycle(long micros) {
        idealCycle = micros;
    }

    long idealCycle() {
        return idealCycle;
    }

    /** The state that begins now, all claims of this instant being known. */
    StepState stateNow() {
        dropEndedClaims();
        return depth == 0 ? StepState.UNKNOWN : claimStates[depth - 1];
    }

    /** Whether no claim is left but an open one that is UNKNOWN or silent: nothing changes without another event. */
    boolean staysUnknown(long signalTimeout) {
        dropEndedClaims();
        if (depth == 0) {
            return true;
        }
        boolean unknown = claimStates[depth - 1] == StepState.UNKNOWN || now >= silentFrom(signalTimeout);
        return claimEnds[depth - 1] == OPEN && unknown;
    }

    private void dropEndedClaims() {
        while (depth > 0 && claimEnds[depth - 1] <= now) {
            depth--;
        }
    }

    private long silentFrom(long signalTimeout) {
        long silentFrom = lastSignal + signalTimeout;
        // NO_TIMEOUT, and whatever else is for ever, overflows.
        return silentFrom < lastSignal ? Long.MAX_VALUE : silentFrom;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(now);
        out.writeLong(lastSignal);
        Wire.writeName(out, product);
        Wire.writeNumber(out, idealCycle);
        counters.write(out);
        out.writeByte(depth);
        for (int i = 0; i < depth; i++) {
            out.writeLong(claimStarts[i]);
            out.writeLong(claimEnds[i]);
            out.writeByte(claimStates[i].code());
        }
        out.writeByte(claimed == null ? -1 : claimed.code());
        out.writeLong(claimedSince);
        out.writeLong(productChangedAt);
        out.writeBoolean(mustStartUp);
        out.writeLong(startedUpAt);
        out.writeByte(state == null ? -1 : state.code());
        out.writeLong(stateSince);
        out.writeLong(activeSince);
    }

    void read(DataInput in) throws IOException {
        now = in.readLong();
        lastSignal = in.readLong();
        product = Wire.readName(in);
        idealCycle = Wire.readNumber(in);
        counters.read(in);
        depth = in.readByte();
        claimStarts = new long[Math.max(2, depth)];
        claimEnds = new long[Math.max(2, depth)];
        claimStates = new StepState[Math.max(2, depth)];
        for (int i = 0; i < depth; i++) {
            claimStarts[i] = in.readLong();
            claimEnds[i] = in.readLong();
            claimStates[i] = StepState.ofCode(in.readByte());
        }
        int claimedCode = in.readByte();
        claimed = claimedCode < 0 ? null : StepState.ofCode(claimedCode);
        claimedSince = in.readLong();
        productChangedAt = in.readLong();
        mustStartUp = in.readBoolean();
        startedUpAt = in.readLong();
        int code = in.readByte();
        state = code < 0 ? null : StepState.ofCode(code);
        stateSince = in.readLong();
        activeSince = in.readLong();
    }
}
