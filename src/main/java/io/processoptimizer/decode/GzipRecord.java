package io.processoptimizer.decode;

import io.processoptimizer.event.RejectReason;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** A record that its producer compressed (RFC 1952); no JSON begins like one. */
public final class GzipRecord {
    private static final byte MAGIC_1 = 0x1F;
    private static final byte MAGIC_2 = (byte) 0x8B;

    private GzipRecord() {}

    static boolean begins(byte[] data, int offset, int length) {
        return length > 2 && data[offset] == MAGIC_1 && data[offset + 1] == MAGIC_2;
    }

    /** What a compressed record holds; null of one that is not compressed, or is damaged and will be refused. */
    public static byte @Nullable [] inflated(byte[] data, int offset, int length) {
        try {
            return begins(data, offset, length) ? inflate(data, offset, length) : null;
        } catch (Refusal refused) {
            return null;
        }
    }

    static byte[] inflate(byte[] data, int offset, int length) throws Refusal {
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(data, offset, length))) {
            byte[] inflated = in.readNBytes(Limits.MAX_INFLATED_BYTES + 1);
            if (inflated.length > Limits.MAX_INFLATED_BYTES) {
                throw new Refusal(
                        RejectReason.TOO_LARGE,
                        "the compressed record holds more than " + Limits.MAX_INFLATED_BYTES + " bytes");
            }
            return inflated;
        } catch (IOException e) {
            throw new Refusal(
                    RejectReason.MALFORMED,
                    "the record begins as gzip and cannot be decompressed ("
                            + Printable.text(String.valueOf(e.getMessage())) + "); expected one whole gzip stream");
        }
    }
}
