package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Σ of values that each hold until the next. */
final class HeldSum {
    private long sum;
    private long weight;
    private long since;

    /** Of the first value; not kept in a snapshot, for what is kept is never appended. */
    private long first;

    private long held = TelemetryEvent.ABSENT;

    void reset() {
        sum = 0;
        weight = 0;
        since = 0;
        held = TelemetryEvent.ABSENT;
    }

    void copyFrom(HeldSum other) {
        sum = other.sum;
        weight = other.weight;
        since = other.since;
        first = other.first;
        held = other.held;
    }

    void add(long time, long value) {
        if (held == TelemetryEvent.ABSENT) {
            first = time;
        }
        close(time);
        held = value;
        since = time;
    }

    /** Adds the values of the time that follows. */
    void append(HeldSum next) {
        if (next.held == TelemetryEvent.ABSENT) {
            return;
        }
        if (held == TelemetryEvent.ABSENT) {
            first = next.first;
        }
        close(next.first);
        sum += next.sum;
        weight += next.weight;
        held = next.held;
        since = next.since;
    }

    private void close(long time) {
        if (held != TelemetryEvent.ABSENT) {
            sum += held * (time - since);
            weight += time - since;
        }
    }

    /** The sum, the last value holding to {@code end}, or null where there was none; to be asked once. */
    StepFacts.@Nullable WeightedSum until(long end) {
        if (held == TelemetryEvent.ABSENT) {
            return null;
        }
        close(end);
        return new StepFacts.WeightedSum(sum, weight);
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(held);
        if (held != TelemetryEvent.ABSENT) {
            out.writeLong(sum);
            out.writeLong(weight);
            out.writeLong(since);
        }
    }

    void read(DataInput in) throws IOException {
        reset();
        held = in.readLong();
        if (held != TelemetryEvent.ABSENT) {
            sum = in.readLong();
            weight = in.readLong();
            since = in.readLong();
        }
    }
}
