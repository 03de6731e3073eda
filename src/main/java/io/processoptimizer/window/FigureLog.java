package io.processoptimizer.window;

import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The retained figures that a process stated of itself, sorted by event time. */
final class FigureLog {
    private static final int AVAILABILITY = 0;
    private static final int PERFORMANCE = 1;
    private static final int QUALITY = 2;
    private static final int THROUGHPUT = 3;
    private static final long ABSENT = TelemetryEvent.ABSENT;

    private final SortedRows rows = new SortedRows(ABSENT, ABSENT, ABSENT, ABSENT);
    private final HeldSum held = new HeldSum();

    int size() {
        return rows.size();
    }

    void add(ProcessSnapshot snapshot) {
        int row = rows.insert(snapshot.timestampMillis(), null);
        rows.set(row, AVAILABILITY, snapshot.availabilityNano());
        rows.set(row, PERFORMANCE, snapshot.performanceNano());
        rows.set(row, QUALITY, snapshot.qualityNano());
        rows.set(row, THROUGHPUT, snapshot.throughputMilli());
    }

    /** The figures stated in {@code [start, end)}, or null where none was. */
    WindowFacts.@Nullable StatedFigures facts(long start, long end) {
        int from = 0;
        while (from < rows.size() && rows.time(from) < start) {
            from++;
        }
        int behind = from;
        while (behind < rows.size() && rows.time(behind) < end) {
            behind++;
        }
        if (from == behind) {
            return null;
        }
        return new WindowFacts.StatedFigures(
                mean(from, behind, AVAILABILITY, end),
                mean(from, behind, PERFORMANCE, end),
                mean(from, behind, QUALITY, end),
                mean(from, behind, THROUGHPUT, end));
    }

    private StepFacts.@Nullable WeightedSum mean(int from, int behind, int column, long end) {
        held.reset();
        for (int row = from; row < behind; row++) {
            long value = rows.cell(row, column);
            if (value != ABSENT) {
                held.add(rows.time(row), value);
            }
        }
        return held.until(end);
    }

    /** Adds what was stated in {@code [from, to)} to the sums of a window. */
    void readInto(long from, long to, FigureTotals totals) {
        for (int row = 0; row < rows.size() && rows.time(row) < to; row++) {
            if (rows.time(row) < from) {
                continue;
            }
            totals.stated();
            for (int column = AVAILABILITY; column <= THROUGHPUT; column++) {
                long value = rows.cell(row, column);
                if (value != ABSENT) {
                    totals.add(column, rows.time(row), value);
                }
            }
        }
    }

    boolean areBefore(long millis) {
        return rows.size() == 0 || rows.time(rows.size() - 1) < millis;
    }

    void dropBefore(long millis) {
        int stale = 0;
        while (stale < rows.size() && rows.time(stale) < millis) {
            stale++;
        }
        rows.dropFirst(stale);
    }

    void write(DataOutput out) throws IOException {
        rows.write(out);
    }

    void read(DataInput in) throws IOException {
        rows.read(in);
    }
}
