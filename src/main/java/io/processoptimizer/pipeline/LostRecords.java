package io.processoptimizer.pipeline;

import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Until when in event time records may be missing, since the state was lost or the stream deleted them unread. A missing record can be
 * of any age, as far as its process still had a window open for it: so every window that begins before and closes from now on may lack
 * facts, however early it began. The time ends with the first record that is read afterwards, or where the shard has nothing left to
 * read: whatever arrives later than that is read, and so is every event later than its arrival and the time that an event may be ahead.
 *
 * <p>What a later window carries in is not marked: a step's state or active period that a missing record would have ended is taken to
 * last until the step is next heard of, and a step that was never heard of counts as new.
 */
final class LostRecords {
    private long until = Long.MIN_VALUE;

    /** Whether nothing has been read since the last loss, so that its end is not known yet. */
    private boolean open;

    /** Records may be missing up to the next one that is read. */
    void begin() {
        open = true;
    }

    /** Everything that arrived since the loss, and from this instant on, is read. */
    void readOn(long arrivalMillis, long maxFutureMillis) {
        if (open && arrivalMillis != TelemetryEvent.ABSENT) {
            until = Math.max(until, arrivalMillis + maxFutureMillis);
            open = false;
        }
    }

    /** Whether a window that closes now may lack facts. */
    boolean touch(long startMillis) {
        return open || startMillis < until;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(until);
        out.writeBoolean(open);
    }

    /** Adds what {@link #write} wrote. */
    void read(DataInput in) throws IOException {
        until = Math.max(until, in.readLong());
        open |= in.readBoolean();
    }
}
