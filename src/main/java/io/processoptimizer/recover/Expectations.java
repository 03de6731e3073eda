package io.processoptimizer.recover;

import io.processoptimizer.config.Settings;

/**
 * What is normal by the settings, all in milliseconds: what lies beyond is said. A worker with other settings than the operator's is
 * judged by the operator's.
 *
 * @param failover a lease that was not renewed for so long is free for others
 * @param assignment how often the leader hands out leases
 * @param handoff how long a worker may take to hand a shard over
 * @param commit from one commit of a shard to the next, where records come
 * @param savepoint from one savepoint to the next
 * @param savepointsKept how long they are kept; 0: there are none
 */
public record Expectations(
        long failover, long assignment, long handoff, long commit, long savepoint, long savepointsKept) {
    /** Workers report themselves every half minute at least; one that missed two of them is silent. */
    static final long WORKER_SILENT = 75_000;

    /** A shard that is less behind than this is caught up with before anyone has looked. */
    private static final long BEHIND_AT_LEAST = 300_000;

    /** A commit itself takes time, and the first of a tenure begins late. */
    private static final long COMMIT_SLACK = 30_000;

    public static Expectations of(Settings settings) {
        return new Expectations(
                settings.kcl().failover().toMillis(),
                settings.kcl().leaseAssignmentInterval().toMillis(),
                settings.kcl().gracefulHandoffTimeout().toMillis(),
                settings.state().commitInterval().toMillis(),
                settings.state().savepointInterval().toMillis(),
                settings.state().savepointsKept().toMillis());
    }

    /** A lease that has not moved for so long is not renewed: two renewals were missed, and a third is late. */
    long stale() {
        return failover;
    }

    /** Nobody took a free lease although the leader looked at it twice. */
    long unowned() {
        return Math.max(failover, 2 * assignment);
    }

    /** For how long leases are watched at most before it is said which of them stand still. */
    public long watch() {
        return Math.max(stale(), unowned()) + 1_000;
    }

    long commitMissing() {
        return 3 * commit + COMMIT_SLACK;
    }

    long behind() {
        return Math.max(BEHIND_AT_LEAST, commitMissing());
    }
}
