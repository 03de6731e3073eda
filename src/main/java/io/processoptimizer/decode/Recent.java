package io.processoptimizer.decode;

import org.jspecify.annotations.Nullable;

/**
 * What the strings that were read last stand for, by the bytes that follow their opening quotes: one that came a moment ago is known
 * without looking for its end. A direct-mapped cache that fits a processor's first: what falls on a taken place replaces what was there.
 */
final class Recent<T> {
    /** With its closing quote a string is told by two words. */
    static final int LONGEST = 2 * Long.BYTES - 1;

    private static final int ENTRY_BITS = 7;
    private static final int ENTRIES = 1 << ENTRY_BITS;
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    /** Of each entry: which bits of two words count, and what they are. */
    private static final int LONGS = 4;

    private final long[] words = new long[ENTRIES * LONGS];
    private final int[] lengths = new int[ENTRIES];
    private final @Nullable Object[] meanings = new @Nullable Object[ENTRIES];

    /** The entry of the string whose opening quote is before {@code from}, or -1; the data reach two words further. */
    int find(byte[] data, int from) {
        long first = Words.at(data, from);
        int entry = entryOf(first);
        int at = entry * LONGS;
        return meanings[entry] != null
                        && (first & words[at]) == words[at + 1]
                        && (Words.at(data, from + Long.BYTES) & words[at + 2]) == words[at + 3]
                ? entry
                : -1;
    }

    /** By what follows the quote, be it of the string or behind it: that is mostly the same, too. */
    private static int entryOf(long first) {
        return (int) ((first * MULTIPLIER) >>> (Long.SIZE - ENTRY_BITS));
    }

    int length(int entry) {
        return lengths[entry];
    }

    @SuppressWarnings("unchecked") // nothing else is put
    T meaning(int entry) {
        Object meaning = meanings[entry];
        if (meaning == null) {
            throw new IllegalStateException("nothing was put at " + entry);
        }
        return (T) meaning;
    }

    /** Remembers what the string at {@code [from, to)} stands for, of plain ASCII without escapes, its closing quote behind it. */
    void put(byte[] data, int from, int to, T meaning) {
        int length = to - from;
        if (length > LONGEST || from + 2 * Long.BYTES > data.length) {
            return;
        }
        long first = Words.at(data, from);
        int entry = entryOf(first);
        int at = entry * LONGS;
        words[at] = Words.first(-1L, Math.min(Long.BYTES, length + 1));
        words[at + 1] = first & words[at];
        words[at + 2] = length < Long.BYTES ? 0 : Words.first(-1L, length + 1 - Long.BYTES);
        words[at + 3] = Words.at(data, from + Long.BYTES) & words[at + 2];
        lengths[entry] = length;
        meanings[entry] = meaning;
    }
}
