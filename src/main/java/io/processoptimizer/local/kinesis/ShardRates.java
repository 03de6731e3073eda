package io.processoptimizer.local.kinesis;

/** The rates of one shard where they are enforced. Not thread safe; the shard's lock guards it. */
final class ShardRates {
    /** Per second and shard, from the service's quotas page. */
    static final long WRITTEN_BYTES = 1L << 20;

    static final long WRITTEN_RECORDS = 1_000;
    static final long READ_CALLS = 5;
    static final long READ_BYTES = 2L << 20;

    private final Throttle writtenBytes = new Throttle(WRITTEN_BYTES);
    private final Throttle writtenRecords = new Throttle(WRITTEN_RECORDS);
    private final Throttle readCalls = new Throttle(READ_CALLS);
    private final Throttle readBytes = new Throttle(READ_BYTES);

    /** Takes one record of this size, or nothing. */
    boolean tryWrite(int payloadBytes, long nowMillis) {
        if (!writtenRecords.has(1, nowMillis) || !writtenBytes.has(payloadBytes, nowMillis)) {
            return false;
        }
        writtenRecords.take(1);
        writtenBytes.take(payloadBytes);
        return true;
    }

    /** Takes one call. What it reads is known only afterwards: {@link #wasRead}. */
    boolean tryRead(long nowMillis) {
        if (!readCalls.has(1, nowMillis) || !readBytes.has(1, nowMillis)) {
            return false;
        }
        readCalls.take(1);
        return true;
    }

    void wasRead(long payloadBytes) {
        readBytes.take(payloadBytes);
    }
}
