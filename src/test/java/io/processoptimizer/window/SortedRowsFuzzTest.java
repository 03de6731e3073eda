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

/** Rows against a list that is kept sorted, with values that fit half a long, and now and then one that does not. */
class SortedRowsFuzzTest {
    private static final long[] DEFAULTS = {-1, TelemetryEvent.ABSENT, 0, 0, 7};
    private static final int STEPS = 4_000;

    @SuppressWarnings("ArrayRecordComponent") // compared cell by cell
    private record Row(long time, @Nullable String label, long[] cells) {}

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6})
    void holdTheirCellsAsAListDoes(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        // Never, seldom, often: rows that stay narrow, that become wide, that are so from the first on.
        int wideOneIn = new int[] {Integer.MAX_VALUE, 2_000, 3}[(int) (seed % 3)];
        SortedRows rows = new SortedRows(DEFAULTS);
        List<Row> expected = new ArrayList<>();
        for (int step = 0; step < STEPS; step++) {
            long time = 1_767_225_600_000L + step * 10L - random.nextInt(60);
            String label = random.nextInt(5) == 0 ? "p" + random.nextInt(3) : null;
            long[] cells = DEFAULTS.clone();
            int at = expected.size();
            while (at > 0 && expected.get(at - 1).time > time) {
                at--;
            }
            int row = rows.insert(time, label);
            assertThat(row).isEqualTo(at);
            // Columns come into use one after the other, in no order.
            for (int column : new int[] {3, 0, 4, 1, 2}) {
                if (random.nextInt(3) == 0 && step > column * 100) {
                    cells[column] = random.nextInt(wideOneIn) == 0 ? random.nextLong() : random.nextInt();
                }
                rows.set(row, column, cells[column]);
            }
            expected.add(at, new Row(time, label, cells));
            if (random.nextInt(100) == 0) {
                int dropped = random.nextInt(Math.min(200, expected.size() + 1));
                rows.dropFirst(dropped);
                expected.subList(0, dropped).clear();
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

    private static void assertSame(SortedRows rows, List<Row> expected) {
        assertThat(rows.size()).isEqualTo(expected.size());
        for (int i = 0; i < expected.size(); i++) {
            long[] cells = new long[DEFAULTS.length];
            int set = 0;
            for (int column = 0; column < cells.length; column++) {
                cells[column] = rows.cell(i, column);
                set |= cells[column] == DEFAULTS[column] ? 0 : 1 << column;
            }
            Row row = expected.get(i);
            assertThat(rows.time(i)).isEqualTo(row.time);
            assertThat(rows.label(i)).isEqualTo(row.label);
            assertThat(Arrays.equals(cells, row.cells)).as("row %d", i).isTrue();
            assertThat(rows.columnsSet(i)).isEqualTo(set);
        }
    }

    private static SortedRows restored(SortedRows rows) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        rows.write(new DataOutputStream(bytes));
        SortedRows restored = new SortedRows(DEFAULTS);
        restored.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
        return restored;
    }
}
