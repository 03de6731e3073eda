package io.processoptimizer.event;

import java.math.BigInteger;

/**
 * Where a user record stands in its shard: the Kinesis sequence number and, inside an aggregated (KPL) record, the
 * sub-sequence number. Ordered as the shard is.
 *
 * @param sequenceNumber decimal digits, not empty
 * @param subSequenceNumber ≥ 0; 0 for a plain record
 */
public record RecordPosition(String sequenceNumber, long subSequenceNumber) implements Comparable<RecordPosition> {
    public RecordPosition {
        if (!isDigits(sequenceNumber)) {
            throw new IllegalArgumentException("sequence number must be decimal digits, not '" + sequenceNumber + "'");
        }
        if (subSequenceNumber < 0) {
            throw new IllegalArgumentException("sub-sequence number must be at least 0, not " + subSequenceNumber);
        }
    }

    private static boolean isDigits(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return false;
            }
        }
        return !text.isEmpty();
    }

    @Override
    public int compareTo(RecordPosition other) {
        // Numbers of one stream have the same length, where the comparison of digits is the comparison of numbers.
        int bySequence = sequenceNumber.length() == other.sequenceNumber.length()
                ? sequenceNumber.compareTo(other.sequenceNumber)
                : new BigInteger(sequenceNumber).compareTo(new BigInteger(other.sequenceNumber));
        return bySequence != 0 ? bySequence : Long.compare(subSequenceNumber, other.subSequenceNumber);
    }
}
