package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One shard: its place in the stream, which never changes, and its records. Thread safe: one lock a shard, held for as long as
 * it takes to append a record or to copy the references of a page.
 */
final class Shard {
    private static final String ID_PREFIX = "shardId-";
    private static final Pattern SHARD_ID = Pattern.compile(ID_PREFIX + "000[0-9]{9}");

    /**
     * Where a shard stands in its stream.
     *
     * @param index number in the stream, from 0, never reused
     * @param hashKeys the keys routed to it
     * @param createdMillis creation, epoch ms; for a child the moment its parents closed
     * @param parent id of the shard that was split or merged into it, null for a first shard
     * @param adjacentParent id of the second of two merged parents, null otherwise
     */
    record Place(
            int index,
            HashKeyRange hashKeys,
            long createdMillis,
            @Nullable String parent,
            @Nullable String adjacentParent) {
        String shardId() {
            return idOf(index);
        }
    }

    /**
     * How a shard ended.
     *
     * @param atMillis when, epoch ms
     * @param endingSequenceNumber greater than that of every record
     * @param children what took its hash keys over, one or two
     */
    record Closing(long atMillis, String endingSequenceNumber, List<Shard> children) {}

    /**
     * A page of records.
     *
     * @param records in order of position, perhaps empty
     * @param nextPosition where the next page starts
     * @param millisBehindLatest age of the last record of this page where more are held, else 0
     * @param atEnd whether the shard is closed and nothing is left in it
     */
    record Page(List<StoredRecord> records, long nextPosition, long millisBehindLatest, boolean atEnd) {}

    private final Place place;
    private final String id;
    private final StorageBudget budget;
    private final @Nullable ShardRates rates;
    private final RecordLog log = new RecordLog();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private long lastArrivalMillis;
    private volatile @Nullable Closing closing;

    Shard(Place place, StorageBudget budget, @Nullable ShardRates rates) {
        this.place = place;
        this.id = place.shardId();
        this.budget = budget;
        this.rates = rates;
        this.lastArrivalMillis = place.createdMillis();
    }

    static String idOf(int index) {
        return String.format(Locale.ROOT, ID_PREFIX + "%012d", index);
    }

    /** The index in a shard id, -1 where it is not the id of a shard. */
    static int indexIn(String shardId) {
        return SHARD_ID.matcher(shardId).matches() ? Integer.parseInt(shardId.substring(ID_PREFIX.length())) : -1;
    }

    Place place() {
        return place;
    }

    String id() {
        return id;
    }

    HashKeyRange hashKeys() {
        return place.hashKeys();
    }

    @Nullable
    Closing closing() {
        return closing;
    }

    boolean isOpen() {
        return closing == null;
    }

    String startingSequenceNumber() {
        return numberAt(0, place.createdMillis()).toString();
    }

    String sequenceNumberOf(StoredRecord record) {
        return numberAt(record.position(), record.arrivalMillis()).toString();
    }

    /** A number after which the record at {@code position} comes next, whatever record stands before it. */
    String sequenceNumberBefore(long position) {
        return numberAt(position - 1, SequenceNumber.LATEST_ARRIVAL_MILLIS).toString();
    }

    private SequenceNumber numberAt(long position, long arrivalMillis) {
        return new SequenceNumber(place.createdMillis(), place.index(), position, arrivalMillis);
    }

    /**
     * Appends a record whose bytes are already reserved.
     *
     * @return the record; null where the shard is closed and its children are to be asked
     * @throws KinesisException ProvisionedThroughputExceeded where rates are enforced and exceeded
     */
    @Nullable
    StoredRecord append(String partitionKey, byte[] data, long nowMillis) {
        StoredRecord record;
        synchronized (this) {
            if (closing != null) {
                return null;
            }
            if (rates != null && !rates.tryWrite(StoredRecord.payloadBytes(partitionKey, data), nowMillis)) {
                throw KinesisError.PROVISIONED_THROUGHPUT_EXCEEDED.with("Rate exceeded for shard " + id() + ": "
                        + ShardRates.WRITTEN_RECORDS + " records/s and " + ShardRates.WRITTEN_BYTES
                        + " bytes/s may be written; retry with backoff, spread the partition keys or split the shard.");
            }
            lastArrivalMillis = Math.max(lastArrivalMillis, nowMillis);
            record = new StoredRecord(log.next(), lastArrivalMillis, partitionKey, data);
            log.append(record);
        }
        listeners.forEach(Runnable::run);
        return record;
    }

