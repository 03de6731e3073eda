package io.processoptimizer.window;

/**
 * The signal timeout of one process, pane by pane: that of the definition in force at a pane's start. What lies before a window is told
 * by it, so that it does not depend on how often, and up to where, rows were folded away. It remembers the last stretch in which the
 * timeout was the same, for most processes never change theirs.
 */
final class SignalTimeouts {
    private final String processId;
    private final ShardWindows shard;

    /** In {@code [knownFrom, knownTo)}, edges of panes, the timeout is {@code known}. */
    private long knownFrom;

    private long knownTo;
    private long known;

    SignalTimeouts(String processId, ShardWindows shard) {
        this.processId = processId;
        this.shard = shard;
    }

    /** The timeout at an instant, milliseconds. */
    long at(long millis) {
        if (millis < knownFrom || millis >= knownTo) {
            long pane = shard.policy().paneStart(millis);
            known = lookUp(pane);
            knownFrom = pane;
            knownTo = pane + shard.policy().paneMillis();
        }
        return known;
    }

    /** Where it changes first behind {@code at}, at most {@code to}. */
    long endOf(long at, long to) {
        long timeout = at(at);
        while (knownTo < to && lookUp(knownTo) == timeout) {
            knownTo += shard.policy().paneMillis();
        }
        return Math.min(knownTo, to);
    }

    private long lookUp(long millis) {
        return shard.definitions().of(processId, millis).signalTimeoutMillis();
    }
}
