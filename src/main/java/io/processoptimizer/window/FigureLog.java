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
    private final SortedRows.Row row;
    private final HeldSum held = new HeldSum();

    FigureLog(SortedRows.Row row) {
        this.row = row;
    }

    int size() {
        return rows.size();
    }

    void add(ProcessSnapshot snapshot) {
        rows.begin(snapshot.timestampMillis(), null, row);
        row.set(AVAILABILITY, snapshot.availabilityNano());
        row.set(PERFORMANCE, snapshot.performanceNano());
        row.set(QUALITY, snapshot.qualityNano());
        row.set(THROUGHPUT, snapshot.throughputMilli());
        rows.add(row);
    }

    /** The figures stated in {@code [start, end)}, or null where none was. */
    WindowFacts.@Nullable StatedFigures facts(long start, long end) {
        int from = rows.positionOf(start);
        if (!rows.isBefore(from, end)) {
            return null;
        }
        return new WindowFacts.StatedFigures(
                mean(from, AVAILABILITY, end),
                mean(from, PERFORMANCE, end),
                mean(from, QUALITY, end),
                mean(from, THROUGHPUT, end));
    }

    private StepFacts.@Nullable WeightedSum mean(int from, int column, long end) {
        held.reset();
        for (int next = from; rows.isBefore(next, end); ) {
            next = rows.read(next, row);
            if (row.cell(column) != ABSENT) {
                held.add(row.time(), row.cell(column));
            }
        }
        return held.until(end);
    }

    /** Adds what was stated in {@code [from, to)} to the sums of a window. */
    void readInto(long from, long to, FigureTotals totals) {
        for (int next = rows.positionOf(from); rows.isBefore(next, to); ) {
            next = rows.read(next, row);
            totals.stated();
            for (int column = AVAILABILITY; column <= THROUGHPUT; column++) {
                if (row.cell(column) != ABSENT) {
                    totals.add(column, row.time(), row.cell(column));
                }
            }
        }
    }

    boolean areBefore(long millis) {
        return rows.areBefore(millis);
    }

    void dropBefore(long millis) {
        rows.dropBefore(rows.positionOf(millis));
    }

    void write(DataOutput out) throws IOException {
        rows.write(out);
    }

    void read(DataInput in) throws IOException {
        rows.read(in);
    }
}
