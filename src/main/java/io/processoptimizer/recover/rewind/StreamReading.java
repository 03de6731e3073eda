package io.processoptimizer.recover.rewind;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.replay.StreamSource;
import io.processoptimizer.replay.TrimmedException;
import org.jspecify.annotations.Nullable;

/** Looks into the stream: where its records are, and how many would be read again. */
final class StreamReading {
    private final StreamSource stream;

    StreamReading(StreamSource stream) {
        this.stream = stream;
    }

    /**
     * What is to be read again of a shard.
     *
     * @param records how many were counted
     * @param more whether counting was given up at that: there are more
     * @param firstArrival when the first of them arrived, epoch milliseconds; null where there is none
     * @param lastArrival when the last one that was counted did
     */
    record Stretch(
            long records,
            boolean more,
            @Nullable Long firstArrival,
            @Nullable Long lastArrival) {}

    /**
     * Whether this shard has a record of that number.
     *
     * @throws RuntimeException of Kinesis, where the number cannot be one of this shard
     */
    boolean has(String shardId, String sequenceNumber) throws InterruptedException {
        ShardReader reader =
                stream.open(shardId, new ReadFrom.After(new RecordPosition(sequenceNumber, Long.MAX_VALUE)));
        try {
            reader.next();
            return true;
        } catch (TrimmedException e) {
            return false;
        }
    }

    /**
     * Counts what would be read again.
     *
     * @param most to count at the most
     * @throws TrimmedException where the stream no longer has the records that follow the savepoint
     */
    Stretch count(ShardMove move, long most) throws TrimmedException, InterruptedException {
        RecordPosition from = move.from();
        RecordPosition to = move.to();
        if (from == null) {
            return new Stretch(0, false, null, null);
        }
        ShardReader reader =
                stream.open(move.shardId(), to == null ? new ReadFrom.TrimHorizon() : new ReadFrom.After(to));
        long records = 0;
        Long first = null;
        Long last = null;
        while (true) {
            Fetched fetched = reader.next();
            for (RecordedRecord record : fetched.records()) {
                if (record.position().compareTo(from) > 0) {
                    return new Stretch(records, false, first, last);
                }
                if (records == most) {
                    return new Stretch(records, true, first, last);
                }
                records++;
                first = first == null ? Long.valueOf(record.arrivalMillis()) : first;
                last = record.arrivalMillis();
            }
            boolean tip = fetched.records().isEmpty() && fetched.millisBehindLatest() == 0;
            if (fetched.ended() || tip) {
                return new Stretch(records, false, first, last);
            }
        }
    }
}
