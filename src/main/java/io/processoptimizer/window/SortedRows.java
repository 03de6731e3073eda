package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows of numbers sorted by time; rows of equal time stand in the order in which they came. Each row may carry one label. There are
 * millions of rows, one for each record of the retained time, so a row takes as few bytes as it needs: its time with a bit for each
 * column that it sets, then the label's number and the cells that are set, small numbers short, then the row's length, by which the row
 * before the next one is found. Adding a row costs O(1) where it is among the last by its time, as disorder is small; another moves a
 * chunk's rows at most. Positions are those of {@link RowChunks}.
 */
final class SortedRows {
    static final int MAX_COLUMNS = 13;

    /** The low bits of a row's first long say what it sets, the others its time, which they suffice for until the year 19,000. */
    private static final int SET_BITS = MAX_COLUMNS + 1;

    private static final int LABEL = 1 << MAX_COLUMNS;

    /** Seven bits of a number a byte, the lowest first; the top bit says that more follow. */
    private static final int GROUP_BITS = 7;

    private static final int MORE = 1 << GROUP_BITS;
    private static final long MORE_BITS = 0x8080_8080_8080_8080L;

    /** Numbers of so many bits take at most eight bytes, which are read and written at once. */
    private static final int USUAL_BITS = GROUP_BITS * Long.BYTES;

    private static final int LONGEST_NUMBER = 10;
    private static final int LONGEST_ROW = Long.BYTES + LONGEST_NUMBER * (MAX_COLUMNS + 1) + 1;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long[] defaults;

    private final RowChunks chunks = new RowChunks();
    private int size;

    /** Or the least there is: most rows are added without a look at those before. */
    private long lastTime = Long.MIN_VALUE;

    private final Labels labels = new Labels();

    /** @param defaults what a column holds where a row does not set it, one for each of at most {@link #MAX_COLUMNS} columns */
    SortedRows(long... defaults) {
        if (defaults.length > MAX_COLUMNS) {
            throw new IllegalArgumentException(defaults.length + " columns; " + MAX_COLUMNS + " have a place");
        }
        this.defaults = defaults;
    }

    /** One row as it was read, or is to be added. Reused. */
    static final class Row {
        private final long[] cells = new long[MAX_COLUMNS];
        private long[] defaults = {};
        private long time;
        private int set;
        private @Nullable String label;

        /** The row in bytes; a number is written with the bytes that follow it. */
        private final byte[] bytes = new byte[LONGEST_ROW + Long.BYTES];

        private int length;

        long time() {
            return time;
        }

        /** Which columns the row sets: a bit for each. */
        int columnsSet() {
            return set & (LABEL - 1);
        }

        long cell(int column) {
            return (set >>> column & 1) == 0 ? defaults[column] : cells[column];
        }

        /** Sets a cell that the row has not set yet. */
        void set(int column, long value) {
            if (value != defaults[column]) {
                set |= 1 << column;
                cells[column] = value;
            }
        }

        @Nullable
        String label() {
            return label;
        }

        private void write(int labelNumber) {
            LONGS.set(bytes, 0, (time << SET_BITS) | set);
            length = Long.BYTES;
            if ((set & LABEL) != 0) {
                write((long) labelNumber);
            }
            for (int rest = set & (LABEL - 1); rest != 0; rest &= rest - 1) {
                long value = cells[Integer.numberOfTrailingZeros(rest)];
                write((value << 1) ^ (value >> (Long.SIZE - 1))); // the sign goes to the lowest bit
            }
            length++;
            bytes[length - 1] = (byte) length;
        }

        /** Groups move apart: fours, pairs, then each. */
        private void write(long number) {
            if ((number & -MORE) == 0) {
                bytes[length++] = (byte) number;
                return;
            }
            int bits = Long.SIZE - Long.numberOfLeadingZeros(number);
            if (bits > USUAL_BITS) {
                writeLong(number);
                return;
            }
            long fours = (number & 0x0FFF_FFFFL) | (number & 0x00FF_FFFF_F000_0000L) << 4;
            long pairs = (fours & 0x0000_3FFF_0000_3FFFL) | (fours & 0x0FFF_C000_0FFF_C000L) << 2;
            long groups = (pairs & 0x007F_007F_007F_007FL) | (pairs & 0x3F80_3F80_3F80_3F80L) << 1;
            int groupCount = (bits + GROUP_BITS - 1) / GROUP_BITS;
            long more = MORE_BITS & ((1L << ((groupCount - 1) * Byte.SIZE)) - 1);
            LONGS.set(bytes, length, groups | more);
            length += groupCount;
        }

        private void writeLong(long number) {
            long rest = number;
            while ((rest & -MORE) != 0) {
                bytes[length++] = (byte) (((int) rest & (MORE - 1)) | MORE);
                rest >>>= GROUP_BITS;
            }
            bytes[length++] = (byte) rest;
        }
    }

