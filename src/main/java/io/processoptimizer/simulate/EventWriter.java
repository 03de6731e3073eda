package io.processoptimizer.simulate;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffer of bytes that grows, and writes numbers in decimal without making strings. */
final class EventWriter {

    /** A canonical event has some 250 bytes. */
    private static final int INITIAL_BYTES = 512;

    /** Digits of the largest long. */
    private static final int MAX_DIGITS = 19;

    private byte[] bytes = new byte[INITIAL_BYTES];
    private int size;

    /** A constant piece of an event. */
    static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    EventWriter clear() {
        size = 0;
        return this;
    }

    void writeTo(OutputStream out) throws IOException {
        out.write(bytes, 0, size);
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    EventWriter write(byte[] piece) {
        ensure(piece.length);
        System.arraycopy(piece, 0, bytes, size, piece.length);
        size += piece.length;
        return this;
    }

    EventWriter write(char ascii) {
        ensure(1);
        bytes[size++] = (byte) ascii;
        return this;
    }

    /** Writes a number of 0 or more. */
    EventWriter number(long value) {
        ensure(MAX_DIGITS);
        int digits = digits(value);
        long rest = value;
        for (int i = size + digits - 1; i >= size; i--) {
            bytes[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        size += digits;
        return this;
    }

    /** Writes {@code value} · 10^-{@code scale}, a number of 0 or more, without trailing zeros. */
    EventWriter decimal(long value, int scale) {
        long fraction = value;
        int places = scale;
        while (places > 0 && fraction % 10 == 0) {
            fraction /= 10;
            places--;
        }
        long unit = 1;
        for (int i = 0; i < places; i++) {
            unit *= 10;
        }
        number(fraction / unit);
        if (places > 0) {
            write('.');
            ensure(places);
            long rest = fraction % unit;
            for (int i = size + places - 1; i >= size; i--) {
                bytes[i] = (byte) ('0' + rest % 10);
                rest /= 10;
            }
            size += places;
        }
        return this;
    }

    private static int digits(long value) {
        int digits = 1;
        for (long rest = value; rest >= 10; rest /= 10) {
            digits++;
        }
        return digits;
    }

    private void ensure(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
        }
    }
}
