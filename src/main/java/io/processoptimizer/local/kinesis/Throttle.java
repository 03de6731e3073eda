package io.processoptimizer.local.kinesis;

/**
 * A token bucket that holds one second's worth. A taking larger than that is let through when the bucket is full and leaves a
 * debt, as the service does with a 10 MiB read against 2 MiB/s. Not thread safe; its owner's lock guards it.
 */
final class Throttle {
    private final long perSecond;
    private double available;
    private long refilledAtMillis = Long.MIN_VALUE;

    Throttle(long perSecond) {
        this.perSecond = perSecond;
        this.available = perSecond;
    }

    /** Whether {@code amount} may be taken now. */
    boolean has(long amount, long nowMillis) {
        refill(nowMillis);
        return available >= Math.min(amount, perSecond);
    }

    void take(long amount) {
        available -= amount;
    }

    private void refill(long nowMillis) {
        if (refilledAtMillis != Long.MIN_VALUE && nowMillis > refilledAtMillis) {
            available = Math.min(
                    (double) perSecond, available + (nowMillis - refilledAtMillis) * (double) perSecond / 1000);
        }
        refilledAtMillis = Math.max(refilledAtMillis, nowMillis);
    }
}
