package io.processoptimizer.replay;

import java.util.Arrays;

/** Bytes of a larger array, valid during the call only. */
@SuppressWarnings("ArrayRecordComponent")
record Slice(byte[] bytes, int from, int length) {
    static final Slice EMPTY = of(new byte[0]);

    static Slice of(byte[] bytes) {
        return new Slice(bytes, 0, bytes.length);
    }

    byte[] toBytes() {
        return Arrays.copyOfRange(bytes, from, from + length);
    }
}
