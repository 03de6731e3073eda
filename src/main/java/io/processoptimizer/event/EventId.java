package io.processoptimizer.event;

import org.jspecify.annotations.Nullable;

/**
 * A producer's id of an event, as a digest of 64 bits. It depends on nothing but the characters: it is stored. Two ids are mistaken for
 * each other once in 2⁶⁴ pairs.
 */
public final class EventId {
    /** The digest of no id. */
    public static final long NONE = 0;

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;
    private static final int HALF = Long.SIZE / 2;

    /** Characters digested at once, as one number: a multiplication waits for the one before it. */
    private static final int AT_ONCE = Long.SIZE / Character.SIZE;

    private EventId() {}

    /** Never {@link #NONE}, but of null. */
    public static long digest(@Nullable String id) {
        if (id == null) {
            return NONE;
        }
        int length = id.length();
        long digest = length;
        for (int at = 0; at < length; ) {
            long characters = 0;
            int end = Math.min(length, at + AT_ONCE);
            for (; at < end; at++) {
                characters = (characters << Character.SIZE) | id.charAt(at);
            }
            digest = mixed(digest, characters);
        }
        return last(digest);
    }

    /** The same of the ASCII characters {@code [from, to)}, of which there is at least one. */
    public static long digest(byte[] ascii, int from, int to) {
        long digest = (long) to - from;
        int at = from;
        for (; at + AT_ONCE <= to; at += AT_ONCE) {
            digest = mixed(
                    digest,
                    ((long) ascii[at] << (3 * Character.SIZE))
                            | ((long) ascii[at + 1] << (2 * Character.SIZE))
                            | ((long) ascii[at + 2] << Character.SIZE)
                            | ascii[at + 3]);
        }
        if (at < to) {
            long characters = 0;
            for (; at < to; at++) {
                characters = (characters << Character.SIZE) | ascii[at];
            }
            digest = mixed(digest, characters);
        }
        return last(digest);
    }

    private static long mixed(long digest, long characters) {
        long product = (digest ^ characters) * MULTIPLIER;
        return product ^ (product >>> HALF);
    }

    private static long last(long digest) {
        long product = digest * MULTIPLIER;
        product ^= product >>> HALF;
        return product == NONE ? 1 : product;
    }
}
