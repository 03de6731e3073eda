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
 * <p>Where a step counts all of its parts and not the good ones, these are what is left without the rejected ones. The two counters may be read at different
 * instants: then a part is good until its reject is read, and the difference is taken from the good ones of that instant.
 */
final class PartCounters {
    static final int GOOD = 0;
    static final int REJECT = 1;
    static final int PROCESSED = 2;
    static final int KINDS = 3;

    private static final long ABSENT = TelemetryEvent.ABSENT;

    private final long[] last = new long[KINDS];
    private final long[] made = new long[KINDS];

    PartCounters() {
        begin();
    }

    void begin() {
        Arrays.fill(last, ABSENT);
        Arrays.fill(made, 0);
    }

    void copyFrom(PartCounters other) {
        System.arraycopy(other.last, 0, last, 0, KINDS);
    }

    /** Takes readings of one instant, each ≥ 0 or ABSENT; whether they say that parts were made since the ones before. */
    boolean read(long good, long reject, long processed) {
        take(GOOD, good);
        take(REJECT, reject);
        take(PROCESSED, processed);
        return (made[GOOD] | made[REJECT] | made[PROCESSED]) != 0;
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

    /** Good parts of the last {@link #read}; negative where only rejects of parts were read that were taken for good before. */
    long good() {
        if (last[GOOD] != ABSENT || last[PROCESSED] == ABSENT) {
            return made[GOOD];
        }
        return made[PROCESSED] - made[REJECT];
    }

    /** Rejected parts of the last {@link #read}. */
    long reject() {
        return made[REJECT];
    }

    void write(DataOutput out) throws IOException {
        for (long reading : last) {
            Wire.writeNumber(out, reading);
        }
    }

    void read(DataInput in) throws IOException {
        for (int kind = 0; kind < KINDS; kind++) {
            last[kind] = Wire.readNumber(in);
        }
        Arrays.fill(made, 0);
    }
}
