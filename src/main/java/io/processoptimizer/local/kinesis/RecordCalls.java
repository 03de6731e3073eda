package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writing records and reading them by iterator. */
final class RecordCalls {
    /** From the service's quotas page. */
    static final int MOST_RECORDS_A_PUT = 500;

    private static final int MOST_BYTES_A_PUT = 10 << 20;
    private static final int MOST_RECORDS_A_GET = 10_000;
    private static final long MOST_BYTES_A_GET = 10L << 20;
    private static final int LONGEST_PARTITION_KEY = 256;
    private static final int LONGEST_ITERATOR = 512;

    private final StreamRegistry registry;

    RecordCalls(StreamRegistry registry) {
        this.registry = registry;
    }

    Map<String, Call> calls() {
        return Map.of(
                "PutRecord", this::putRecord,
                "PutRecords", this::putRecords,
                "GetShardIterator", this::getShardIterator,
                "GetRecords", this::getRecords);
    }

    /** A record to be written. */
    @SuppressWarnings("ArrayRecordComponent") // Lives for one call; see StoredRecord.
    private record Entry(BigInteger hashKey, String partitionKey, byte[] data) {
        int storedBytes() {
            return StoredRecord.storedBytes(partitionKey, data);
        }
    }

    /** What came of an entry: where it was stored, or why not. */
    private record Outcome(
            KinesisStream.@Nullable Placed placed, @Nullable KinesisException refusal) {}

    private Reply putRecord(Fields request) {
        KinesisStream stream = registry.named(request);
        request.sequenceNumber("SequenceNumberForOrdering");
        Entry entry = entry(request, stream);
        registry.reserve(entry.storedBytes());
        Outcome outcome = store(stream, entry);
        if (outcome.refusal() != null) {
            throw outcome.refusal();
        }
        return writer -> writeOutcome(writer, outcome);
    }

    private Reply putRecords(Fields request) {
        KinesisStream stream = registry.named(request);
        List<Entry> entries = new ArrayList<>();
        long payload = 0;
        long stored = 0;
        for (Fields member : request.requiredObjects("Records", 1, MOST_RECORDS_A_PUT)) {
            Entry entry = entry(member, stream);
            entries.add(entry);
            payload += StoredRecord.payloadBytes(entry.partitionKey(), entry.data());
            stored += entry.storedBytes();
        }
        if (payload > MOST_BYTES_A_PUT) {
            throw KinesisError.INVALID_ARGUMENT.with(
                    "Records size exceeds 10 MB limit: data and keys of this request are " + payload
                            + " bytes, at most " + MOST_BYTES_A_PUT + " are allowed.");
        }
        // All or nothing: a full endpoint answers with one clear error, not with entries that a producer retries for
        // ever.
        registry.reserve(stored);
        List<Outcome> outcomes =
                entries.stream().map(entry -> store(stream, entry)).toList();
        long failed =
                outcomes.stream().filter(outcome -> outcome.refusal() != null).count();
        return writer -> {
            writer.number("FailedRecordCount", failed);
            writer.objects("Records", outcomes, outcome -> each -> writeOutcome(each, outcome));
        };
    }

    private static Entry entry(Fields fields, KinesisStream stream) {
        String partitionKey = fields.requiredText("PartitionKey", 1, LONGEST_PARTITION_KEY);
        BigInteger explicit = fields.hashKey("ExplicitHashKey");
        byte[] data = fields.requiredBytes("Data");
        int most = stream.maxRecordKib() << 10;
        if (data.length > most) {
            throw Fields.invalid(
                    "Data", data.length + " bytes", "Member must have length less than or equal to " + most);
        }
        int payload = StoredRecord.payloadBytes(partitionKey, data);
        if (payload > most) {
            throw KinesisError.INVALID_ARGUMENT.with("Data and PartitionKey of a record are " + payload
                    + " bytes; together they may have " + most + ".");
        }
        return new Entry(explicit == null ? HashKeyRange.hashOf(partitionKey) : explicit, partitionKey, data);
    }

    /** Stores an entry whose bytes are reserved, or gives them back. */
    private Outcome store(KinesisStream stream, Entry entry) {
        try {
            KinesisStream.Placed placed =
                    stream.put(entry.hashKey(), entry.partitionKey(), entry.data(), registry.nowMillis());
            return new Outcome(placed, null);
        } catch (KinesisException refusal) {
            registry.budget().release(entry.storedBytes());
            return new Outcome(null, refusal);
        }
    }

    private static void writeOutcome(ReplyWriter writer, Outcome outcome) throws java.io.IOException {
        KinesisStream.Placed placed = outcome.placed();
        if (placed != null) {
            writer.text("SequenceNumber", placed.shard().sequenceNumberOf(placed.record()));
            writer.text("ShardId", placed.shard().id());
        }
        KinesisException refusal = outcome.refusal();
        if (refusal != null) {
            writer.text("ErrorCode", refusal.error().type());
            writer.text("ErrorMessage", refusal.text());
        }
    }

    private Reply getShardIterator(Fields request) {
        KinesisStream stream = registry.named(request);
        Shard shard = registry.shard(stream, request.requiredName("ShardId"));
        StartingPosition start = new StartingPosition(
                request.requiredOneOf("ShardIteratorType", StartingPosition.Type.class),
                request.sequenceNumber("StartingSequenceNumber"),
                request.timestampMillis("Timestamp"));
        long now = registry.nowMillis();
        String token = iterator(stream, shard, start.in(shard, now), now);
        return writer -> writer.text("ShardIterator", token);
    }

    private static String iterator(KinesisStream stream, Shard shard, long position, long nowMillis) {
        return new ShardIterator(
                        stream.name(), stream.createdMillis(), shard.place().index(), position, nowMillis)
                .token();
    }

    private Reply getRecords(Fields request) {
        int limit = request.integer("Limit", 1, MOST_RECORDS_A_GET, MOST_RECORDS_A_GET);
        ShardIterator iterator = ShardIterator.parse(request.requiredText("ShardIterator", 1, LONGEST_ITERATOR));
        long now = registry.nowMillis();
        if (now - iterator.issuedMillis() > ShardIterator.LIFETIME_MILLIS) {
            throw KinesisError.EXPIRED_ITERATOR.with("Iterator expired. The iterator was created at time "
                    + iterator.issuedMillis() + " ms while right now it is " + now
                    + " ms, which is further in the future than the tolerated delay of " + ShardIterator.LIFETIME_MILLIS
                    + " milliseconds.");
        }
        KinesisStream stream = registry.get(iterator.stream());
        if (stream.createdMillis() != iterator.streamCreatedMillis()) {
            throw KinesisError.RESOURCE_NOT_FOUND.with("The iterator belongs to an earlier "
                    + registry.label(stream.name()) + ", which was deleted; get a new iterator.");
        }
        Shard shard = registry.shard(stream, Shard.idOf(iterator.shardIndex()));
        Shard.PageBounds bounds = new Shard.PageBounds(limit, MOST_BYTES_A_GET, stream.horizonMillis(now));
        Shard.Page page = shard.read(iterator.position(), bounds, now);
        String next = page.atEnd() ? null : iterator(stream, shard, page.nextPosition(), now);
        return writer -> {
            writer.objects("Records", page.records(), record -> RecordShapes.record(shard, record));
            writer.text("NextShardIterator", next);
            writer.number("MillisBehindLatest", page.millisBehindLatest());
            if (page.atEnd()) {
                writer.objects("ChildShards", RecordShapes.childrenOf(shard), RecordShapes::childShard);
            }
        };
    }
}
