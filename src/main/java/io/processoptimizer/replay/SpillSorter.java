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

    /** Memory grows by so much: no entry is moved when it does, and no array is so large that a collector treats it specially. */
    private static final int CHUNK_BITS = 20;

    private static final int CHUNK_BYTES = 1 << CHUNK_BITS;

    /** A chunk's number has to fit beside a place within it. */
    private static final int MAX_CHUNKS = 1 << (Integer.SIZE - 1 - CHUNK_BITS);

    /** Two lengths before each entry. */
    private static final int HEADER_BYTES = 8;

    private final Path directory;
    private final int memoryBytes;
    private final List<Path> runs = new ArrayList<>();

    private final List<byte[]> chunks = new ArrayList<>();

    /** Which of the chunks is being filled, and how much of it is. */
    private int filling = -1;

    private byte[] chunk = {};
    private int used;

    /** Of all entries in memory, bytes. */
    private long held;

    /** The chunk that an entry is in, and its place there. */
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

        /** Copies a key and the value behind it. */
        private void set(byte[] bytes, int from, int keyBytes, int valueBytes) {
            keyLength = keyBytes;
            valueLength = valueBytes;
            key = ofLength(key, keyLength);
            value = ofLength(value, valueLength);
            System.arraycopy(bytes, from, key, 0, keyLength);
            System.arraycopy(bytes, from + keyLength, value, 0, valueLength);
        }

        private static byte[] ofLength(byte[] present, int length) {
            return present.length >= length ? present : new byte[Math.max(length, present.length * 2)];
        }
    }

    /** Adds an entry whose value is the two parts one after the other. */
    void add(Slice key, Slice head, Slice tail) throws IOException {
        int valueLength = Math.addExact(head.length(), tail.length());
        int size = Math.addExact(HEADER_BYTES + key.length(), valueLength);
        if (held > 0 && (held + size > memoryBytes || filling + 1 == MAX_CHUNKS)) {
            spill();
        }
        makeRoom(size);
        held += size;
        if (count == entries.length) {
            entries = Arrays.copyOf(entries, count * 2);
        }
        entries[count++] = filling << CHUNK_BITS | used;
        putInt(key.length());
        putInt(valueLength);
        put(key);
        put(head);
        put(tail);
    }

    /** An entry lies in one chunk; one that is longer than a chunk has one of its own. */
    private void makeRoom(int size) {
        if (filling >= 0 && chunk.length - used >= size) {
            return;
        }
        filling++;
        if (filling == chunks.size()) {
            chunks.add(new byte[Math.max(size, Math.min(CHUNK_BYTES, memoryBytes))]);
        } else if (chunks.get(filling).length < size) {
            chunks.set(filling, new byte[size]);
        }
        chunk = chunks.get(filling);
        used = 0;
    }

    private void putInt(int value) {
        chunk[used++] = (byte) (value >> 24);
        chunk[used++] = (byte) (value >> 16);
        chunk[used++] = (byte) (value >> 8);
        chunk[used++] = (byte) value;
    }

    private void put(Slice bytes) {
        System.arraycopy(bytes.bytes(), bytes.from(), chunk, used, bytes.length());
        used += bytes.length();
    }

    private byte[] chunkOf(int entry) {
        return chunks.get(entry >>> CHUNK_BITS);
    }

    private static int placeOf(int entry) {
        return entry & (CHUNK_BYTES - 1);
    }

    private static int intAt(byte[] bytes, int at) {
        return bytes[at] << 24 | (bytes[at + 1] & 0xFF) << 16 | (bytes[at + 2] & 0xFF) << 8 | (bytes[at + 3] & 0xFF);
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
        byte[] chunkA = chunkOf(a);
        byte[] chunkB = chunkOf(b);
        int keyA = placeOf(a) + HEADER_BYTES;
        int keyB = placeOf(b) + HEADER_BYTES;
        return Arrays.compareUnsigned(
                chunkA, keyA, keyA + intAt(chunkA, placeOf(a)), chunkB, keyB, keyB + intAt(chunkB, placeOf(b)));
    }

    private void spill() throws IOException {
        if (runs.isEmpty()) {
            Files.createDirectories(directory).toFile().deleteOnExit();
        }
        Path run = directory.resolve("run-" + System.identityHashCode(this) + "-" + runs.size());
        try (DataOutputStream out = writer(run)) {
            for (int entry : sorted()) {
                byte[] bytes = chunkOf(entry);
                int at = placeOf(entry);
                out.write(bytes, at, HEADER_BYTES + intAt(bytes, at) + intAt(bytes, at + Integer.BYTES));
            }
        } catch (IOException e) {
            throw new IOException(
                    "outputs that wait to be sorted cannot be written to " + directory + ": " + e.getMessage()
                            + "; make room there for about twice the results, or give --output on another disk",
                    e);
        }
        runs.add(run);
        forget();
        if (runs.size() == MAX_RUNS) {
            mergeRuns();
        }
    }

    /** Forgets the entries in memory; the usual chunks are filled again. */
    private void forget() {
        chunks.removeIf(filled -> filled.length > CHUNK_BYTES);
        filling = -1;
        chunk = new byte[0];
        used = 0;
        held = 0;
        count = 0;
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
        private int taken;

        @Override
        boolean advance() {
            if (taken == order.length) {
                return false;
            }
            int next = order[taken++];
            byte[] bytes = chunkOf(next);
            int at = placeOf(next);
            entry.set(bytes, at + HEADER_BYTES, intAt(bytes, at), intAt(bytes, at + Integer.BYTES));
            return true;
        }
    }
}
