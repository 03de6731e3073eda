package io.processoptimizer.recover.rehearse;

import java.time.Duration;

/**
 * A long load with a kill -9 from time to time.
 *
 * @param length of all
 * @param killEvery one worker after the other is killed so often, and started again at once as a supervisor would
 * @param steadyAfter from then on no more event time is retained than before, so that the heap must not grow
 */
public record SoakPlan(Duration length, Duration killEvery, Duration steadyAfter) {
    private static final Duration LONGEST = Duration.ofDays(7);

    /** A killed worker's shards are with another one within it. */
    private static final Duration SHORTEST_BETWEEN = Duration.ofSeconds(60);

    public SoakPlan {
        if (killEvery.compareTo(SHORTEST_BETWEEN) < 0) {
            throw new IllegalArgumentException("--kill-every (" + killEvery.toSeconds() + "s) must be at least "
                    + SHORTEST_BETWEEN.toSeconds() + "s: a take-over takes up to 51 s");
        }
        if (length.compareTo(killEvery) < 0 || length.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("--for (" + length.toSeconds() + "s) must be at least --kill-every ("
                    + killEvery.toSeconds() + "s) and at most 7d");
        }
    }
}
