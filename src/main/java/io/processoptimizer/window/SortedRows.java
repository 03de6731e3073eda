package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of longs sorted by time; rows of equal time stand in the order in which they came. Each row may carry one label. A row lies in
 * one piece, so that adding one touches one place in memory: its time with a bit for each column that it sets, then its cells. There are
 * cells only for the columns that some row sets to something else than their default: most machines report a few facts only, and there
 * are many machines. For the same reason two cells share a long while no value needs more than 32 bits, which few ever do. Appending
 * is the common case and costs O(1) amortised; an out-of-order insert moves the rows behind it, of which there are few, since disorder
 * is small.
 */
final class SortedRows {
    private static final int INITIAL_ROWS = 8;

    /** Four bits a column say at which place in a row its cell is; 0, where the time is, says that it has none. */
    private static final int PLACE_BITS = 4;

    private static final int PLACE_MASK = (1 << PLACE_BITS) - 1;

    /** The low bits of a row's first long say which columns it sets, the others its time, which they suffice for until the year 35,000. */
    private static final int SET_BITS = 13;

    static final int MAX_COLUMNS = SET_BITS;

    private final long[] defaults;
    private long places;

    /** Columns that have a place, from 1 on. */
    private int placed;

    /** Whether each cell has a long of its own. */
    private boolean wide;

    /** Longs a row: its time, then its cells. */
    private int width = 1;

    private long[] cells = new long[INITIAL_ROWS];
    private @Nullable String @Nullable [] labels;
    /** First live row; the ones before it are dropped and reclaimed when the arrays are next compacted. */
    private int head;

    private int tail;
    private int capacity = INITIAL_ROWS;

    /** @param defaults what a column holds where a row does not set it, one for each of at most {@link #MAX_COLUMNS} columns */
    SortedRows(long... defaults) {
        if (defaults.length > MAX_COLUMNS) {
            throw new IllegalArgumentException(defaults.length + " columns; " + MAX_COLUMNS + " have a place");
        }
        this.defaults = defaults;
    }

    int size() {
        return tail - head;
    }

    long time(int row) {
        return timeAt(head + row);
    }

    private long timeAt(int at) {
        return cells[at * width] >> SET_BITS;
    }

    /** Which columns a row sets: a bit for each. */
    int columnsSet(int row) {
        return (int) cells[(head + row) * width] & ((1 << SET_BITS) - 1);
    }

    long cell(int row, int column) {
        int at = (head + row) * width;
        return (cells[at] >>> column & 1) == 0 ? defaults[column] : cellAt(at, place(column));
    }

    private long cellAt(int at, int place) {
        return wide ? cells[at + place] : (int) (cells[at + (place + 1) / 2] >>> shift(place));
    }

    /** Of two cells that share a long the first is in its low half. */
    private static int shift(int place) {
        return ((place - 1) & 1) * Integer.SIZE;
    }

    private int place(int column) {
        return (int) (places >>> (column * PLACE_BITS)) & PLACE_MASK;
    }

    @Nullable
    String label(int row) {
        return labels == null ? null : labels[head + row];
    }

    /** Makes room behind all rows of the same or an earlier time and returns the new row's index; its cells hold their defaults. */
    int insert(long time, @Nullable String label) {
        makeRoom();
        int at = tail;
        while (at > head && timeAt(at - 1) > time) {
            at--;
        }
        if (at < tail) {
            System.arraycopy(cells, at * width, cells, (at + 1) * width, (tail - at) * width);
            if (labels != null) {
                System.arraycopy(labels, at, labels, at + 1, tail - at);
            }
        }
        cells[at * width] = time << SET_BITS;
        if (label != null && labels == null) {
            labels = new String[capacity];
        }
        if (labels != null) {
            labels[at] = label;
        }
        tail++;
        return at - head;
    }

    /** Sets a cell that its row has not set yet. */
    void set(int row, int column, long value) {
        if (value == defaults[column]) {
            return;
        }
        if (value != (int) value && !wide) {
            layOut(placed, true);
        }
        if (place(column) == 0) {
            layOut(placed + 1, wide);
            places |= (long) placed << (column * PLACE_BITS);
        }
        int place = place(column);
        int at = (head + row) * width;
        cells[at] |= 1L << column;
        if (wide) {
            cells[at + place] = value;
        } else {
            int pair = at + (place + 1) / 2;
            long half = 0xFFFF_FFFFL << shift(place);
            cells[pair] = (cells[pair] & ~half) | ((value << shift(place)) & half);
        }
    }

    /** Gives the rows room for so many columns, narrow or wide; those that have a place keep it. */
    private void layOut(int columns, boolean widely) {
        int target = 1 + (widely ? columns : (columns + 1) / 2);
        if (target != width || widely != wide) {
            long[] laid = new long[capacity * target];
            for (int row = head; row < tail; row++) {
                if (widely == wide) {
                    System.arraycopy(cells, row * width, laid, row * target, width);
                    continue;
                }
                laid[row * target] = cells[row * width];
                for (int place = 1; place <= placed; place++) {
                    laid[row * target + place] = cellAt(row * width, place);
                }
            }
            cells = laid;
            width = target;
            wide = widely;
        }
        placed = columns;
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
    private void resize(int wanted) {
        int live = size();
        long[] target = wanted == capacity ? cells : new long[wanted * width];
        System.arraycopy(cells, head * width, target, 0, live * width);
        cells = target;
        if (labels != null) {
            @Nullable String[] moved = new String[wanted];
            System.arraycopy(labels, head, moved, 0, live);
            labels = moved;
        }
        capacity = wanted;
        head = 0;
        tail = live;
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
        for (int column = 0; column < defaults.length; column++) {
            writeColumn(out, column);
        }
        writeLabels(out);
    }

    /** The rows that set the column, by their distances, with the differences of their values. */
    private void writeColumn(DataOutput out, int column) throws IOException {
        if (place(column) == 0) {
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
        places = 0;
        placed = 0;
        wide = false;
        width = 1;
        capacity = Math.max(INITIAL_ROWS, rows);
        cells = new long[capacity];
        long before = 0;
        for (int row = 0; row < rows; row++) {
            before += Wire.readNumber(in);
            cells[row] = before << SET_BITS;
        }
        for (int column = 0; column < defaults.length; column++) {
            readColumn(in, column);
        }
        readLabels(in);
    }

    private void readColumn(DataInput in, int column) throws IOException {
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
        labels = in.readBoolean() ? new String[capacity] : null;
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
