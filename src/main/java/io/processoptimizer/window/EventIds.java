package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The event ids of one process within its retained horizon. There may be one for every record, so each is kept as a digest of 64 bits
 * beside its event time, in one table with open addressing: two ids of one process are mistaken for each other once in 2⁶⁴ pairs,
 * which at a thousand retained ids and a billion records a day is less than once in fifty thousand years.
 */
final class EventIds {
    private static final int FIRST_SLOTS = 8;
    private static final long FREE = 0;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final int HALF = Long.SIZE / 2;

    /** A slot is two longs: the digest, and the event time. At most two thirds are taken. */
    private long[] slots = new long[FIRST_SLOTS * 2];

    private int size;

    int size() {
        return size;
    }

    boolean contains(String id) {
        return slots[slotOf(digest(id))] != FREE;
    }

    /** Adds an id that is not contained. */
    void add(String id, long time) {
        add(digest(id), time);
    }

    private void add(long digest, long time) {
        if (size * 3 >= slots.length) {
            moveTo(slots.length * 2, Long.MIN_VALUE);
        }
        put(digest, time);
        size++;
    }

    private void put(long digest, long time) {
        int slot = slotOf(digest);
        slots[slot] = digest;
        slots[slot + 1] = time;
    }

    /** Where the digest is, or would be. */
    private int slotOf(long digest) {
        int mask = slots.length - 1;
        int slot = (int) digest << 1 & mask;
        while (slots[slot] != digest && slots[slot] != FREE) {
            slot = (slot + 2) & mask;
        }
        return slot;
    }

    void dropBefore(long millis) {
        int kept = 0;
        for (int slot = 0; slot < slots.length; slot += 2) {
            kept += slots[slot] != FREE && slots[slot + 1] >= millis ? 1 : 0;
        }
        if (kept < size) {
            size = kept;
            int wanted = Math.max(FIRST_SLOTS, Integer.highestOneBit(kept * 3) * 2);
            moveTo(wanted, millis);
        }
    }

    private void moveTo(int length, long from) {
        long[] before = slots;
        slots = new long[length];
        for (int slot = 0; slot < before.length; slot += 2) {
            if (before[slot] != FREE && before[slot + 1] >= from) {
                put(before[slot], before[slot + 1]);
            }
        }
    }

    void clear() {
        slots = new long[FIRST_SLOTS * 2];
        size = 0;
    }

    /** Depends on nothing but the characters: it is stored. Never {@link #FREE}. */
    private static long digest(String id) {
        long digest = id.length();
        for (int i = 0; i < id.length(); i++) {
            digest = (digest ^ id.charAt(i)) * MULTIPLIER;
            digest ^= digest >>> HALF;
        }
        return digest == FREE ? 1 : digest;
    }

    /** In one order whatever the table looks like: equal states have equal snapshots. */
    void write(DataOutput out) throws IOException {
        long[][] entries = new long[size][];
        int count = 0;
        for (int slot = 0; slot < slots.length; slot += 2) {
            if (slots[slot] != FREE) {
                entries[count++] = new long[] {slots[slot + 1], slots[slot]};
            }
        }
        Arrays.sort(entries, Arrays::compare);
        Wire.writeCount(out, size);
        long before = 0;
        for (long[] entry : entries) {
            Wire.writeNumber(out, entry[0] - before);
            out.writeLong(entry[1]);
            before = entry[0];
        }
    }

    void read(DataInput in) throws IOException {
        clear();
        int count = Wire.readCount(in);
        long time = 0;
        for (int i = 0; i < count; i++) {
            time += Wire.readNumber(in);
            add(in.readLong(), time);
        }
    }
}
