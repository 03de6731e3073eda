package io.processoptimizer.local.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The body of an upload in the encoding {@code aws-chunked}, which the SDKs use to send a checksum behind the data: chunks of {@code
 * SIZE[;chunk-signature=…]\r\nDATA\r\n}, an empty one, then header lines. Signatures are not looked at: everybody may use this endpoint.
 * See "Signature Calculations for the Authorization Header: Transferring Payload in Multiple Chunks" in the API reference of S3.
 *
 * @param data the chunks' data, joined
 * @param trailers header lines behind the data, names in lower case
 */
@SuppressWarnings("ArrayRecordComponent") // the object that becomes of it
record AwsChunks(byte[] data, Map<String, String> trailers) {
    private static final int HEXADECIMAL = 16;

    /** A chunk's line has its size and a signature; a trailer is a checksum or a signature. */
    private static final int MAX_LINE = 1_024;

    private static final int MAX_TRAILERS = 16;

    static AwsChunks decode(byte[] body) {
        return new Decoder(body).decode();
    }

    private static final class Decoder {
        private final byte[] body;
        private final byte[] data;
        private int at;
        private int length;

        Decoder(byte[] body) {
            this.body = body;
            this.data = new byte[body.length];
        }

        AwsChunks decode() {
            for (int size = chunkSize(); size > 0; size = chunkSize()) {
                if (size > body.length - at) {
                    throw incomplete();
                }
                System.arraycopy(body, at, data, length, size);
                at += size;
                length += size;
                if (!line().isEmpty()) {
                    throw S3Error.INVALID_REQUEST.with("A chunk of the body is longer than it says.");
                }
            }
            Map<String, String> trailers = new TreeMap<>();
            // The last line is empty; some clients end without it.
            while (at < body.length) {
                String line = line();
                int colon = line.indexOf(':');
                if (colon < 0) {
                    break;
                }
                trailers.put(
                        line.substring(0, colon).strip().toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
                if (trailers.size() > MAX_TRAILERS) {
                    throw S3Error.INVALID_REQUEST.with("The body has more than " + MAX_TRAILERS + " trailers.");
                }
            }
            return new AwsChunks(Arrays.copyOf(data, length), trailers);
        }

        private int chunkSize() {
            String line = line();
            int semicolon = line.indexOf(';');
            String size = semicolon < 0 ? line : line.substring(0, semicolon);
            try {
                int bytes = Integer.parseInt(size, HEXADECIMAL);
                if (bytes >= 0) {
                    return bytes;
                }
            } catch (NumberFormatException e) {
                // said below
            }
            throw S3Error.INVALID_REQUEST.with("A chunk of the body begins with '" + size + "', which is no size.");
        }

        private String line() {
            int end = at;
            while (end < body.length && body[end] != '\n') {
                end++;
                if (end - at > MAX_LINE) {
                    throw S3Error.INVALID_REQUEST.with("A line of the chunked body is too long.");
                }
            }
            if (end == body.length) {
                throw incomplete();
            }
            String line = new String(body, at, end - at, StandardCharsets.UTF_8);
            at = end + 1;
            return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
        }

        private static S3Refusal incomplete() {
            return S3Error.INCOMPLETE_BODY.with("The request body terminated unexpectedly.");
        }
    }
}
