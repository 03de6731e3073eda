package io.processoptimizer.local.kinesis;

import java.math.BigInteger;

/**
 * A sequence number: 186 bits, hence always 56 decimal digits. From the top: 2 bits version (2), 40 bits creation of the shard
 * (ms since 2020), 64 bits position in the shard, 44 bits arrival (epoch ms), 32 bits index of the shard, 4 bits version (2).
 * Version and shard index stand where the service has them, because client libraries read them there. The creation of the shard
 * comes first, so the numbers of a child shard are greater than all of its parents'.
 *
 * @param shardCreatedMillis creation of the shard, epoch ms, from 2020 to 2054
 * @param shardIndex index of the shard in its stream, not negative
 * @param position position in the shard; 0 is the shard's start, records count from 1
 * @param arrivalMillis arrival of the record, epoch ms
 */
record SequenceNumber(long shardCreatedMillis, int shardIndex, long position, long arrivalMillis) {
    private static final long YEAR_2020_MILLIS = 1_577_836_800_000L;
    private static final long VERSION = 2;
    private static final int BITS = 186;
    private static final int CREATED_BITS = 40;
    private static final int ARRIVAL_BITS = 44;
    private static final int SHARD_BITS = 32;
    private static final int VERSION_BITS = 4;
    /** No record arrives later. */
    static final long LATEST_ARRIVAL_MILLIS = (1L << ARRIVAL_BITS) - 1;

    private static final int SHARD_AT = VERSION_BITS;
    private static final int ARRIVAL_AT = SHARD_AT + SHARD_BITS;
    private static final int POSITION_AT = ARRIVAL_AT + ARRIVAL_BITS;
    private static final int CREATED_AT = POSITION_AT + Long.SIZE;

    SequenceNumber {
        long created = shardCreatedMillis - YEAR_2020_MILLIS;
        if (created < 0 || created >= 1L << CREATED_BITS || arrivalMillis > LATEST_ARRIVAL_MILLIS) {
            throw new IllegalArgumentException("the clock says " + arrivalMillis + " ms and a shard was created at "
                    + shardCreatedMillis + " ms; sequence numbers reach from 2020 to 2054: set the clock");
        }
    }

    BigInteger value() {
        BigInteger top = BigInteger.valueOf(VERSION << CREATED_BITS | (shardCreatedMillis - YEAR_2020_MILLIS));
        BigInteger bottom = BigInteger.valueOf((long) shardIndex << VERSION_BITS | VERSION);
        return top.shiftLeft(CREATED_AT)
                .or(BigInteger.valueOf(position).shiftLeft(POSITION_AT))
                .or(BigInteger.valueOf(arrivalMillis).shiftLeft(ARRIVAL_AT))
                .or(bottom);
    }

    /** The 56 digits. */
    @Override
    public String toString() {
        return value().toString();
    }

    /** Whether a number was made by an endpoint of this kind at all. */
    static boolean isOurs(BigInteger number) {
        return number.bitLength() == BITS;
    }

    static long shardCreatedMillisOf(BigInteger number) {
        return bits(number, CREATED_AT, CREATED_BITS) + YEAR_2020_MILLIS;
    }

    static int shardIndexOf(BigInteger number) {
        return (int) bits(number, SHARD_AT, SHARD_BITS);
    }

    static long positionOf(BigInteger number) {
        return bits(number, POSITION_AT, Long.SIZE);
    }

    private static long bits(BigInteger number, int at, int count) {
        long low = number.shiftRight(at).longValue();
        return count == Long.SIZE ? low : low & (1L << count) - 1;
    }
}
