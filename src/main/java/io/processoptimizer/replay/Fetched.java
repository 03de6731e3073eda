package io.processoptimizer.replay;

import java.util.List;

/**
 * What one fetch brought.
 *
 * @param records in the order of the shard, whole Kinesis records only; empty does not mean that there are no more
 * @param millisBehindLatest how old the end of this fetch is compared with the newest record, ms; 0 at the tip
 * @param ended whether the shard is closed and all of it has been read: the reader is done
 */
public record Fetched(List<RecordedRecord> records, long millisBehindLatest, boolean ended) {
    public Fetched {
        records = List.copyOf(records);
    }
}
