package io.processoptimizer.replay;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys by which outputs are sorted: names end with a zero byte, which no name holds, and numbers stand with their highest byte
 * first and their sign turned, so that the order of the bytes is the order of the values.
 */
final class Keys {
    private byte[] bytes = new byte[128];
    private int length;

    Keys begin() {
        length = 0;
        return this;
    }

    Keys name(String name) {
        byte[] utf8 = name.getBytes(StandardCharsets.UTF_8);
        makeRoom(utf8.length + 1);
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        bytes[length++] = 0;
        return this;
    }

    Keys number(long number) {
        makeRoom(Long.BYTES);
        long turned = number ^ Long.MIN_VALUE;
        for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            bytes[length++] = (byte) (turned >>> shift);
        }
        return this;
    }

    Keys small(int number) {
        makeRoom(1);
        bytes[length++] = (byte) number;
        return this;
    }

    private void makeRoom(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, (length + more) * 2);
        }
    }

    /** Valid until the next key is begun. */
    Slice done() {
        return new Slice(bytes, 0, length);
    }
}
