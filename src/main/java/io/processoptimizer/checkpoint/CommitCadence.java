package io.processoptimizer.checkpoint;

/**
 * When the next commit of a shard is due: after a time or after a number of records, whichever comes first, and never while one is
 * under way. Not safe for use by several threads: it belongs to the shard's processing thread.
 */
public final class CommitCadence {
    private final long intervalMillis;
    private final long maxRecords;
    private long lastMillis;
    private long records;

    /**
     * @param intervalMillis longest time between commits, > 0
     * @param maxRecords most records between commits, > 0
     * @param startMillis when the shard was taken, epoch milliseconds
     */
    public CommitCadence(long intervalMillis, long maxRecords, long startMillis) {
        if (intervalMillis <= 0 || maxRecords <= 0) {
            throw new IllegalArgumentException("the commit interval (" + intervalMillis + " ms) and its record limit ("
                    + maxRecords + ") must be greater than 0");
        }
        this.intervalMillis = intervalMillis;
        this.maxRecords = maxRecords;
        this.lastMillis = startMillis;
    }

    /** Counts records that were processed. */
    public void processed(int count) {
        records += count;
    }

    /** Whether a commit is due; a clock that was set back makes one due rather than none for long. */
    public boolean isDue(long nowMillis) {
        long elapsed = nowMillis - lastMillis;
        return records >= maxRecords || elapsed >= intervalMillis || elapsed < 0;
    }

    /** A commit begins now, or there was nothing to commit. */
    public void begun(long nowMillis) {
        lastMillis = nowMillis;
        records = 0;
    }
}
