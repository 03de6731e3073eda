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
    private int[] hashes = new int[FIRST_SLOTS];
    private int size;

    /** @param maxNames how many names are kept, ≥ 1 */
    NameTable(int maxNames) {
        if (maxNames < 1) {
            throw new IllegalArgumentException("maxNames must be at least 1, not " + maxNames);
        }
        this.maxNames = maxNames;
    }

    /** Adds one byte to the hash of a name, which starts at 0. */
    static int hash(int hash, byte next) {
        return hash * 31 + next;
    }

    /** The kept name with these bytes, or null. */
    @Nullable
    String find(byte[] data, int from, int to, int hash) {
        int mask = names.length - 1;
        int slot = spread(hash) & mask;
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            String name = names[slot];
            if (name == null) {
                return null;
            }
            byte[] key = keys[slot];
            if (hashes[slot] == hash && Arrays.equals(key, 0, key.length, data, from, to)) {
                return name;
            }
            slot = (slot + 1) & mask;
        }
        return null;
    }

    /** The name with these bytes, which must be valid UTF-8, kept if there is room. */
    String intern(byte[] data, int from, int to, int hash) {
        String known = find(data, from, to, hash);
        if (known != null) {
            return known;
        }
        String name = new String(data, from, to - from, StandardCharsets.UTF_8);
        if (size < maxNames) {
            if (size * 2 >= names.length) {
                grow();
            }
            if (put(Arrays.copyOfRange(data, from, to), name, hash)) {
                size++;
            }
        }
        return name;
    }

    /** The same for a string without unpaired surrogates. */
    String intern(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        int hash = 0;
        for (byte b : utf8) {
            hash = hash(hash, b);
        }
        return intern(utf8, 0, utf8.length, hash);
    }

    private boolean put(byte[] key, String name, int hash) {
        int mask = names.length - 1;
        int slot = spread(hash) & mask;
        for (int probe = 0; probe < MAX_PROBES; probe++) {
            if (names[slot] == null) {
                keys[slot] = key;
                names[slot] = name;
                hashes[slot] = hash;
                return true;
            }
            slot = (slot + 1) & mask;
        }
        return false;
    }

    private void grow() {
        byte[][] oldKeys = keys;
        @Nullable String[] oldNames = names;
        int[] oldHashes = hashes;
        int slots = oldNames.length * 2;
        keys = new byte[slots][];
        names = new @Nullable String[slots];
        hashes = new int[slots];
        size = 0;
        for (int i = 0; i < oldNames.length; i++) {
            String name = oldNames[i];
            if (name != null && put(oldKeys[i], name, oldHashes[i])) {
                size++;
            }
        }
    }

    private static int spread(int hash) {
        int mixed = hash * 0x9E3779B1;
        return mixed ^ (mixed >>> 15);
    }
}
