package io.processoptimizer.pipeline;

import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * The span of event time in which records may be missing, since the state was lost or the stream deleted them unread. It ends with the
 * first record that is read afterwards: whatever arrives later than that is read, and so is every event later than its arrival and the
 * time that an event may be ahead. Several losses are one span from the first to the last.
 */
final class LostRecords {
    private static final long NEVER = Long.MAX_VALUE;

    private long from = NEVER;
    private long until = Long.MIN_VALUE;

    /** From when on records are missing whose end is not known yet, or NEVER. */
    private long openFrom = NEVER;

    /** Records may be missing whose events lie at {@code fromMillis} or later, up to the next one that is read. */
    void begin(long fromMillis) {
        openFrom = Math.min(openFrom, fromMillis);
    }

    /** A record that arrived then is read. */
    void readOn(long arrivalMillis, long maxFutureMillis) {
        if (openFrom != NEVER && arrivalMillis != TelemetryEvent.ABSENT) {
            from = Math.min(from, openFrom);
            until = Math.max(until, arrivalMillis + maxFutureMillis);
            openFrom = NEVER;
        }
    }

    /** Whether a window may lack facts. */
    boolean touch(long startMillis, long endMillis) {
        return startMillis < until && endMillis > from;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(from);
        out.writeLong(until);
        out.writeLong(openFrom);
    }

    /** Adds what {@link #write} wrote. */
    void read(DataInput in) throws IOException {
        from = Math.min(from, in.readLong());
        until = Math.max(until, in.readLong());
        openFrom = Math.min(openFrom, in.readLong());
    }
}
