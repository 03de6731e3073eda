package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of hash keys, both ends included, within 0 to 2^128 - 1.
 *
 * @param start first key
 * @param end last key, not before {@code start}
 */
record HashKeyRange(BigInteger start, BigInteger end) {
    private static final BigInteger KEYS = BigInteger.ONE.shiftLeft(128);
    static final BigInteger LAST_KEY = KEYS.subtract(BigInteger.ONE);

    HashKeyRange {
        if (start.signum() < 0 || end.compareTo(start) < 0 || end.compareTo(LAST_KEY) > 0) {
            throw new IllegalArgumentException("not a range of hash keys: " + start + " to " + end);
        }
    }

    /** The key that a partition key is routed by: its MD5 as an unsigned 128-bit number. */
    static BigInteger hashOf(String partitionKey) {
        try {
            // The service's routing is defined by MD5; nothing here relies on it being secure.
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            return new BigInteger(1, md5.digest(partitionKey.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has MD5; this one does not", e);
        }
    }

    /** The first key of the part {@code index} of {@code parts} equal ones, {@code index} from 0 to {@code parts}. */
    static BigInteger boundary(int index, int parts) {
        return KEYS.multiply(BigInteger.valueOf(index)).divide(BigInteger.valueOf(parts));
    }

    /** All keys in {@code parts} ranges of equal size (to within one key), in order. */
    static List<HashKeyRange> evenly(int parts) {
        List<HashKeyRange> ranges = new ArrayList<>(parts);
        for (int i = 0; i < parts; i++) {
            ranges.add(
                    new HashKeyRange(boundary(i, parts), boundary(i + 1, parts).subtract(BigInteger.ONE)));
        }
        return ranges;
    }

    boolean contains(BigInteger key) {
        return start.compareTo(key) <= 0 && key.compareTo(end) <= 0;
    }

    /** Whether {@code next} begins with the key after this range's last. */
    boolean isFollowedBy(HashKeyRange next) {
        return end.add(BigInteger.ONE).equals(next.start);
    }

    /** The keys before {@code key}, which must lie inside and not be the first. */
    HashKeyRange below(BigInteger key) {
        return new HashKeyRange(start, key.subtract(BigInteger.ONE));
    }

    /** The keys from {@code key}, which must lie inside. */
    HashKeyRange from(BigInteger key) {
        return new HashKeyRange(key, end);
    }

    /** This range and the one that follows it. */
    HashKeyRange joinedWith(HashKeyRange next) {
        return new HashKeyRange(start, next.end);
    }
}
