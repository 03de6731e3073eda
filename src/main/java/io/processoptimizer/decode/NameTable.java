package io.processoptimizer.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Names by their UTF-8 bytes, so that a name that was seen before costs a look-up and no allocation. Open addressing with
 * linear probing, at most half full, O(1) a look-up. Bounded twice: beyond {@code maxNames} and where a probe grows long (names
 * chosen to collide), a name is simply not kept and becomes a new string each time.
 */
final class NameTable {
    /** At half load a run this long does not happen by chance. */
    private static final int MAX_PROBES = 32;

    private static final int FIRST_SLOTS = 64;

    /** Of each slot: the digest of its name, then the name's first two words. */
    private static final int LONGS = 3;

    /** A name that its digest, its length and two words tell from every other. */
    private static final int SHORT = 2 * Long.BYTES;

    private final int maxNames;
    private byte[][] keys = new byte[FIRST_SLOTS][];
    private @Nullable String[] names = new @Nullable String[FIRST_SLOTS];
    private long[] words = new long[FIRST_SLOTS * LONGS];
    private int size;

    /** @param maxNames how many names are kept, ≥ 1 */
    NameTable(int maxNames) {
        if (maxNames < 1) {
            throw new IllegalArgumentException("maxNames must be at least 1, not " + maxNames);
        }
        this.maxNames = maxNames;
    }

    /** The kept name with these bytes, or null. */
    @Nullable
    String find(byte[] data, int from, int to) {
        int slot = slotOf(data, from, to, Words.digest(data, from, to));
        return slot < 0 ? null : names[slot];
    }

    /** Where the name with these bytes is kept, or -1. */
    private int slotOf(byte[] data, int from, int to, long digest) {
        int length = to - from;
        long first = Words.at(data, from, Math.min(length, Long.BYTES));
        long second =
                length <= Long.BYTES ? 0 : Words.at(data, from + Long.BYTES, Math.min(length - Long.BYTES, Long.BYTES));
        int mask = names.length - 1;
        int slot = (int) digest & mask;
        for (int probe = 0; probe < MAX_PROBES && names[slot] != null; probe++) {
            int at = slot * LONGS;
            if (words[at] == digest && words[at + 1] == first && words[at + 2] == second) {
                byte[] key = keys[slot];
                if (key.length == length && (length <= SHORT || Arrays.equals(key, 0, length, data, from, to))) {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
        return -1;
    }

    /** The name with these bytes, which must be valid UTF-8, kept if there is room. */
    String intern(byte[] data, int from, int to) {
        return intern(data, from, to, Words.digest(data, from, to));
    }

    /** @param digest as {@link Words#digest} has it */
    String intern(byte[] data, int from, int to, long digest) {
        int known = slotOf(data, from, to, digest);
        if (known >= 0) {
            return names[known];
        }
        String name = new String(data, from, to - from, StandardCharsets.UTF_8);
        if (size < maxNames) {
            if (size * 2 >= names.length) {
                grow();
            }
            if (put(Arrays.copyOfRange(data, from, to), name, digest)) {
                size++;
            }
        }
        return name;
    }

    /** The same for a string without unpaired surrogates. */
    String intern(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        return intern(utf8, 0, utf8.length);
    }

    private boolean put(byte[] key, String name, long digest) {
        int mask = names.length - 1;
        int slot = (int) digest & mask;
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            if (names[slot] == null) {
                keys[slot] = key;
                names[slot] = name;
                words[slot * LONGS] = digest;
                words[slot * LONGS + 1] = Words.at(key, 0, Math.min(key.length, Long.BYTES));
                words[slot * LONGS + 2] = key.length <= Long.BYTES
                        ? 0
                        : Words.at(key, Long.BYTES, Math.min(key.length - Long.BYTES, Long.BYTES));
                return true;
            }
            slot = (slot + 1) & mask;
        }
        return false;
    }

    private void grow() {
        byte[][] oldKeys = keys;
        @Nullable String[] oldNames = names;
        long[] oldWords = words;
        int slots = oldNames.length * 2;
        keys = new byte[slots][];
        names = new @Nullable String[slots];
        words = new long[slots * LONGS];
        size = 0;
        for (int i = 0; i < oldNames.length; i++) {
            String name = oldNames[i];
            if (name != null && put(oldKeys[i], name, oldWords[i * LONGS])) {
                size++;
            }
        }
    }
}
