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

    private final int maxNames;
    private byte[][] keys = new byte[FIRST_SLOTS][];
    private @Nullable String[] names = new @Nullable String[FIRST_SLOTS];
    private long[] digests = new long[FIRST_SLOTS];
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
        return find(data, from, to, Words.digest(data, from, to));
    }

    private @Nullable String find(byte[] data, int from, int to, long digest) {
        int mask = names.length - 1;
        int slot = (int) digest & mask;
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            String name = names[slot];
            if (name == null) {
                return null;
            }
            byte[] key = keys[slot];
            if (digests[slot] == digest && Arrays.equals(key, 0, key.length, data, from, to)) {
                return name;
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    /** The name with these bytes, which must be valid UTF-8, kept if there is room. */
    String intern(byte[] data, int from, int to) {
        long digest = Words.digest(data, from, to);
        String known = find(data, from, to, digest);
        if (known != null) {
            return known;
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
                digests[slot] = digest;
                return true;
            }
            slot = (slot + 1) & mask;
        }
        return false;
    }

    private void grow() {
        byte[][] oldKeys = keys;
        @Nullable String[] oldNames = names;
        long[] oldDigests = digests;
        int slots = oldNames.length * 2;
        keys = new byte[slots][];
        names = new @Nullable String[slots];
        digests = new long[slots];
        size = 0;
        for (int i = 0; i < oldNames.length; i++) {
            String name = oldNames[i];
            if (name != null && put(oldKeys[i], name, oldDigests[i])) {
                size++;
            }
        }
    }
}
