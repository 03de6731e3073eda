package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What all steps of a process use together, pane by pane, and the pane of the highest use: the earliest of equal ones. The steps come one
 * after the other, so the sums of panes are kept until all have come; then the highest is all that is left of them, and what is kept does
 * not grow with a window's length.
 */
final class EnergyPanes {
    private static final int FIRST_PANES = 8;

    private final long paneMillis;

    /** Milliwatt-hours of the panes from that of {@code from} on that are not settled. */
    private long[] sums = new long[FIRST_PANES];

    private int count;
    private long from;

    /** Of the settled panes: milliwatt-hours, 0 where none used any; the start of the pane; its length, which may be that of an earlier setting. */
    private long highest;

    private long highestAt;
    private long highestMillis;

    EnergyPanes(long paneMillis) {
        this.paneMillis = paneMillis;
    }

    /** Begins with the pane of {@code start}. */
    void begin(long start) {
        Arrays.fill(sums, 0, count, 0);
        count = 0;
        from = start;
        highest = 0;
        highestAt = 0;
        highestMillis = paneMillis;
    }

    /** Goes on where another one stands that is settled. */
    void goOnFrom(EnergyPanes other) {
        begin(other.from);
        highest = other.highest;
        highestAt = other.highestAt;
        highestMillis = other.highestMillis;
    }

    /** Adds what a step used in the pane of {@code millis}, which is not settled. */
    void add(long millis, long milliwattHours) {
        int pane = Math.toIntExact(Math.floorDiv(millis, paneMillis) - Math.floorDiv(from, paneMillis));
        if (pane >= sums.length) {
            sums = Arrays.copyOf(sums, Math.max(pane + 1, sums.length * 2));
        }
        count = Math.max(count, pane + 1);
        sums[pane] += milliwattHours;
    }

    /** All steps have come up to {@code millis}, the end of a pane. */
    void settle(long millis) {
        for (int pane = 0; pane < count; pane++) {
            if (isHigher(sums[pane])) {
                highest = sums[pane];
                highestAt = (Math.floorDiv(from, paneMillis) + pane) * paneMillis;
                highestMillis = paneMillis;
            }
        }
        Arrays.fill(sums, 0, count, 0);
        count = 0;
        from = millis;
    }

    /** By power, where the panes had another length before. */
    private boolean isHigher(long milliwattHours) {
        return highestMillis == paneMillis
                ? milliwattHours > highest
                : (double) milliwattHours / paneMillis > (double) highest / highestMillis;
    }

    /** The highest of the settled panes, or null where none used any. */
    WindowFacts.@Nullable EnergyPeak peak() {
        return highest == 0 ? null : new WindowFacts.EnergyPeak(highestAt, highestMillis, highest);
    }

    /** Writes what is settled: to be asked between two folds, when all is. */
    void write(DataOutput out) throws IOException {
        out.writeLong(from);
        Wire.writeNumber(out, highest);
        Wire.writeNumber(out, highestAt);
        Wire.writeNumber(out, highestMillis);
    }

    void read(DataInput in) throws IOException {
        begin(in.readLong());
        highest = Wire.readNumber(in);
        highestAt = Wire.readNumber(in);
        highestMillis = Wire.readNumber(in);
    }
}
