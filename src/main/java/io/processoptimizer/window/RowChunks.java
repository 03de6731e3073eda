package io.processoptimizer.window;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a log's rows, in chunks: it grows behind its last row and shrinks before its first one, and no row is moved for that, nor
 * is anything left to be collected. A row lies in one chunk, and its last byte holds its length. A log of a few rows is one short array.
 *
 * <p>A position is the number of a chunk and an offset in it; later rows have greater ones. It holds until rows are added or dropped.
 */
final class RowChunks {
    /** Behind the last row of a chunk, so that what begins in it can be read by the word. */
    private static final int SLACK = Long.BYTES;

    /** With the array's header a kibibyte: some 45 usual rows. */
    private static final int CHUNK_BYTES = 1_008;

    /** A few usual rows. */
    private static final int FIRST_BYTES = 64;

    private static final int OFFSET_BITS = 10;
    private static final int OFFSET = (1 << OFFSET_BITS) - 1;

    private byte[][] chunks = {new byte[FIRST_BYTES]};

    /** How many bytes of each are rows. A chunk that holds none is the only one. */
    private int[] ends = new int[1];

    private int count = 1;

    /** Before it the rows of the first chunk are dropped. */
    private int head;

    /** One that was dropped and waits to be needed: where as much is added as dropped, nothing is allocated. */
    private byte @Nullable [] spare;

    static int chunkOf(int position) {
        return position >>> OFFSET_BITS;
    }

    static int offsetOf(int position) {
        return position & OFFSET;
    }

    int lastChunk() {
        return count - 1;
    }

    /** The position of the first row of a chunk. */
    int start(int chunk) {
        return chunk == 0 ? head : chunk << OFFSET_BITS;
    }

    /** The position behind the last row of a chunk. */
    int end(int chunk) {
        return chunk << OFFSET_BITS | ends[chunk];
    }

    /** The bytes of the chunk that a position lies in. */
    byte[] bytesAt(int position) {
        return chunks[position >>> OFFSET_BITS];
    }

    /** Where the row at a position is, which may lie behind the last row of a chunk: then in the next one. */
    int rowAt(int position) {
        int next = (position >>> OFFSET_BITS) + 1;
        return (position & OFFSET) < ends[next - 1] || next == count ? position : next << OFFSET_BITS;
    }

    /** Whether there is a row, at a position that {@link #rowAt} gave. */
    boolean hasRow(int rowAt) {
        return (rowAt & OFFSET) < ends[rowAt >>> OFFSET_BITS];
    }

    /** The position of the row that ends before a position of the same chunk. */
    int rowBefore(int position) {
        return position - (bytesAt(position)[offsetOf(position) - 1] & 0xFF);
    }

    /** Puts {@code row[0, length)} before the row at a position, or behind the last row of its chunk. */
    void insert(int position, byte[] row, int length) {
        int chunk = chunkOf(position);
        int place = ends[chunk] + length <= chunks[chunk].length - SLACK ? position : makeRoom(position, length);
        chunk = chunkOf(place);
        int offset = offsetOf(place);
        byte[] bytes = chunks[chunk];
        if (offset < ends[chunk]) {
            System.arraycopy(bytes, offset, bytes, offset + length, ends[chunk] - offset);
        }
        System.arraycopy(row, 0, bytes, offset, length);
        ends[chunk] += length;
    }

    /** Where a row can be put that has no room at a position. */
    private int makeRoom(int position, int length) {
        int chunk = chunkOf(position);
        byte[] roomier = chunk == 0 ? roomierFirst(length) : null;
        if (roomier != null) {
            int moved = head;
            moveFirstTo(roomier);
            return position - moved;
        }
        if (offsetOf(position) < ends[chunk]) {
            return split(position);
        }
        int next = chunk + 1;
        if (next == count || ends[next] + length > CHUNK_BYTES - SLACK) {
            insertChunk(next);
        }
        return next << OFFSET_BITS;
    }

    /** An array in which the first chunk's rows have room for more; null where these need another chunk. */
    private byte @Nullable [] roomierFirst(int length) {
        byte[] first = chunks[0];
        if (count > 1) {
            return head >= length ? first : null;
        }
        int needed = ends[0] - head + length + SLACK;
        if (needed <= first.length / 4 * 3) {
            return first;
        }
        return first.length < CHUNK_BYTES && needed <= CHUNK_BYTES
                ? new byte[Math.min(CHUNK_BYTES, needed + needed / 2)]
                : null;
    }

    private void moveFirstTo(byte[] target) {
        int live = ends[0] - head;
        System.arraycopy(chunks[0], head, target, 0, live);
        chunks[0] = target;
        ends[0] = live;
        head = 0;
    }

    /** Gives the second half of a chunk's rows a chunk of their own; returns where the position is then. */
    private int split(int position) {
        int chunk = chunkOf(position);
        int end = end(chunk);
        int middle = end - (end - start(chunk)) / 2;
        int split = end;
        while (split > middle) {
            split = rowBefore(split);
        }
        insertChunk(chunk + 1);
        ends[chunk + 1] = end - split;
        System.arraycopy(chunks[chunk], offsetOf(split), chunks[chunk + 1], 0, end - split);
        ends[chunk] = offsetOf(split);
        return position <= split ? position : ((chunk + 1) << OFFSET_BITS) + position - split;
    }

    private void insertChunk(int chunk) {
        if (count == chunks.length) {
            chunks = Arrays.copyOf(chunks, count + count / 2 + 1);
            ends = Arrays.copyOf(ends, chunks.length);
        }
        System.arraycopy(chunks, chunk, chunks, chunk + 1, count - chunk);
        System.arraycopy(ends, chunk, ends, chunk + 1, count - chunk);
        chunks[chunk] = spare != null ? spare : new byte[CHUNK_BYTES];
        spare = null;
        ends[chunk] = 0;
        count++;
    }

    /** Drops the rows before a position. */
    void dropBefore(int position) {
        int first = rowAt(position);
        int dropped = chunkOf(first);
        if (dropped > 0) {
            spare = chunks[0].length == CHUNK_BYTES ? chunks[0] : null;
            System.arraycopy(chunks, dropped, chunks, 0, count - dropped);
            System.arraycopy(ends, dropped, ends, 0, count - dropped);
            Arrays.fill(chunks, count - dropped, count, null);
            count -= dropped;
        }
        head = offsetOf(first);
        int live = ends[0] - head;
        if (count == 1 && live + SLACK < (chunks[0].length - FIRST_BYTES) / 4) {
            moveFirstTo(new byte[Math.max(FIRST_BYTES, live + live / 2 + SLACK)]);
            spare = null;
        }
    }

    void clear() {
        chunks = new byte[][] {new byte[FIRST_BYTES]};
        ends = new int[1];
        count = 1;
        head = 0;
        spare = null;
    }
}