    int size() {
        return size;
    }

    /** The position of the first row. */
    int first() {
        return chunks.start(0);
    }

    /** The position of the first row at {@code millis} or later, or behind the last row; looked for from the last row on. */
    int positionOf(long millis) {
        int chunk = chunks.lastChunk();
        while (chunk > 0 && timeAt(chunks.start(chunk)) >= millis) {
            chunk--;
        }
        int start = chunks.start(chunk);
        int position = chunks.end(chunk);
        for (int before; position > start; position = before) {
            before = chunks.rowBefore(position);
            if (timeAt(before) < millis) {
                break;
            }
        }
        return position;
    }

    /** Whether there is a row at a position, and its time is before {@code millis}. */
    boolean isBefore(int position, long millis) {
        int row = chunks.rowAt(position);
        return chunks.hasRow(row) && timeAt(row) < millis;
    }

    /** Whether there is no row at {@code millis} or later. */
    boolean areBefore(long millis) {
        return size == 0 || lastTime < millis;
    }

    private long timeAt(int row) {
        return wordAt(row) >> SET_BITS;
    }

    /** The row's time and what it sets. */
    private long wordAt(int row) {
        return (long) LONGS.get(chunks.bytesAt(row), RowChunks.offsetOf(row));
    }

    // ---- read

    /** Reads the row at a position; returns the position of the next one. */
    int read(int position, Row row) {
        int place = chunks.rowAt(position);
        byte[] from = chunks.bytesAt(place);
        int start = RowChunks.offsetOf(place);
        int next = start;
        long first = (long) LONGS.get(from, next);
        int set = (int) first & ((1 << SET_BITS) - 1);
        next += Long.BYTES;
        row.defaults = defaults;
        row.time = first >> SET_BITS;
        row.set = set;
        row.label = null;
        if ((set & LABEL) != 0) {
            long word = (long) LONGS.get(from, next);
            row.label = labels.get((int) number(word));
            next += length(word);
        }
        for (int rest = set & (LABEL - 1); rest != 0; rest &= rest - 1) {
            int column = Integer.numberOfTrailingZeros(rest);
            long word = (long) LONGS.get(from, next);
            if ((word & MORE) == 0) {
                row.cells[column] = signed(word & (MORE - 1));
                next++;
                continue;
            }
            int length = length(word);
            row.cells[column] = signed(length == 0 ? longNumber(from, next) : number(word));
            next += length == 0 ? longLength(from, next) : length;
        }
        return place + next + 1 - start;
    }

    /** The sign is in the lowest bit. */
    private static long signed(long folded) {
        return (folded >>> 1) ^ -(folded & 1);
    }

    /** How many bytes the number that a word begins with has; 0 where it has more than the word. */
    private static int length(long word) {
        long ends = ~word & MORE_BITS;
        return ends == 0 ? 0 : Long.numberOfTrailingZeros(ends) / Byte.SIZE + 1;
    }

    /** The number that a word begins with: groups move together into pairs, these into fours, these into all. */
    private static long number(long word) {
        long ends = ~word & MORE_BITS;
        // Up to the first end; the bits of groups alone.
        long groups = word & (ends ^ (ends - 1)) & ~MORE_BITS;
        long pairs = (groups & 0x007F_007F_007F_007FL) | (groups & 0x7F00_7F00_7F00_7F00L) >>> 1;
        long fours = (pairs & 0x0000_3FFF_0000_3FFFL) | (pairs & 0x3FFF_0000_3FFF_0000L) >>> 2;
        return (fours & 0x0000_0000_0FFF_FFFFL) | (fours & 0x0FFF_FFFF_0000_0000L) >>> 4;
    }

    private static int longLength(byte[] bytes, int from) {
        return bytes[from + Long.BYTES] < 0 ? LONGEST_NUMBER : LONGEST_NUMBER - 1;
    }

    private static long longNumber(byte[] bytes, int from) {
        long number = 0;
        for (int i = 0; i < longLength(bytes, from); i++) {
            number |= (bytes[from + i] & (MORE - 1L)) << (i * GROUP_BITS);
        }
        return number;
    }

    // ---- add

    /** Empties a row that is to be added. */
    void begin(long time, @Nullable String label, Row row) {
        row.defaults = defaults;
        row.time = time;
        row.set = label == null ? 0 : LABEL;
        row.label = label;
    }

    /** Adds a row behind all rows of the same or an earlier time. */
    void add(Row row) {
        row.write(row.label == null ? 0 : labels.add(row.label));
        int behind = row.time >= lastTime ? chunks.end(chunks.lastChunk()) : positionOf(row.time + 1);
        chunks.insert(behind, row.bytes, row.length);
        lastTime = Math.max(lastTime, row.time);
        size++;
    }

    // ---- drop

