package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;

/** The record that reading was to go on after is older than the stream's retention: records behind it may be lost unread. */
public final class TrimmedException extends Exception {
    private static final long serialVersionUID = 1L;

    public TrimmedException(String shardId, RecordPosition after) {
        super("shard " + shardId + " no longer has the record " + after.sequenceNumber()
                + ", nor perhaps records that came after it: they are older than the stream's retention");
    }
}
