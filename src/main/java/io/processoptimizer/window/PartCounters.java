package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The ever-growing counters of one step, as readings pass by in the order of event time: the first reading of a counter is the
 * baseline, from then on what was made is the difference to the reading before, and a lower one is a reset, of which the new reading
 * is what was made since.
 *
 * <p>Where a step counts all of its parts and not the good ones, these are what is left without the rejected ones. The two counters may
 * be read at different instants, so a reject waits for the parts that are counted next: each part counts once, as good or as reject, and
 * neither is ever negative, so that windows beside each other sum up to the one that holds them. A reject counter cannot reject more parts
 * than were counted since it began, and one that begins anew has none that wait: so a reading that jumps up, or down and up again, does
 * not make rejects of all the parts to come.
 */
final class PartCounters {
    static final int GOOD = 0;
    static final int REJECT = 1;
    static final int PROCESSED = 2;
    static final int KINDS = 3;

    private static final long ABSENT = TelemetryEvent.ABSENT;

    private final long[] last = new long[KINDS];
    private final long[] made = new long[KINDS];

    /** Rejects that were read, of parts that are not counted yet; ≥ 0, at most the last reading of their counter. */
    private long waiting;

    /** Good parts since the reject counter began: no more can turn out to be rejects. */
    private long rejectable;

    private long good;
    private long reject;

    PartCounters() {
        begin();
    }

    void begin() {
        Arrays.fill(last, ABSENT);
        Arrays.fill(made, 0);
        waiting = 0;
        rejectable = 0;
    }

    void copyFrom(PartCounters other) {
        System.arraycopy(other.last, 0, last, 0, KINDS);
        waiting = other.waiting;
        rejectable = other.rejectable;
    }

    /** Takes readings of one instant, each ≥ 0 or ABSENT; whether parts count by them. */
    boolean read(long goodReading, long rejectReading, long processedReading) {
        boolean rejectsBegin =
                rejectReading != ABSENT && rejectReading < last[REJECT]; // never of the first: ABSENT is the least
        take(GOOD, goodReading);
        take(REJECT, rejectReading);
        take(PROCESSED, processedReading);
        if (rejectsBegin) {
            waiting = 0;
            rejectable = 0;
        }
        if (last[GOOD] == ABSENT && last[PROCESSED] != ABSENT) {
            settle();
        } else {
            good = made[GOOD];
            reject = made[REJECT];
        }
        return (good | reject) != 0;
    }

    /** Of the parts just counted as many are rejects as wait. */
    private void settle() {
        waiting += made[REJECT];
        reject = Math.min(waiting, made[PROCESSED]);
        good = made[PROCESSED] - reject;
        rejectable += good;
        waiting -= reject;
        if (made[PROCESSED] > 0) {
            waiting = Math.min(waiting, rejectable);
        }
    }

    private void take(int kind, long reading) {
        long before = last[kind];
        if (reading == ABSENT) {
            made[kind] = 0;
            return;
        }
        last[kind] = reading;
        if (before == ABSENT) {
            made[kind] = 0;
        } else {
            made[kind] = reading >= before ? reading - before : reading;
        }
    }

    /** Good parts by the last {@link #read}, ≥ 0. */
    long good() {
        return good;
    }

    /** Rejected parts by the last {@link #read}, ≥ 0. */
    long reject() {
        return reject;
    }

    void write(DataOutput out) throws IOException {
        for (long reading : last) {
            Wire.writeNumber(out, reading);
        }
        Wire.writeNumber(out, waiting);
        Wire.writeNumber(out, rejectable);
    }

    void read(DataInput in) throws IOException {
        for (int kind = 0; kind < KINDS; kind++) {
            last[kind] = Wire.readNumber(in);
        }
        Arrays.fill(made, 0);
        waiting = Wire.readNumber(in);
        rejectable = Wire.readNumber(in);
    }
}
