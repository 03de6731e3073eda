package io.processoptimizer.local.kinesis;

import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The records of one shard by position: a ring that grows by doubling, so appending, dropping the oldest and access by position
 * all cost O(1). Bounded through {@link StorageBudget}, which a record's bytes pass before it gets here. Not thread safe; the
 * shard's lock guards it.
 */
final class RecordLog {
    private static final int SMALLEST_RING = 16;

    private @Nullable StoredRecord[] ring = new @Nullable StoredRecord[SMALLEST_RING];
    private long first = 1;
    private long next = 1;

    /** Position of the oldest record still held; equals {@link #next()} where there is none. */
    long first() {
        return first;
    }

    /** Position that the next record will get. */
    long next() {
        return next;
    }

    void append(StoredRecord record) {
        if (record.position() != next) {
            throw new IllegalArgumentException("position " + record.position() + " appended where " + next + " is due");
        }
        if (next - first == ring.length) {
            resize(ring.length * 2);
        }
        ring[slot(next)] = record;
        next++;
    }

    StoredRecord get(long position) {
        StoredRecord record = position < first || position >= next ? null : ring[slot(position)];
        if (record == null) {
            throw new NoSuchElementException("no record at " + position + "; held are " + first + " to " + (next - 1));
        }
        return record;
    }

    /** Drops the records that arrived before {@code horizonMillis} and returns the bytes that frees. */
    long trim(long horizonMillis) {
        long freed = 0;
        while (first < next && get(first).arrivalMillis() < horizonMillis) {
            freed += get(first).storedBytes();
            ring[slot(first)] = null;
            first++;
        }
        if (freed > 0 && ring.length > SMALLEST_RING && (next - first) < ring.length / 4) {
            resize(ring.length / 2);
        }
        return freed;
    }

    /** The first position whose record arrived at {@code millis} or later; {@link #next()} where there is none. */
    long firstArrivedAtOrAfter(long millis) {
        long low = first;
        long high = next;
        while (low < high) {
            long middle = (low + high) >>> 1;
            if (get(middle).arrivalMillis() < millis) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private int slot(long position) {
        return (int) (position & (ring.length - 1));
    }

    private void resize(int length) {
        @Nullable StoredRecord[] resized = new @Nullable StoredRecord[length];
        for (long position = first; position < next; position++) {
            resized[(int) (position & (length - 1))] = ring[slot(position)];
        }
        ring = resized;
    }
}
