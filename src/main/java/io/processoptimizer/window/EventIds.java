package io.processoptimizer.window;

import io.processoptimizer.event.EventId;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * The event ids of one process within its retained horizon. There may be one for every record, so each is kept as a digest of 64 bits
 * beside the pane of its event time, in one table with open addressing: two ids of one process are mistaken for each other once in 2⁶⁴
 * pairs, which at a thousand retained ids and a billion records a day is less than once in fifty thousand years.
 */
final class EventIds {
    private static final int FIRST_SLOTS = 8;
    private static final long FREE = EventId.NONE;
    private static final int HALF = Long.SIZE / 2;

    /** The base lies so many panes before the first id: later ones may be as much earlier or later, which are 17 years of panes of 1 s. */
    private static final long REACH = 1L << 29;

    private final long paneMillis;

    /** At most three quarters are taken: a probe then ends where it began, mostly, in one line of a processor's cache. */
    private long[] digests = new long[FIRST_SLOTS];

    /** The pane of each slot's id, as its distance from the base. */
    private int[] panes = new int[FIRST_SLOTS];

    private long base;
    private int size;

    EventIds(long paneMillis) {
        this.paneMillis = paneMillis;
    }

    int size() {
        return size;
    }

    /** Whether the id with this digest is held; {@link EventId#NONE} never is. */
    boolean contains(long digest) {
        return digest != EventId.NONE && digests[slotOf(digest)] != FREE;
    }

    /** Adds the digest of an id that is not contained, and not {@link EventId#NONE}. */
    void add(long digest, long time) {
        if (size == 0) {
            base = Math.floorDiv(time, paneMillis) - REACH;
        }
        if ((size + 1) * 4L > digests.length * 3L) {
            moveTo(digests.length + Math.max(FIRST_SLOTS, digests.length / 4));
        }
        put(digest, paneOf(time));
        size++;
    }

    private int paneOf(long millis) {
        return (int) Math.max(0, Math.min(2 * REACH, Math.floorDiv(millis, paneMillis) - base));
    }

    private void put(long digest, int pane) {
        int slot = slotOf(digest);
        digests[slot] = digest;
        panes[slot] = pane;
    }

    /** Where the digest is, or would be. */
    private int slotOf(long digest) {
        int slot = homeOf(digest);
        while (digests[slot] != digest && digests[slot] != FREE) {
            slot = next(slot);
        }
        return slot;
    }

    /** A table of any length: the upper half of the digest is a fraction of it (Lemire 2019, Fast random integer generation). */
    private int homeOf(long digest) {
        return (int) (((digest >>> HALF) * digests.length) >>> HALF);
    }

    private int next(int slot) {
        return slot + 1 == digests.length ? 0 : slot + 1;
    }

    /**
     * Forgets the ids of event times before {@code millis}, the start of a pane. Where the table stays as large as it is, nothing is
     * allocated.
     */
    void dropBefore(long millis) {
        if (size == 0) {
            return;
        }
        int first = paneOf(millis);
        int free = 0;
        while (digests[free] != FREE) {
            free++;
        }
        // From a free slot on, since no run of taken slots goes across it: what moves up has not been looked at yet.
        for (int at = next(free); at != free; ) {
            if (digests[at] != FREE && panes[at] < first) {
                remove(at);
                size--;
            } else {
                at = next(at);
            }
        }
        if (size < digests.length / 4 && digests.length > FIRST_SLOTS) {
            moveTo(Math.max(FIRST_SLOTS, size * 2));
        }
    }

    /** Empties a slot, and moves up into it what a probe would not find behind it (Knuth 6.4, algorithm R). */
    private void remove(int slot) {
        int hole = slot;
        for (int at = next(slot); digests[at] != FREE; at = next(at)) {
            if (distance(homeOf(digests[at]), at) >= distance(hole, at)) {
                digests[hole] = digests[at];
                panes[hole] = panes[at];
                hole = at;
            }
        }
        digests[hole] = FREE;
    }

    private int distance(int from, int to) {
        return to >= from ? to - from : to - from + digests.length;
    }

    private void moveTo(int length) {
        long[] before = digests;
        int[] panesBefore = panes;
        digests = new long[length];
        panes = new int[length];
        for (int slot = 0; slot < before.length; slot++) {
            if (before[slot] != FREE) {
                put(before[slot], panesBefore[slot]);
            }
        }
    }

    void clear() {
        digests = new long[FIRST_SLOTS];
        panes = new int[FIRST_SLOTS];
        size = 0;
    }

    /**
     * In one order whatever the table looks like, pane by pane: equal states have equal snapshots. Each with the last millisecond of its
     * pane, so that a reader with other panes keeps it no shorter.
     */
    void write(DataOutput out) throws IOException {
        long[] slots = new long[size];
        int count = 0;
        for (int slot = 0; slot < digests.length; slot++) {
            if (digests[slot] != FREE) {
                slots[count++] = ((long) panes[slot] << HALF) | slot;
            }
        }
        Arrays.sort(slots);
        Wire.writeCount(out, size);
        long before = 0;
        for (int from = 0; from < size; ) {
            long pane = slots[from] >>> HALF;
            int to = from;
            while (to < size && slots[to] >>> HALF == pane) {
                slots[to] = digests[(int) slots[to]];
                to++;
            }
            Arrays.sort(slots, from, to);
            long time = (base + pane + 1) * paneMillis - 1;
            for (; from < to; from++) {
                Wire.writeNumber(out, time - before);
                out.writeLong(slots[from]);
                before = time;
            }
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
