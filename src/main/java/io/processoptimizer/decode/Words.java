package io.processoptimizer.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Eight bytes at a time, as one number whose lowest byte is the first. A byte of a word is marked by its top bit; where several marks
 * come out of one test, only the first is sure, since a difference may borrow from the byte above (Mycroft 1987).
 */
public final class Words {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101_0101_0101_0101L;
    private static final long TOP_BITS = 0x8080_8080_8080_8080L;
    private static final long QUOTES = ONES * '"';
    private static final long BACKSLASHES = ONES * '\\';
    private static final long SPACES = ONES * ' ';
    private static final long DELETES = ONES * 0x7F;
    private static final long ZEROS = ONES * '0';
    private static final long LOW_BITS = ~TOP_BITS;

    /** Lifts 10 and more into the top bit, and 9 not. */
    private static final long ABOVE_NINE = ONES * (0x80 - 10);

    private static final long LOWER_HALVES = ONES * 0x0F;

    private Words() {}

    /** The bytes {@code [at, at + 8)}. */
    public static long at(byte[] bytes, int at) {
        return (long) LONGS.get(bytes, at);
    }

    /** Up to eight bytes; the ones that are missing are 0. */
    static long at(byte[] bytes, int at, int count) {
        if (at + Long.BYTES <= bytes.length) {
            return count >= Long.BYTES ? at(bytes, at) : at(bytes, at) & ((1L << (count * Byte.SIZE)) - 1);
        }
        long word = 0;
        for (int i = count - 1; i >= 0; i--) {
            word = word << Byte.SIZE | (bytes[at + i] & 0xFF);
        }
        return word;
    }

    /** Marks the bytes equal to {@code sought}, which stands in every byte of its word. */
    public static long equal(long word, long sought) {
        long differences = word ^ sought;
        return (differences - ONES) & ~differences & TOP_BITS;
    }

    /** Every byte the same. */
    public static long of(char ascii) {
        return ONES * ascii;
    }

    /** Marks the bytes that do not stand for themselves within a JSON string of ASCII: quote, escape, control, non-ASCII. */
    static long special(long word) {
        long controls = (word - SPACES) & ~word;
        return ((controls | word) & TOP_BITS) | equal(word, QUOTES) | equal(word, BACKSLASHES) | equal(word, DELETES);
    }

    /** How many bytes stand before the first mark; 8 where there is none. */
    public static int before(long marks) {
        return Long.numberOfTrailingZeros(marks) / Byte.SIZE;
    }

    /** Marks each byte that is no decimal digit: every mark is sure. */
    static long notDigits(long word) {
        long values = word ^ ZEROS;
        return (((values & LOW_BITS) + ABOVE_NINE) | values) & TOP_BITS;
    }

    /** Marks the bytes that are quotes. */
    static long quotes(long word) {
        return equal(word, QUOTES);
    }

    /** The first bytes of a word, the others 0. */
    static long first(long word, int bytes) {
        return bytes >= Long.BYTES ? word : word & ((1L << (bytes * Byte.SIZE)) - 1);
    }

    /** The number that the first {@code count} digits spell, 1 to 8. */
    static long number(long digits, int count) {
        // Bytes of 0 move in before them, which count as zeros.
        return number(digits << ((Long.BYTES - count) * Byte.SIZE));
    }

    /** The number that eight digits spell: pairs, then fours, then all, by one multiplication each. */
    static long number(long digits) {
        long pairs = ((digits & LOWER_HALVES) * ((10 << 8) + 1)) >>> 8 & 0x00FF_00FF_00FF_00FFL;
        long fours = (pairs * ((100 << 16) + 1)) >>> 16 & 0x0000_FFFF_0000_FFFFL;
        return (fours * ((10_000L << 32) + 1)) >>> 32;
    }

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    /** A digest of {@code bytes[from, to)}, for tables in memory. */
    public static long digest(byte[] bytes, int from, int to) {
        long digest = 0;
        for (int at = from; at < to; at += Long.BYTES) {
            digest = mixed(digest, at(bytes, at, to - at));
        }
        return mixed(digest, to - from);
    }

    /** A step of a digest: the words in their order, the last one filled up with 0, then how many bytes they are. */
    static long mixed(long digest, long word) {
        long product = (digest ^ word) * MULTIPLIER;
        return product ^ (product >>> 32);
    }
}
