package io.processoptimizer.simulate;

import io.processoptimizer.event.StepState;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * One station of a running line: its clock, and the queue of its events that are computed but not yet due. The queue holds
 * no more than what lies between this station's clock and the first station's, that is the parts on the line.
 *
 * <p>Times are working milliseconds since the line's start (breaks cut out).
 */
@SuppressWarnings("EnumOrdinal") // packed into a queue slot in memory only
final class Station {

    /** Queue slots at the start; about seven events a part, doubled as needed. */
    private static final int INITIAL_SLOTS = 16;

    private static final StepState[] STATES = StepState.values();
    private static final SerialLine.Cause[] CAUSES = SerialLine.Cause.values();
    private static final SerialLine.Outcome[] OUTCOMES = SerialLine.Outcome.values();

    // A queued event in a long: bit 63 part, else state; 56-62 outcome or state; 48-55 cause; 32-47 product; 0-31 work.
    private static final long PART = 1L << 63;
    private static final int KIND_SHIFT = 56;
    private static final int CAUSE_SHIFT = 48;
    private static final int PRODUCT_SHIFT = 32;
    private static final long LOW_INT = 0xFFFF_FFFFL;

    private final StepDraws draws;
    private final boolean recording;
    private final long[] starts;
    private long parts;
    private long departed;
    private boolean rejected;

    private long[] times = new long[INITIAL_SLOTS];
    private long[] events = new long[INITIAL_SLOTS];
    private int head;
    private int size;
    private StepState lastQueued = StepState.UNKNOWN;
    private int product;

    /** What the station is doing at the event time delivered so far; a break hides it. */
    StepState state = StepState.UNKNOWN;

    SerialLine.Cause cause = SerialLine.Cause.NONE;
    int stateProduct;

    /**
     * @param bufferBefore places between the previous station and this one: how many start times must be remembered
     * @param recording false computes the clock only
     */
    Station(LineSpec line, int step, int bufferBefore, SplittableRandom random, boolean recording) {
        this.draws = new StepDraws(line, step, random);
        this.starts = new long[bufferBefore];
        this.recording = recording;
    }

    /** Departure of the latest part: when the station became free. */
    long departed() {
        return departed;
    }

    /** Whether the latest part was spoilt here. */
    boolean rejected() {
        return rejected;
    }

    /** When the next part to come can be put into the buffer before this station: S(m − B), or D(m − 1) for B = 0. */
    long room() {
        if (starts.length == 0) {
            return departed;
        }
        return parts < starts.length ? 0 : starts[(int) (parts % starts.length)];
    }

    /** Works on the next part, which arrives at {@code arrival}; returns its completion C = max(D, arrival) + T. */
    long work(long arrival, int partProduct) {
        draws.draw(partProduct);
        long start = Math.max(departed, arrival);
        if (start > departed) {
            queueState(departed, StepState.STARVED, SerialLine.Cause.NONE);
        }
        if (starts.length > 0) {
            starts[(int) (parts % starts.length)] = start;
        }
        parts++;
        product = partProduct;
        rejected = draws.reject;
        long at = start;
        if (draws.setupMillis > 0) {
            queueState(at, StepState.SETUP, SerialLine.Cause.CHANGEOVER);
            at += draws.setupMillis;
        }
        if (draws.stopMillis > 0) {
            if (draws.stopAfterMillis > 0) {
                queueState(at, StepState.RUNNING, SerialLine.Cause.NONE);
                at += draws.stopAfterMillis;
            }
            queueState(at, StepState.DOWN, draws.failure ? SerialLine.Cause.BREAKDOWN : SerialLine.Cause.MINOR_STOP);
            at += draws.stopMillis;
            queueState(at, StepState.RUNNING, SerialLine.Cause.NONE);
            at += draws.processingMillis - draws.stopAfterMillis;
        } else {
            queueState(at, StepState.RUNNING, SerialLine.Cause.NONE);
            at += draws.processingMillis;
        }
        queuePart(at);
        return at;
    }

    /** The part completed at {@code completed} leaves at {@code departure}. */
    void leave(long completed, long departure) {
        if (departure > completed) {
            queueState(completed, StepState.BLOCKED, SerialLine.Cause.NONE);
        }
        departed = departure;
    }

    /** Tells that nothing arrives before {@code frontier}. */
    void settle(long frontier) {
        if (departed < frontier) {
            queueState(departed, StepState.STARVED, SerialLine.Cause.NONE);
        }
    }

    /** Slots of the queue. */
    int queueSlots() {
        return times.length;
    }

    /** Time of the first queued event, or {@link Long#MAX_VALUE}. */
    long headTime() {
        return size == 0 ? Long.MAX_VALUE : times[head];
    }

    /**
     * Takes the first queued event. A state is kept as this station's current one and reported unless {@code silent}.
     */
    void deliver(int step, long atMillis, boolean silent, SerialLine.Observer observer) {
        long event = events[head];
        head = (head + 1) & (times.length - 1);
        size--;
        int eventProduct = (int) (event >>> PRODUCT_SHIFT) & 0xFFFF;
        int kind = (int) (event >>> KIND_SHIFT) & 0x7F;
        if (event < 0) {
            observer.part(step, atMillis, eventProduct, OUTCOMES[kind], event & LOW_INT);
        } else {
            state = STATES[kind];
            cause = CAUSES[(int) (event >>> CAUSE_SHIFT) & 0xFF];
            stateProduct = eventProduct;
            if (!silent) {
                observer.state(step, atMillis, state, cause, eventProduct);
            }
        }
    }

    private void queueState(long at, StepState next, SerialLine.Cause why) {
        if (recording && next != lastQueued) {
            lastQueued = next;
            push(
                    at,
                    (long) next.ordinal() << KIND_SHIFT
                            | (long) why.ordinal() << CAUSE_SHIFT
                            | (long) product << PRODUCT_SHIFT);
        }
    }

    private void queuePart(long at) {
        if (recording) {
            SerialLine.Outcome outcome = draws.startup
                    ? SerialLine.Outcome.STARTUP_REJECT
                    : draws.reject ? SerialLine.Outcome.REJECT : SerialLine.Outcome.GOOD;
            push(
                    at,
                    PART
                            | (long) outcome.ordinal() << KIND_SHIFT
                            | (long) product << PRODUCT_SHIFT
                            | Math.min(draws.processingMillis, LOW_INT));
        }
    }

    private void push(long at, long event) {
        if (size == times.length) {
            int old = times.length;
            times = Arrays.copyOf(times, 2 * old);
            events = Arrays.copyOf(events, 2 * old);
            System.arraycopy(times, 0, times, old, head);
            System.arraycopy(events, 0, events, old, head);
        }
        int slot = (head + size) & (times.length - 1);
        times[slot] = at;
        events[slot] = event;
        size++;
    }
}
