package io.processoptimizer.local.kinesis;

import java.nio.charset.StandardCharsets;

/**
 * A record as a shard keeps it.
 *
 * @param position position in its shard, from 1
 * @param arrivalMillis ApproximateArrivalTimestamp, epoch ms; never decreases within a shard
 * @param partitionKey 1 to 256 characters
 * @param data the bytes, never changed after they were stored
 */
@SuppressWarnings("ArrayRecordComponent") // The bytes go from socket to socket; a wrapper would copy every record.
record StoredRecord(long position, long arrivalMillis, String partitionKey, byte[] data) {
    /** Two object headers, fields, the key's header and the slot in the log: measured at about 100 bytes on a 64-bit JVM. */
    private static final int BOOKKEEPING_BYTES = 112;

    /** What counts against the record, request and rate limits: data and key, in bytes. */
    static int payloadBytes(String partitionKey, byte[] data) {
        return data.length + utf8Length(partitionKey);
    }

    /** What holding the record costs, in bytes. */
    static int storedBytes(String partitionKey, byte[] data) {
        return data.length + partitionKey.length() + BOOKKEEPING_BYTES;
    }

    int payloadBytes() {
        return payloadBytes(partitionKey, data);
    }

    int storedBytes() {
        return storedBytes(partitionKey, data);
    }

    private static int utf8Length(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > 0x7f) {
                return text.getBytes(StandardCharsets.UTF_8).length;
            }
        }
        return text.length();
    }
}