    /**
     * A page as GetRecords reads it.
     *
     * @throws KinesisException ProvisionedThroughputExceeded where rates are enforced and exceeded
     */
    synchronized Page read(long fromPosition, PageBounds bounds, long nowMillis) {
        if (rates == null) {
            return page(fromPosition, bounds, nowMillis);
        }
        if (!rates.tryRead(nowMillis)) {
            throw KinesisError.PROVISIONED_THROUGHPUT_EXCEEDED.with("Rate exceeded for shard " + id() + ": "
                    + ShardRates.READ_CALLS + " GetRecords calls/s and " + ShardRates.READ_BYTES
                    + " bytes/s may be read; retry with backoff or register a stream consumer.");
        }
        Page page = page(fromPosition, bounds, nowMillis);
        rates.wasRead(
                page.records().stream().mapToLong(StoredRecord::payloadBytes).sum());
        return page;
    }

    /** A page as a subscription pushes it: it has a throughput of its own, which the subscription minds. */
    synchronized Page push(long fromPosition, PageBounds bounds, long nowMillis) {
        return page(fromPosition, bounds, nowMillis);
    }

    private Page page(long fromPosition, PageBounds bounds, long nowMillis) {
        trim(bounds.horizonMillis());
        long position = Math.max(fromPosition, log.first());
        List<StoredRecord> records = new ArrayList<>();
        long bytes = 0;
        while (position < log.next() && records.size() < bounds.maxRecords()) {
            StoredRecord record = log.get(position);
            bytes += record.payloadBytes();
            if (bytes > bounds.maxBytes() && !records.isEmpty()) {
                break;
            }
            records.add(record);
            position++;
        }
        boolean caughtUp = position >= log.next();
        long behind = caughtUp ? 0 : Math.max(1, nowMillis - log.get(position).arrivalMillis());
        return new Page(records, position, behind, caughtUp && closing != null);
    }

    /** Whether a page from {@code position} would hold records, or the shard's end. */
    synchronized boolean hasMoreAt(long position) {
        return position < log.next() || closing != null;
    }

    /** Where a reader starts that wants the oldest record held. */
    synchronized long oldestPosition() {
        return log.first();
    }

    /** Where a reader starts that wants what comes from now on. */
    synchronized long latestPosition() {
        return log.next();
    }

    /** Where a reader starts that wants what arrived at {@code millis} or later. */
    synchronized long positionAtTime(long millis) {
        return log.firstArrivedAtOrAfter(millis);
    }

    /**
     * Where a reader starts that names a sequence number of this shard, whether or not a record bears it.
     *
     * @param after whether a record with exactly this number is passed over
     */
    synchronized long positionAtNumber(BigInteger number, boolean after) {
        long position = SequenceNumber.positionOf(number);
        if (position < log.first()) {
            return log.first();
        }
        if (position >= log.next()) {
            return log.next();
        }
        int order = number.compareTo(
                numberAt(position, log.get(position).arrivalMillis()).value());
        return order < 0 || (order == 0 && !after) ? position : position + 1;
    }

    /** Ends the shard: no record follows. */
    void close(long atMillis, List<Shard> children) {
        synchronized (this) {
            long at = Math.max(atMillis, lastArrivalMillis);
            closing = new Closing(atMillis, numberAt(log.next(), at).toString(), List.copyOf(children));
        }
        listeners.forEach(Runnable::run);
    }

    /** Drops records that arrived before {@code horizonMillis}. */
    synchronized void trim(long horizonMillis) {
        long freed = log.trim(horizonMillis);
        if (freed > 0) {
            budget.release(freed);
        }
    }

    /** Calls {@code listener}, on the writer's thread, after each append and at the shard's end, until it is removed. */
    void addListener(Runnable listener) {
        listeners.add(listener);
    }

    void removeListener(Runnable listener) {
        listeners.remove(listener);
    }

    /**
     * What a page may hold.
     *
     * @param maxRecords 0 for a page that only says how far behind it is
     * @param maxBytes data and keys; a single larger record still makes a page
     * @param horizonMillis records that arrived before are beyond retention, epoch ms
     */
    record PageBounds(int maxRecords, long maxBytes, long horizonMillis) {}
}
