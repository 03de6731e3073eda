package io.processoptimizer.analyse;

import java.util.Arrays;

/** Spans of time {@code [from, to)}, rising and apart from each other, epoch milliseconds. */
final class Spans {
    /** None at all; not to be added to. */
    static final Spans NONE = new Spans();

    private static final int FIRST_CAPACITY = 8;

    private long[] bounds = new long[0];
    private int size;

    /** Adds a span that begins at or after the last one's end, or nothing where it is empty; one that touches the last lengthens it. */
    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        if (size > 0 && bounds[2 * size - 1] == from) {
            bounds[2 * size - 1] = to;
            return;
        }
        if (bounds.length == 2 * size) {
            bounds = Arrays.copyOf(bounds, Math.max(FIRST_CAPACITY, 4 * size));
        }
        bounds[2 * size] = from;
        bounds[2 * size + 1] = to;
        size++;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    long from(int index) {
        return bounds[2 * index];
    }

    long to(int index) {
        return bounds[2 * index + 1];
    }
}
