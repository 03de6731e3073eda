package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a shard so that records which the stream drops meanwhile are noticed. A stream goes on silently with the oldest record it has
 * left where its retention overtakes a reader; so where it may have, this opens the shard anew behind the last record, which tells.
 */
final class UnbrokenReader implements ShardReader {
    /** Our clock may lag behind that of the stream, and reading takes time: so much less than the retention is surely kept. */
    static final long MARGIN_MILLIS = 60_000;

    private final StreamSource stream;
    private final String shardId;
    private final ReadFrom from;
    private final InstantSource clock;
    private final long retentionMillis;
    private @Nullable ShardReader reader;
    private @Nullable RecordPosition last;
    private long readUntilMillis;

    /** After records were dropped the next one tells where reading goes on. */
    private boolean dropped;

    /**
     * Opens nothing yet.
     *
     * @param retentionMillis how long the stream keeps a record
     */
    UnbrokenReader(StreamSource stream, String shardId, ReadFrom from, InstantSource clock, long retentionMillis) {
        this.stream = stream;
        this.shardId = shardId;
        this.from = from;
        this.clock = clock;
        this.retentionMillis = retentionMillis;
    }

    @Override
    public Fetched next() throws TrimmedException, InterruptedException {
        long now = clock.millis();
        RecordPosition after = last;
        ShardReader open = reader;
        if (open == null || (after != null && !dropped && readUntilMillis <= now - retentionMillis + MARGIN_MILLIS)) {
            open = stream.open(shardId, after == null ? from : new ReadFrom.After(after));
            reader = open;
        }
        Fetched fetched;
        try {
            fetched = open.next();
        } catch (TrimmedException e) {
            dropped = true;
            throw e;
        }
        readUntilMillis = now - fetched.millisBehindLatest();
        List<RecordedRecord> records = fetched.records();
        if (!records.isEmpty()) {
            last = records.get(records.size() - 1).position();
            dropped = false;
        }
        return fetched;
    }
}
