package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows against a list that is kept sorted, with numbers of all lengths. */
class SortedRowsFuzzTest {
    private static final long[] DEFAULTS = {-1, TelemetryEvent.ABSENT, 0, 0, 7};
    private static final int STEPS = 4_000;
    private static final long FIRST_TIME = 1_767_225_600_000L;

    @SuppressWarnings("ArrayRecordComponent") // compared cell by cell
    private record Row(long time, @Nullable String label, long[] cells) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void holdTheirCellsAsAListDoes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        // Few, tens, hundreds at a time, and others later on.
        int labels = new int[] {3, 40, 4_000}[(int) (seed % 3)];
        // Never, seldom, often: numbers of more than eight bytes.
        int wideOneIn = new int[] {Integer.MAX_VALUE, 2_000, 3}[(int) (seed % 3)];
        // Rows that come among rows of long ago, so that full chunks are split.
        int lateOneIn = new int[] {2, 1_000, 30}[(int) (seed % 3)];
        SortedRows rows = new SortedRows(DEFAULTS);
        SortedRows.Row row = new SortedRows.Row();
        List<Row> expected = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            long time = FIRST_TIME + step * 10L - random.nextInt(random.nextInt(lateOneIn) == 0 ? 5_000 : 60);
            String label = random.nextInt(5) == 0 ? "p" + random.nextInt(labels) : null;
            long[] cells = DEFAULTS.clone();
            int at = expected.size();
            while (at > 0 && expected.get(at - 1).time > time) {
                at--;
            }
            rows.begin(time, label, row);
            // Columns come into use one after the other, in no order.
            for (int column : new int[] {3, 0, 4, 1, 2}) {
                if (random.nextInt(3) == 0 && step > column * 100) {
                    cells[column] = value(random, wideOneIn);
                }
                row.set(column, cells[column]);
            }
            rows.add(row);
            expected.add(at, new Row(time, label, cells));
            if (random.nextInt(100) == 0) {
                int dropped = random.nextInt(Math.min(200, expected.size() + 1));
                rows.dropBefore(position(rows, dropped));
                expected.subList(0, dropped).clear();
            }
            if (random.nextInt(10) == 0) {
                assertFinds(rows, expected, FIRST_TIME + step * 10L - random.nextInt(1_000));
            }
            if (random.nextInt(500) == 0) {
                rows = restored(rows);
            }
            if (random.nextInt(50) == 0) {
                assertSame(rows, expected);
            }
        }
        assertSame(rows, expected);
    }

    /** Of any length in bytes, either sign. */
    private static long value(SplittableRandom random, int longOneIn) {
        return random.nextInt(longOneIn) == 0 ? random.nextLong() : random.nextLong() >> (8 + random.nextInt(56));
    }

    private static int position(SortedRows rows, int row) {
        int position = rows.first();
        for (int i = 0; i < row; i++) {
            position = rows.read(position, new SortedRows.Row());
        }
        return position;
    }

    private static void assertFinds(SortedRows rows, List<Row> expected, long millis) {
        int position = rows.positionOf(millis);
        Row found = expected.stream().filter(r -> r.time >= millis).findFirst().orElse(null);
        assertThat(rows.isBefore(position, Long.MAX_VALUE)).isEqualTo(found != null);
        if (found != null) {
            SortedRows.Row read = new SortedRows.Row();
            int unused = rows.read(position, read);
            assertThat(read.time()).isEqualTo(found.time);
            assertThat(read.label()).isEqualTo(found.label);
        }
    }

    private static void assertSame(SortedRows rows, List<Row> expected) {
        assertThat(rows.size()).isEqualTo(expected.size());
        SortedRows.Row read = new SortedRows.Row();
        int position = rows.first();
        for (int i = 0; i < expected.size(); i++) {
            Row row = expected.get(i);
            assertThat(rows.isBefore(position, row.time)).isFalse();
            assertThat(rows.isBefore(position, row.time + 1)).isTrue();
            position = rows.read(position, read);
            long[] cells = new long[DEFAULTS.length];
            int set = 0;
            for (int column = 0; column < cells.length; column++) {
                cells[column] = read.cell(column);
                set |= cells[column] == DEFAULTS[column] ? 0 : 1 << column;
            }
            assertThat(read.time()).isEqualTo(row.time);
            assertThat(read.label()).isEqualTo(row.label);
            assertThat(Arrays.equals(cells, row.cells)).as("row %d", i).isTrue();
            assertThat(read.columnsSet()).isEqualTo(set);
        }
        assertThat(rows.isBefore(position, Long.MAX_VALUE)).isFalse();
        assertThat(rows.areBefore(Long.MAX_VALUE)).isTrue();
    }

    private static SortedRows restored(SortedRows rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        rows.write(new DataOutputStream(bytes));
        SortedRows restored = new SortedRows(DEFAULTS);
        restored.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return restored;
    }
}
