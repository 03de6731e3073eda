package io.processoptimizer.local.s3;

import java.time.Instant;
import java.util.Map;

/**
 * An object as it was put.
 *
 * @param data treat as read-only
 * @param etag the MD5 of the data in hexadecimal, in quotes
 * @param modified when it was put, to the second
 * @param headers sent again with the object: its type, what the client says of it, in lower case
 * @param checksums by header, {@code x-amz-checksum-crc32c}: sent again where the client asks
 */
@SuppressWarnings("ArrayRecordComponent") // the object itself, shared by all who read it
record StoredObject(
        byte[] data, String etag, Instant modified, Map<String, String> headers, Map<String, String> checksums) {
    StoredObject {
        headers = Map.copyOf(headers);
        checksums = Map.copyOf(checksums);
    }
}
