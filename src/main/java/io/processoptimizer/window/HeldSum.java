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
        held = other.held;
    }

    void add(long time, long value) {
        close(time);
        held = value;
        since = time;
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
