package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The event ids of one process within its retained horizon. There may be one for every record, so each is kept as a digest of 64 bits
 * beside its event time, in one table with open addressing: two ids of one process are mistaken for each other once in 2⁶⁴ pairs,
 * which at a thousand retained ids and a billion records a day is less than once in fifty thousand years.
 */
final class EventIds {
    private static final int FIRST_SLOTS = 8;
    private static final long FREE = 0;

    /** In the place of the digest of a record that has no id. */
    static final long NO_ID = FREE;

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final int HALF = Long.SIZE / 2;

    /** A slot is two longs: the digest, and the event time. At most two thirds are taken. */
    private long[] slots = new long[FIRST_SLOTS * 2];

    private int size;

    int size() {
        return size;
    }

    /** Whether the id with this digest is held; {@link #NO_ID} never is. */
    boolean contains(long digest) {
        return digest != NO_ID && slots[slotOf(digest)] != FREE;
    }

    /** Adds the digest of an id that is not contained. */
    void add(long digest, long time) {
        if (size * 3 >= slots.length) {
            moveTo(slots.length * 2);
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

    /** Forgets the ids of event times before {@code millis}. Where the table stays as large as it is, nothing is allocated. */
    void dropBefore(long millis) {
        int mask = slots.length - 1;
        int free = 0;
        while (slots[free] != FREE) {
            free += 2;
        }
        // From a free slot on, since no run of taken slots goes across it: what moves up has not been looked at yet.
        int at = (free + 2) & mask;
        while (at != free) {
            if (slots[at] != FREE && slots[at + 1] < millis) {
                remove(at);
                size--;
            } else {
                at = (at + 2) & mask;
            }
        }
        int wanted = Math.max(FIRST_SLOTS * 2, Integer.highestOneBit(size * 3) * 2);
        if (wanted < slots.length / 2) {
            moveTo(wanted);
        }
    }

    /** Empties a slot, and moves up into it what a probe would not find behind it (Knuth 6.4, algorithm R). */
    private void remove(int slot) {
        int mask = slots.length - 1;
        int hole = slot;
        for (int next = (slot + 2) & mask; slots[next] != FREE; next = (next + 2) & mask) {
            int home = (int) slots[next] << 1 & mask;
            if (((next - home) & mask) >= ((next - hole) & mask)) {
                slots[hole] = slots[next];
                slots[hole + 1] = slots[next + 1];
                hole = next;
            }
        }
        slots[hole] = FREE;
    }

    private void moveTo(int length) {
        long[] before = slots;
        slots = new long[length];
        for (int slot = 0; slot < before.length; slot += 2) {
            if (before[slot] != FREE) {
                put(before[slot], before[slot + 1]);
            }
        }
    }

    void clear() {
        slots = new long[FIRST_SLOTS * 2];
        size = 0;
    }

    /** Depends on nothing but the characters: it is stored. {@link #NO_ID} of null alone. */
    static long digest(@Nullable String id) {
        if (id == null) {
            return NO_ID;
        }
        int length = id.length();
        long digest = length;
        for (int at = 0; at < length; ) {
            // Four characters at a time: a multiplication waits for the one before it.
            long characters = 0;
            int end = Math.min(length, at + Long.SIZE / Character.SIZE);
            for (; at < end; at++) {
                characters = characters << Character.SIZE | id.charAt(at);
            }
            digest = (digest ^ characters) * MULTIPLIER;
            digest ^= digest >>> HALF;
        }
        digest *= MULTIPLIER;
        digest ^= digest >>> HALF;
        return digest == NO_ID ? 1 : digest;
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
