package io.processoptimizer.kinesis;

import io.processoptimizer.event.TelemetryEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that the stream may have deleted records unread: KCL goes on at the oldest record that there is, without an error. So it is
 * compared, before records are taken, how old the last one is that was read: at a take-over, and in a tenure that has fallen behind.
 */
final class TrimmedRecords {
    private static final Logger LOG = LoggerFactory.getLogger(TrimmedRecords.class);

    private static final long HOUR_MILLIS = 3_600_000;

    private TrimmedRecords() {}

    /** Marks what may lack facts where the next records of the shard need not follow those that the engine has read. */
    static void check(String shardId, ShardEngine engine, ShardProcessorContext context) {
        long readUpTo = engine.readUpToMillis();
        long retention = context.retentionMillis().getAsLong();
        long age = context.clock().millis() - readUpTo;
        if (readUpTo != TelemetryEvent.ABSENT && age > retention) {
            LOG.error(
                    "{} was last read {} h ago and its stream keeps records for {} h: some may be gone unread, and windows that"
                            + " may lack facts are marked incomplete (state_lost)",
                    shardId,
                    age / HOUR_MILLIS,
                    retention / HOUR_MILLIS);
            engine.recordsLost();
        }
    }
}
