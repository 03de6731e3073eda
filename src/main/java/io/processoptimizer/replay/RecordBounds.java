package io.processoptimizer.replay;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a recording is done.
 *
 * @param until up to which arrival
 * @param length how long it runs; null: without a limit
 * @param maxRecords how many records the folder shall hold at most, over all shards and starts; {@link Long#MAX_VALUE}: no limit
 */
public record RecordBounds(Until until, @Nullable Duration length, long maxRecords) {
    /** Clocks of AWS and of this machine differ by less; else AWS would soon refuse our signatures, too. */
    private static final long CLOCK_SKEW_MILLIS = 10_000;

    /** All that has arrived so far, to its end. */
    public static final RecordBounds ALL_SO_FAR = new RecordBounds(new Now(), null, Long.MAX_VALUE);

    public RecordBounds {
        if (maxRecords < 1) {
            throw new IllegalArgumentException("--records is " + maxRecords + "; use 1 or more");
        }
    }

    /** Up to which arrival. */
    public sealed interface Until {}

    /** All that has arrived when recording starts, and perhaps some that came in the meantime. */
    public record Now() implements Until {}

    /** What arrived before then: a shard ends at its first record that did not. */
    public record Time(long epochMillis) implements Until {}

    /** Everything that comes. */
    public record Never() implements Until {}

    /** Whether a record, and with it all that follows, lies beyond. */
    boolean isBeyond(long arrivalMillis, long startedMillis) {
        if (until instanceof Time time) {
            return arrivalMillis >= time.epochMillis;
        }
        return until instanceof Now && arrivalMillis > startedMillis + CLOCK_SKEW_MILLIS;
    }

    /** Whether a shard is done whose newest record has been read. */
    boolean isReachedAtTheTip(long nowMillis) {
        if (until instanceof Time time) {
            return nowMillis >= time.epochMillis + CLOCK_SKEW_MILLIS;
        }
        return until instanceof Now;
    }
}
