package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Rows of longs sorted by time, in one array: column 0 is the time, rows of equal time stand in the order in which they came.
 * Each row may carry one label. Appending is the common case and costs O(1) amortised; an out-of-order insert moves the rows
 * behind it, of which there are few, since disorder is small.
 */
final class SortedRows {
    private static final int INITIAL_ROWS = 8;

    private final int stride;
    private long[] cells;
    private @Nullable String @Nullable [] labels;
    /** First live row; the ones before it are dropped and reclaimed when the array is next compacted. */
    private int head;

    private int tail;

    SortedRows(int stride) {
        this.stride = stride;
        this.cells = new long[INITIAL_ROWS * stride];
    }

    int size() {
        return tail - head;
    }

    long time(int row) {
        return cells[(head + row) * stride];
    }

    long cell(int row, int column) {
        return cells[(head + row) * stride + column];
    }

    @Nullable
    String label(int row) {
        return labels == null ? null : labels[head + row];
    }

    /** Makes room behind all rows of the same or an earlier time and returns the new row's index; its cells but the time are stale. */
    int insert(long time, @Nullable String label) {
        makeRoom();
        int at = tail;
        while (at > head && cells[(at - 1) * stride] > time) {
            at--;
        }
        System.arraycopy(cells, at * stride, cells, (at + 1) * stride, (tail - at) * stride);
        cells[at * stride] = time;
        if (label != null && labels == null) {
            labels = new String[cells.length / stride];
        }
        if (labels != null) {
            System.arraycopy(labels, at, labels, at + 1, tail - at);
            labels[at] = label;
        }
        tail++;
        return at - head;
    }

    void set(int row, int column, long value) {
        cells[(head + row) * stride + column] = value;
    }

    /** Drops the first rows. */
    void dropFirst(int rows) {
        if (labels != null) {
            Arrays.fill(labels, head, head + rows, null);
        }
        head += rows;
    }

    private void makeRoom() {
        int capacity = cells.length / stride;
        if (tail < capacity) {
            return;
        }
        int live = size();
        int wanted = live > capacity / 2 ? capacity * 2 : capacity;
        long[] target = wanted == capacity ? cells : new long[wanted * stride];
        System.arraycopy(cells, head * stride, target, 0, live * stride);
        cells = target;
        if (labels != null) {
            @Nullable String[] moved = new String[wanted];
            System.arraycopy(labels, head, moved, 0, live);
            labels = moved;
        }
        head = 0;
        tail = live;
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(size());
        for (int i = head * stride; i < tail * stride; i++) {
            out.writeLong(cells[i]);
        }
        for (int i = 0; i < size(); i++) {
            Wire.writeName(out, label(i));
        }
    }

    void read(DataInput in) throws IOException {
        int rows = in.readInt();
        head = 0;
        tail = rows;
        cells = new long[Math.max(INITIAL_ROWS, rows) * stride];
        for (int i = 0; i < rows * stride; i++) {
            cells[i] = in.readLong();
        }
        labels = null;
        for (int i = 0; i < rows; i++) {
            String label = Wire.readName(in);
            if (label != null) {
                if (labels == null) {
                    labels = new String[cells.length / stride];
                }
                labels[i] = label;
            }
        }
    }
}
