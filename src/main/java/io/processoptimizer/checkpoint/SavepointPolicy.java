package io.processoptimizer.checkpoint;

/**
 * Which snapshots outlive the next commit, so that a recovery can land on an exact state.
 *
 * @param intervalMillis from one savepoint of a shard to the next, > 0
 * @param keepMillis how long a savepoint is kept, ≥ 0
 */
public record SavepointPolicy(long intervalMillis, long keepMillis) {
    /** One an hour, for a day. */
    public static final SavepointPolicy DEFAULT = new SavepointPolicy(3_600_000, 86_400_000);

    public SavepointPolicy {
        if (intervalMillis <= 0 || keepMillis < 0) {
            throw new IllegalArgumentException("savepoints every " + intervalMillis + " ms, kept for " + keepMillis
                    + " ms; the first must be greater than 0, the second not negative");
        }
    }

    public boolean isDue(long lastMillis, long nowMillis) {
        return keepMillis > 0 && nowMillis - lastMillis >= intervalMillis;
    }

    public boolean isExpired(long writtenMillis, long nowMillis) {
        return nowMillis - writtenMillis > keepMillis;
    }
}
