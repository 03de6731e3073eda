package io.processoptimizer.config;

import io.processoptimizer.window.WindowPolicy;

/**
 * How far ahead a version of a definition must begin so that workers may take it over while they run, and results stay the same to the
 * bit wherever and whenever they are computed.
 *
 * <p>A worker looks a definition up for an event time: the start of a window, or of a pane that it reads. It may take a version that
 * begins at E over at the instant T of its clock if nothing anybody has computed by then was looked up at E or later. Nothing is looked up
 * later than
 *
 * <ul>
 *   <li>the highest event time or watermark, at most {@code window.max_future} ahead of an arrival, so of now: a record further ahead is
 *       refused, the watermark lags behind the records, and after an idle gap it moves no further than the gap of the arrivals;
 *   <li>the end of a window that is shown provisionally, which is no further than {@code window.max_future} ahead of the worker's now;
 *   <li>of a process that is forgotten, the end of the windows that its last event lies in: no longer ahead than their length, of an event
 *       that is {@code state.forget_after} old. A shift or day has at most {@value #LONGEST_DAY_MILLIS} ms; other windows are shorter
 *       than {@code state.forget_after}, which is checked at the start.
 * </ul>
 *
 * <p>So a version can be taken over at T where
 *
 * <pre>E > T + max_future + max(0, longest day − forget_after) + clocks + pane</pre>
 *
 * in which {@value #CLOCKS_DIFFER_MILLIS} ms are granted to clocks that differ (a worker's from the stream's, which tells the arrivals),
 * and one pane to the time that taking over takes. That alone makes each worker that takes a version over right. So that either all workers
 * take it over or none, it must also hold at the file's last change (never later than now) plus two polls, by which all have looked at it
 * twice: who looks in time then decides by the file alone.
 *
 * <p>What begins later than that is not in force anywhere yet, so that configurations that differ only in it compute the same.
 *
 * @param aheadMillis what a version must begin ahead of now, ms, > 0
 * @param pollMillis how often the file is looked at, ms, > 0
 */
public record DefinitionsLead(long aheadMillis, long pollMillis) {
    /** Of clocks, ms; what {@code doctor} calls a failure. */
    static final long CLOCKS_DIFFER_MILLIS = 60_000;

    /** 25 hours where clocks are set back, and one for zones that do it their own way. */
    static final long LONGEST_DAY_MILLIS = 26 * 3_600_000L;

    public DefinitionsLead {
        if (aheadMillis <= 0 || pollMillis <= 0) {
            throw new IllegalArgumentException(
                    "the lead (" + aheadMillis + " ms) and the poll (" + pollMillis + " ms) must be positive");
        }
    }

    public static DefinitionsLead of(WindowPolicy policy, long pollMillis) {
        long beyondForgetting = Math.max(0, LONGEST_DAY_MILLIS - policy.forgetAfterMillis());
        return new DefinitionsLead(
                policy.maxFutureMillis() + beyondForgetting + CLOCKS_DIFFER_MILLIS + policy.paneMillis(), pollMillis);
    }

    /**
     * Versions that begin later than this can be taken over.
     *
     * @param changedMillis when the file was changed last, epoch ms; later than now counts as now
     */
    public long latestTaken(long nowMillis, long changedMillis) {
        return Math.max(latestTaken(nowMillis), latestTaken(Math.min(changedMillis, nowMillis) + 2 * pollMillis));
    }

    /** Versions that begin later than this are in force nowhere yet. */
    public long latestTaken(long nowMillis) {
        return nowMillis + aheadMillis;
    }
}