    /** Drops the rows before a position. */
    void dropBefore(int position) {
        for (int chunk = RowChunks.chunkOf(position); chunk >= 0; chunk--) {
            int start = chunks.start(chunk);
            for (int behind = Math.min(position, chunks.end(chunk)); behind > start; size--) {
                behind = chunks.rowBefore(behind);
                if ((wordAt(behind) & LABEL) != 0) {
                    labels.remove(labelAt(behind));
                }
            }
        }
        chunks.dropBefore(position);
        if (size == 0) {
            lastTime = Long.MIN_VALUE;
        }
    }

    private int labelAt(int row) {
        return (int) number((long) LONGS.get(chunks.bytesAt(row), RowChunks.offsetOf(row) + Long.BYTES));
    }

    // ---- snapshot: differences from row to row, in as few bytes as they need

    /** All rows, column by column. */
    private static final class Table {
        final long[] times;
        final @Nullable String[] labels;
        final int[] sets;
        final long[][] columns;

        Table(int rows, int columnCount) {
            times = new long[rows];
            labels = new @Nullable String[rows];
            sets = new int[rows];
            columns = new long[columnCount][];
        }
    }

    void write(DataOutput out) throws IOException {
        Table table = table();
        Wire.writeCount(out, size);
        long before = 0;
        for (long time : table.times) {
            Wire.writeNumber(out, time - before);
            before = time;
        }
        for (int column = 0; column < defaults.length; column++) {
            writeColumn(table, column, out);
        }
        writeLabels(table.labels, out);
    }

    private Table table() {
        Table table = new Table(size, defaults.length);
        Row row = new Row();
        int next = first();
        for (int i = 0; i < size; i++) {
            next = read(next, row);
            table.times[i] = row.time;
            table.labels[i] = row.label;
            table.sets[i] = row.columnsSet();
            for (int rest = row.columnsSet(); rest != 0; rest &= rest - 1) {
                int column = Integer.numberOfTrailingZeros(rest);
                if (table.columns[column] == null) {
                    table.columns[column] = new long[size];
                }
                table.columns[column][i] = row.cells[column];
            }
        }
        return table;
    }

    /** The rows that set the column, by their distances, with the differences of their values. */
    private static void writeColumn(Table table, int column, DataOutput out) throws IOException {
        int set = 0;
        for (int columns : table.sets) {
            set += columns >>> column & 1;
        }
        Wire.writeCount(out, set);
        int last = -1;
        long before = 0;
        for (int row = 0; set > 0 && row < table.sets.length; row++) {
            if ((table.sets[row] >>> column & 1) != 0) {
                long value = table.columns[column][row];
                Wire.writeCount(out, row - last - 1);
                Wire.writeNumber(out, value - before);
                last = row;
                before = value;
            }
        }
    }

    /** Each label in full where it first comes, then by its number; 0 stands for none. */
    private static void writeLabels(@Nullable String[] labels, DataOutput out) throws IOException {
        boolean any = false;
        for (String label : labels) {
            any |= label != null;
        }
        out.writeBoolean(any);
        Map<String, Integer> numbers = new HashMap<>();
        for (int row = 0; any && row < labels.length; row++) {
            String label = labels[row];
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
        Table table = new Table(rows, defaults.length);
        long before = 0;
        for (int row = 0; row < rows; row++) {
            before += Wire.readNumber(in);
            table.times[row] = before;
        }
        for (int column = 0; column < defaults.length; column++) {
            readColumn(in, column, table);
        }
        readLabels(in, table.labels);
        clear();
        Row row = new Row();
        for (int i = 0; i < rows; i++) {
            begin(table.times[i], table.labels[i], row);
            for (int rest = table.sets[i]; rest != 0; rest &= rest - 1) {
                int column = Integer.numberOfTrailingZeros(rest);
                row.set(column, table.columns[column][i]);
            }
            add(row);
        }
    }

    private void readColumn(DataInput in, int column, Table table) throws IOException {
        int set = Wire.readCount(in);
        long[] values = set == 0 ? new long[0] : new long[table.times.length];
        int row = -1;
        long before = 0;
        for (int i = 0; i < set; i++) {
            row += Wire.readCount(in) + 1;
            before += Wire.readNumber(in);
            table.sets[row] |= 1 << column;
            values[row] = before;
        }
        table.columns[column] = values;
    }

    private static void readLabels(DataInput in, @Nullable String[] labels) throws IOException {
        boolean any = in.readBoolean();
        Map<Integer, String> known = new HashMap<>();
        for (int row = 0; any && row < labels.length; row++) {
            int number = Wire.readCount(in);
            if (number == known.size() + 1) {
                known.put(number, in.readUTF());
            }
            labels[row] = known.get(number);
        }
    }

    private void clear() {
        chunks.clear();
        size = 0;
        lastTime = Long.MIN_VALUE;
        labels.clear();
    }
}
