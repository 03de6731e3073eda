package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of longs sorted by time; rows of equal time stand in the order in which they came. Each row may carry one label. Columns are
 * arrays of their own, made when a row first sets them to something else than their default: most machines report a few facts only, and
 * there are many machines. Appending is the common case and costs O(1) amortised; an out-of-order insert moves the rows behind it, of
 * which there are few, since disorder is small.
 */
final class SortedRows {
    private static final int INITIAL_ROWS = 8;
    private static final long[] UNUSED = {};

    private final long[] defaults;
    private final long[][] columns;
    private long[] times = new long[INITIAL_ROWS];
    private @Nullable String @Nullable [] labels;
    /** First live row; the ones before it are dropped and reclaimed when the arrays are next compacted. */
    private int head;

    private int tail;

    /** @param defaults what a column holds where a row does not set it, one for each column */
    SortedRows(long... defaults) {
        this.defaults = defaults;
        columns = new long[defaults.length][];
        Arrays.fill(columns, UNUSED);
    }

    int size() {
        return tail - head;
    }

    long time(int row) {
        return times[head + row];
    }

    long cell(int row, int column) {
        long[] cells = columns[column];
        return cells == UNUSED ? defaults[column] : cells[head + row];
    }

    @Nullable
    String label(int row) {
        return labels == null ? null : labels[head + row];
    }

    /** Makes room behind all rows of the same or an earlier time and returns the new row's index; its cells hold their defaults. */
    int insert(long time, @Nullable String label) {
        makeRoom();
        int at = tail;
        while (at > head && times[at - 1] > time) {
            at--;
        }
        int moved = tail - at;
        if (moved > 0) {
            moveBehind(at, moved);
        }
        times[at] = time;
        for (int column = 0; column < columns.length; column++) {
            long[] cells = columns[column];
            if (cells != UNUSED) {
                cells[at] = defaults[column];
            }
        }
        if (label != null && labels == null) {
            labels = new String[times.length];
        }
        if (labels != null) {
            labels[at] = label;
        }
        tail++;
        return at - head;
    }

    private void moveBehind(int at, int rows) {
        System.arraycopy(times, at, times, at + 1, rows);
        for (long[] cells : columns) {
            if (cells != UNUSED) {
                System.arraycopy(cells, at, cells, at + 1, rows);
            }
        }
        if (labels != null) {
            System.arraycopy(labels, at, labels, at + 1, rows);
        }
    }

    void set(int row, int column, long value) {
        if (columns[column] == UNUSED) {
            if (value == defaults[column]) {
                return;
            }
            columns[column] = new long[times.length];
            Arrays.fill(columns[column], defaults[column]);
        }
        columns[column][head + row] = value;
    }

    /** Drops the first rows. */
    void dropFirst(int rows) {
        if (labels != null) {
            Arrays.fill(labels, head, head + rows, null);
        }
        head += rows;
        if (head == tail) {
            resize(INITIAL_ROWS);
        }
    }

    private void makeRoom() {
        int capacity = times.length;
        if (tail < capacity) {
            return;
        }
        int live = size();
        if (live > capacity - capacity / 4) {
            resize(capacity + capacity / 2);
        } else {
            resize(live < capacity / 4 ? capacity / 2 : capacity);
        }
    }

    /** Moves the live rows to the front of arrays of the wanted capacity, which are the present ones where that is theirs. */
    private void resize(int capacity) {
        int live = size();
        times = moved(times, live, capacity);
        for (int column = 0; column < columns.length; column++) {
            if (columns[column] != UNUSED) {
                columns[column] = moved(columns[column], live, capacity);
            }
        }
        if (labels != null) {
            @Nullable String[] moved = new String[capacity];
            System.arraycopy(labels, head, moved, 0, live);
            labels = moved;
        }
        head = 0;
        tail = live;
    }

    private long[] moved(long[] cells, int live, int capacity) {
        long[] target = cells.length == capacity ? cells : new long[capacity];
        System.arraycopy(cells, head, target, 0, live);
        return target;
    }

    // ---- snapshot: differences from row to row, in as few bytes as they need

    void write(DataOutput out) throws IOException {
        int rows = size();
        Wire.writeCount(out, rows);
        long before = 0;
        for (int row = 0; row < rows; row++) {
            Wire.writeNumber(out, time(row) - before);
            before = time(row);
        }
        for (int column = 0; column < columns.length; column++) {
            writeColumn(out, column);
        }
        writeLabels(out);
    }

    /** The rows that set the column, by their distances, with the differences of their values. */
    private void writeColumn(DataOutput out, int column) throws IOException {
        if (columns[column] == UNUSED) {
            Wire.writeCount(out, 0);
            return;
        }
        int set = 0;
        for (int row = 0; row < size(); row++) {
            set += cell(row, column) != defaults[column] ? 1 : 0;
        }
        Wire.writeCount(out, set);
        int last = -1;
        long before = 0;
        for (int row = 0; row < size(); row++) {
            long value = cell(row, column);
            if (value != defaults[column]) {
                Wire.writeCount(out, row - last - 1);
                Wire.writeNumber(out, value - before);
                last = row;
                before = value;
            }
        }
    }

    /** Each label in full where it first comes, then by its number; 0 stands for none. */
    private void writeLabels(DataOutput out) throws IOException {
        out.writeBoolean(labels != null);
        if (labels == null) {
            return;
        }
        Map<String, Integer> numbers = new HashMap<>();
        for (int row = 0; row < size(); row++) {
            String label = label(row);
            Integer number = label == null ? Integer.valueOf(0) : numbers.get(label);
            Wire.writeCount(out, number != null ? number : numbers.size() + 1);
            if (number == null && label != null) {
                numbers.put(label, numbers.size() + 1);
                out.writeUTF(label);
            }
        }
    }

    void read(DataInput in) throws IOException {
        int rows = Wire.readCount(in);
        head = 0;
        tail = rows;
        times = new long[Math.max(INITIAL_ROWS, rows)];
        long before = 0;
        for (int row = 0; row < rows; row++) {
            before += Wire.readNumber(in);
            times[row] = before;
        }
        for (int column = 0; column < columns.length; column++) {
            readColumn(in, column);
        }
        readLabels(in);
    }

    private void readColumn(DataInput in, int column) throws IOException {
        columns[column] = UNUSED;
        int set = Wire.readCount(in);
        int row = -1;
        long before = 0;
        for (int i = 0; i < set; i++) {
            row += Wire.readCount(in) + 1;
            before += Wire.readNumber(in);
            set(row, column, before);
        }
    }

    private void readLabels(DataInput in) throws IOException {
        labels = in.readBoolean() ? new String[times.length] : null;
        Map<Integer, String> known = new HashMap<>();
        for (int row = 0; labels != null && row < size(); row++) {
            int number = Wire.readCount(in);
            if (number == known.size() + 1) {
                known.put(number, in.readUTF());
            }
            labels[row] = known.get(number);
        }
    }
}
