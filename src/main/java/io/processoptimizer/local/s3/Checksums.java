package io.processoptimizer.local.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/** Checksums of an object: those that the client names are compared with the data, and kept. */
final class Checksums {
    private static final String PREFIX = "x-amz-checksum-";

    /** Those that Java can compute; of others (CRC-64/NVME) the client's word is kept as it is. */
    private static final Map<String, Function<byte[], byte[]>> KNOWN = Map.of(
            "crc32", data -> crc(new CRC32(), data),
            "crc32c", data -> crc(new CRC32C(), data),
            "sha1", data -> digest("SHA-1", data),
            "sha256", data -> digest("SHA-256", data));

    private Checksums() {}

    /** The ETag of an object that was put in one piece. */
    static String etag(byte[] data) {
        return '"' + HexFormat.of().formatHex(digest("MD5", data)) + '"';
    }

    /**
     * @param headers of the request and behind its body, names in lower case
     * @return those that are checksums of the object
     */
    static Map<String, String> verified(byte[] data, Map<String, String> headers) {
        compare("Content-MD5", headers.get("content-md5"), digest("MD5", data));
        Map<String, String> kept = new LinkedHashMap<>();
        headers.forEach((name, value) -> {
            String algorithm = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : "";
            Function<byte[], byte[]> known = KNOWN.get(algorithm);
            if (known != null) {
                compare(name, value, known.apply(data));
            }
            if (known != null || algorithm.equals("crc64nvme")) {
                kept.put(name, value);
            }
        });
        return kept;
    }

    private static void compare(String name, @Nullable String given, byte[] computed) {
        String expected = Base64.getEncoder().encodeToString(computed);
        if (given != null && !given.equals(expected)) {
            throw S3Error.BAD_DIGEST.with("The " + name + " you specified (" + given
                    + ") did not match the calculated checksum (" + expected + ").");
        }
    }

    private static byte[] crc(Checksum checksum, byte[] data) {
        checksum.update(data, 0, data.length);
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static byte[] digest(String algorithm, byte[] data) {
        try {
            return MessageDigest.getInstance(algorithm).digest(data);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm + "; this one does not", e);
        }
    }
}
