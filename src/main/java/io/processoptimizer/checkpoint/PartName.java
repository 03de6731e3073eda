package io.processoptimizer.checkpoint;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The name of a part in a store that knows only names: {@code SHARD/ID.NNNN}, the same in a bucket and in a folder. Shard and id are
 * written with letters, digits, - and _; any other byte of their UTF-8 as %XX. So no shard can name a place outside its own, and no
 * name of a shard or a state is the beginning of another's.
 *
 * @param id names the state within its shard
 * @param index of the part, ≥ 0
 */
public record PartName(String id, int index) {
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    /** The folder of a shard, without a separator at its end. */
    public static String shardFolder(String shardId) {
        return encode(shardId);
    }

    /** What the names of all parts of a state begin with, and no others of its shard. */
    public static String prefix(String id) {
        return encode(id) + ".";
    }

    /** The part's name within its shard's folder. Four digits keep the parts of any state that a worker can hold in order. */
    public String file() {
        return String.format(Locale.ROOT, "%s.%04d", encode(id), index);
    }

    /** The id in the name of a part, or of anything that begins like one; null where it is no name of a part. */
    public static @Nullable String idOf(String file) {
        int dot = file.indexOf('.');
        return dot <= 0 ? null : decode(file.substring(0, dot));
    }

    private static String encode(String name) {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a shard or a state without a name cannot be stored");
        }
        StringBuilder out = new StringBuilder(name.length());
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (PLAIN.indexOf(b) >= 0) {
                out.append((char) b);
            } else {
                out.append(String.format(Locale.ROOT, "%%%02X", b & 0xFF));
            }
        }
        return out.toString();
    }

    private static @Nullable String decode(String encoded) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(encoded.length());
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (PLAIN.indexOf(c) >= 0) {
                out.write(c);
            } else if (c == '%' && i + 3 <= encoded.length() && isHex(encoded.substring(i + 1, i + 3))) {
                out.write(Integer.parseInt(encoded.substring(i + 1, i + 3), 16));
                i += 2;
            } else {
                return null;
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static boolean isHex(String digits) {
        return digits.matches("[0-9A-F]{2}");
    }
}
