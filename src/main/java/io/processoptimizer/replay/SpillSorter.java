package io.processoptimizer.replay;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts more entries than memory holds: an external merge sort. Entries gather in one buffer; a full one is sorted and written to a
 * file of its own, and in the end the files are merged. So the memory does not depend on how many entries there are. Each entry is
 * written once and read once, or once more for every factor of {@value #MAX_RUNS} beyond that many files. Not thread-safe: one
 * instance a thread.
 *
 * <p>Source: Knuth, The Art of Computer Programming, volume 3, section 5.4.
 */
final class SpillSorter implements Closeable {
    /** Files merged at once: each holds a buffer of {@link #READ_BYTES}. */
    private static final int MAX_RUNS = 128;

    private static final int READ_BYTES = 64 * 1024;
    private static final int WRITE_BYTES = 1 << 20;
    private static final int FIRST_BYTES = 64 * 1024;

    /** Two lengths before each entry. */
    private static final int HEADER_BYTES = 8;

    private final Path directory;
    private final int memoryBytes;
    private final List<Path> runs = new ArrayList<>();

    private byte[] arena = new byte[FIRST_BYTES];
    private int used;
    private int[] entries = new int[1024];
    private int count;

    /**
     * @param directory where spilled entries go; made when it is first needed
     * @param memoryBytes entries held in memory, about
     */
    SpillSorter(Path directory, int memoryBytes) {
        this.directory = directory;
        this.memoryBytes = memoryBytes;
    }

    /** Takes entries in order of their keys, bytes unsigned; equal keys in the order in which they were added. */
    interface Visitor {
        /** The arrays are valid during the call only. */
        void entry(Entry entry) throws IOException;
    }

    /** One entry; key and value are the first bytes of their arrays. */
    static final class Entry {
        byte[] key = {};
        int keyLength;
        byte[] value = {};
        int valueLength;

        private void read(DataInputStream in, int keyBytes) throws IOException {
            keyLength = keyBytes;
            valueLength = in.readInt();
            key = ofLength(key, keyLength);
            value = ofLength(value, valueLength);
            in.readFully(key, 0, keyLength);
            in.readFully(value, 0, valueLength);
        }

        void copyFrom(Entry other) {
            keyLength = other.keyLength;
            valueLength = other.valueLength;
            key = ofLength(key, keyLength);
            value = ofLength(value, valueLength);
            System.arraycopy(other.key, 0, key, 0, keyLength);
            System.arraycopy(other.value, 0, value, 0, valueLength);
        }

        private static byte[] ofLength(byte[] present, int length) {
            return present.length >= length ? present : new byte[Math.max(length, present.length * 2)];
        }
    }

    /** Adds an entry whose value is the two parts one after the other. */
    void add(Slice key, Slice head, Slice tail) throws IOException {
        int valueLength = Math.addExact(head.length(), tail.length());
        int size = Math.addExact(HEADER_BYTES + key.length(), valueLength);
        if (used > 0 && (long) used + size > memoryBytes) {
            spill();
        }
        makeRoom(size);
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count * 2);
        }
        entries[count++] = used;
        putInt(key.length());
        putInt(valueLength);
        put(key);
        put(head);
        put(tail);
    }

    private void makeRoom(int size) {
        long needed = (long) used + size;
        if (needed > arena.length) {
            long doubled = Math.min(memoryBytes, arena.length * 2L);
            arena = Arrays.copyOf(arena, Math.toIntExact(Math.max(needed, doubled)));
        }
    }

    private void putInt(int value) {
        arena[used++] = (byte) (value >> 24);
        arena[used++] = (byte) (value >> 16);
        arena[used++] = (byte) (value >> 8);
        arena[used++] = (byte) value;
    }

    private void put(Slice bytes) {
        System.arraycopy(bytes.bytes(), bytes.from(), arena, used, bytes.length());
        used += bytes.length();
    }

    private int intAt(int at) {
        return arena[at] << 24 | (arena[at + 1] & 0xFF) << 16 | (arena[at + 2] & 0xFF) << 8 | (arena[at + 3] & 0xFF);
    }

    private int[] sorted() {
        Integer[] order = new Integer[count];
        for (int i = 0; i < count; i++) {
            order[i] = entries[i];
        }
        Arrays.sort(order, this::compareInMemory);
        int[] sorted = new int[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = order[i];
        }
        return sorted;
    }

    private int compareInMemory(int a, int b) {
        int keyA = a + HEADER_BYTES;
        int keyB = b + HEADER_BYTES;
        return Arrays.compareUnsigned(arena, keyA, keyA + intAt(a), arena, keyB, keyB + intAt(b));
    }

    private void spill() throws IOException {
        if (runs.isEmpty()) {
            Files.createDirectories(directory).toFile().deleteOnExit();
        }
        Path run = directory.resolve("run-" + System.identityHashCode(this) + "-" + runs.size());
        try (DataOutputStream out = writer(run)) {
            for (int entry : sorted()) {
                out.write(arena, entry, HEADER_BYTES + intAt(entry) + intAt(entry + Integer.BYTES));
            }
        } catch (IOException e) {
            throw new IOException(
                    "outputs that wait to be sorted cannot be written to " + directory + ": " + e.getMessage()
                            + "; make room there for about twice the results, or give --output on another disk",
                    e);
        }
        runs.add(run);
        used = 0;
        count = 0;
        if (arena.length > memoryBytes) {
            arena = new byte[memoryBytes];
        }
        if (runs.size() == MAX_RUNS) {
            mergeRuns();
        }
    }

    /** Makes one file of all. */
    private void mergeRuns() throws IOException {
        Path merged = directory.resolve(runs.get(0).getFileName() + "+");
        List<Path> parts = List.copyOf(runs);
        runs.add(merged);
        try (DataOutputStream out = writer(merged)) {
            mergeCursors(cursors(parts), entry -> {
                out.writeInt(entry.keyLength);
                out.writeInt(entry.valueLength);
                out.write(entry.key, 0, entry.keyLength);
                out.write(entry.value, 0, entry.valueLength);
            });
        }
        runs.removeAll(parts);
        for (Path part : parts) {
            Files.delete(part);
        }
    }

    private static DataOutputStream writer(Path file) throws IOException {
        file.toFile().deleteOnExit(); // where the command is interrupted
        return new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), WRITE_BYTES));
    }

    /** Hands over the entries of several sorters in one order; of equal keys those of the earlier sorter first. */
    static void merge(List<SpillSorter> sorters, Visitor visitor) throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        try {
            for (SpillSorter sorter : sorters) {
                cursors.addAll(sorter.cursors(sorter.runs));
                cursors.add(sorter.new MemoryCursor());
            }
            mergeCursors(cursors, visitor);
        } finally {
            for (Cursor cursor : cursors) {
                cursor.close();
            }
        }
    }

    private List<Cursor> cursors(List<Path> files) throws IOException {
        List<Cursor> cursors = new ArrayList<>();
        for (Path file : files) {
            cursors.add(new FileCursor(file));
        }
        return cursors;
    }

    private static void mergeCursors(List<Cursor> cursors, Visitor visitor) throws IOException {
        PriorityQueue<Cursor> queue = new PriorityQueue<>();
        for (int i = 0; i < cursors.size(); i++) {
            Cursor cursor = cursors.get(i);
            cursor.rank = i;
            if (cursor.advance()) {
                queue.add(cursor);
            }
        }
        for (Cursor first = queue.poll(); first != null; first = queue.poll()) {
            // As long as a cursor is ahead of all others it stays out of the queue.
            do {
                visitor.entry(first.entry);
                if (!first.advance()) {
                    first.close();
                    first = null;
                    break;
                }
            } while (queue.isEmpty() || first.compareTo(queue.peek()) < 0);
            if (first != null) {
                queue.add(first);
            }
        }
    }

    /** Deletes what was spilled. */
    @Override
    public void close() throws IOException {
        for (Path run : runs) {
            Files.deleteIfExists(run);
        }
        runs.clear();
    }

    private abstract static class Cursor implements Comparable<Cursor>, Closeable {
        final Entry entry = new Entry();
        int rank;

        abstract boolean advance() throws IOException;

        @Override
        public final int compareTo(Cursor other) {
            int byKey =
                    Arrays.compareUnsigned(entry.key, 0, entry.keyLength, other.entry.key, 0, other.entry.keyLength);
            return byKey != 0 ? byKey : Integer.compare(rank, other.rank);
        }

        @Override
        public void close() throws IOException {}
    }

    private static final class FileCursor extends Cursor {
        private final DataInputStream in;

        FileCursor(Path file) throws IOException {
            in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), READ_BYTES));
        }

        @Override
        boolean advance() throws IOException {
            int keyBytes;
            try {
                keyBytes = in.readInt();
            } catch (EOFException end) {
                return false;
            }
            entry.read(in, keyBytes);
            return true;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    private final class MemoryCursor extends Cursor {
        private final int[] order = sorted();
        private int next;

        @Override
        boolean advance() {
            if (next == order.length) {
                return false;
            }
            int at = order[next++];
            entry.keyLength = intAt(at);
            entry.valueLength = intAt(at + Integer.BYTES);
            int key = at + HEADER_BYTES;
            int value = key + entry.keyLength;
            entry.key = Arrays.copyOfRange(arena, key, value);
            entry.value = Arrays.copyOfRange(arena, value, value + entry.valueLength);
            return true;
        }
    }
}
