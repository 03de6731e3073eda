package io.processoptimizer.kinesis;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedRecord;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.replay.TrimmedException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ExpiredIteratorException;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.kinesis.retrieval.AggregatorUtil;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * Reads one shard with GetRecords. Aggregated (KPL) records are taken apart by KCL's own code with the shard's hash range, so that what
 * comes out is what the worker gets: an aggregate with a record outside the range is dropped as a whole, as KCL does.
 *
 * <p>After a position the Kinesis record that holds it is read again, since more of an aggregate may follow in it; and if it is not the
 * first to come, the stream no longer has it.
 */
final class KinesisShardReader implements ShardReader {
    private static final Logger LOG = LoggerFactory.getLogger(KinesisShardReader.class);

    /** Half of the five reads a second that a shard allows over all readers: the worker gets on as before. */
    private static final long READ_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    /** With the reads above 5,000 records a second, five times what a shard takes in. */
    private static final int MAX_RECORDS = 2_000;

    private final KinesisAsyncClient kinesis;
    private final PatientCalls calls;
    private final String stream;
    private final RecordedShard shard;
    private final InstantSource clock;
    private final AggregatorUtil aggregates = new AggregatorUtil();
    private ReadFrom from;
    private @Nullable String iterator;
    private @Nullable RecordPosition awaited;
    private @Nullable RecordPosition delivered;
    private boolean ended;
    private long lastReadNanos = System.nanoTime() - READ_EVERY_NANOS;

    KinesisShardReader(
            KinesisAsyncClient kinesis,
            PatientCalls calls,
            String stream,
            RecordedShard shard,
            ReadFrom from,
            InstantSource clock) {
        this.kinesis = kinesis;
        this.calls = calls;
        this.stream = stream;
        this.shard = shard;
        this.from = from;
        this.clock = clock;
    }

    @Override
    public Fetched next() throws TrimmedException, InterruptedException {
        if (ended) {
            return new Fetched(List.of(), 0, true);
        }
        while (true) {
            String position = iterator == null ? open() : iterator;
            long wait = lastReadNanos + READ_EVERY_NANOS - System.nanoTime();
            if (wait > 0) {
                TimeUnit.NANOSECONDS.sleep(wait);
            }
            lastReadNanos = System.nanoTime();
            try {
                return fetched(
                        position,
                        calls.answer(() -> kinesis.getRecords(
                                r -> r.shardIterator(position).limit(MAX_RECORDS))));
            } catch (ExpiredIteratorException e) {
                // Five minutes without a read, as when a laptop sleeps: open again where it was.
                iterator = null;
            }
        }
    }

    private String open() throws InterruptedException {
        GetShardIteratorRequest.Builder request =
                GetShardIteratorRequest.builder().streamName(stream).shardId(shard.shardId());
        if (from instanceof ReadFrom.After after) {
            awaited = after.position();
            delivered = after.position();
            request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                    .startingSequenceNumber(after.position().sequenceNumber());
        } else if (from instanceof ReadFrom.AtTimestamp at) {
            request.shardIteratorType(ShardIteratorType.AT_TIMESTAMP).timestamp(Instant.ofEpochMilli(at.epochMillis()));
        } else if (from instanceof ReadFrom.Latest) {
            request.shardIteratorType(ShardIteratorType.LATEST);
            // Should the iterator expire before the first record, this is where it stood.
            from = new ReadFrom.AtTimestamp(clock.millis());
        } else {
            request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
        }
        GetShardIteratorRequest built = request.build();
        String opened = calls.answer(() -> kinesis.getShardIterator(built)).shardIterator();
        iterator = opened;
        return opened;
    }

    private Fetched fetched(String position, GetRecordsResponse page) throws TrimmedException {
        boolean atEnd = page.nextShardIterator() == null;
        long behind = page.millisBehindLatest() == null ? 0 : page.millisBehindLatest();
        boolean tip = behind == 0 && page.records().isEmpty();
        RecordPosition after = awaited;
        if (after != null && !page.records().isEmpty()) {
            awaited = null;
            if (!page.records().get(0).sequenceNumber().equals(after.sequenceNumber())) {
                iterator = position; // The same page comes again.
                throw new TrimmedException(shard.shardId(), after);
            }
        } else if (after != null && (atEnd || tip)) {
            awaited = null;
            iterator = position;
            throw new TrimmedException(shard.shardId(), after);
        }
        List<RecordedRecord> records = takenApart(page.records());
        if (!page.records().isEmpty()) {
            Record last = page.records().get(page.records().size() - 1);
            from = new ReadFrom.After(new RecordPosition(last.sequenceNumber(), Long.MAX_VALUE));
        }
        iterator = page.nextShardIterator();
        ended = atEnd;
        return new Fetched(records, behind, atEnd);
    }

    private List<RecordedRecord> takenApart(List<Record> page) {
        List<RecordedRecord> records = new ArrayList<>(page.size());
        for (KinesisClientRecord record : userRecords(page)) {
            RecordPosition position = new RecordPosition(record.sequenceNumber(), record.subSequenceNumber());
            if (delivered == null || position.compareTo(delivered) > 0) {
                delivered = null;
                ByteBuffer data = record.data().duplicate();
                byte[] bytes = new byte[data.remaining()];
                data.get(bytes);
                records.add(new RecordedRecord(
                        shard.shardId(),
                        position,
                        record.partitionKey(),
                        record.approximateArrivalTimestamp().toEpochMilli(),
                        bytes));
            }
        }
        return records;
    }

    private List<KinesisClientRecord> userRecords(List<Record> page) {
        try {
            return deaggregated(page);
        } catch (LinkageError e) {
            // To report an aggregate whose parts contradict each other KCL 3.5.1 needs a class (javax.xml.bind) that
            // Java no longer has. One such record must not end the recording: it is kept as it came.
            LOG.warn("Shard {} has an aggregated record that cannot be taken apart; it is kept whole", shard.shardId());
            List<KinesisClientRecord> records = new ArrayList<>();
            for (Record record : page) {
                try {
                    records.addAll(deaggregated(List.of(record)));
                } catch (LinkageError again) {
                    records.add(KinesisClientRecord.fromRecord(record));
                }
            }
            return records;
        }
    }

    private List<KinesisClientRecord> deaggregated(List<Record> page) {
        List<KinesisClientRecord> whole =
                page.stream().map(KinesisClientRecord::fromRecord).toList();
        return aggregates.deaggregate(whole, shard.startingHashKey(), shard.endingHashKey());
    }
}
