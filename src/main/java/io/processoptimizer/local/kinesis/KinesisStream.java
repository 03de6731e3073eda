package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One stream: its settings, its shards and how keys are routed to them. The ranges of the open shards always cover all hash keys
 * without overlap. Thread safe: writers read a snapshot of the open shards; what changes the set of shards holds the stream's
 * lock.
 */
final class KinesisStream {
    /** Retention in hours: the default, least and most of the service. */
    static final int LEAST_RETENTION_HOURS = 24;

    static final int MOST_RETENTION_HOURS = 8_760;

    /** Largest record (data and key) in KiB: the default and least, and the most a stream can be set to. */
    static final int LEAST_RECORD_KIB = 1_024;

    static final int MOST_RECORD_KIB = 10_240;

    enum Mode {
        PROVISIONED,
        ON_DEMAND
    }

    /** Where a record landed. */
    record Placed(Shard shard, StoredRecord record) {}

    private final String name;
    private final String arn;
    private final long createdMillis;
    private final StorageBudget budget;
    private final boolean throttled;
    private final NavigableMap<Integer, Shard> shards = new ConcurrentSkipListMap<>();
    private final NavigableMap<String, StreamConsumer> consumers = new TreeMap<>();
    private final NavigableMap<String, String> tags = new TreeMap<>();
    private final Deque<Long> scalings = new ArrayDeque<>();
    private int nextIndex;
    private volatile Shard[] open = {};
    private volatile int retentionHours = LEAST_RETENTION_HOURS;
    private volatile int maxRecordKib = LEAST_RECORD_KIB;
    private volatile Mode mode;
    private volatile @Nullable String encryptionKey;

    KinesisStream(String name, String arn, long createdMillis, Mode mode, int shardCount, StreamRegistry registry) {
        this.name = name;
        this.arn = arn;
        this.createdMillis = createdMillis;
        this.mode = mode;
        this.budget = registry.budget();
        this.throttled = registry.limits().throttled();
        List<Shard> first = new ArrayList<>(shardCount);
        for (HashKeyRange range : HashKeyRange.evenly(shardCount)) {
            first.add(newShard(range, createdMillis, null, null));
        }
        open = first.toArray(Shard[]::new);
    }

    String name() {
        return name;
    }

    String arn() {
        return arn;
    }

    long createdMillis() {
        return createdMillis;
    }

    Mode mode() {
        return mode;
    }

    void changeMode(Mode newMode) {
        mode = newMode;
    }

    /** The key that records are said to be encrypted with; null: none. Nothing is encrypted here: it is in memory. */
    @Nullable
    String encryptionKey() {
        return encryptionKey;
    }

    void changeEncryptionKey(@Nullable String key) {
        encryptionKey = key;
    }

    int retentionHours() {
        return retentionHours;
    }

    void changeRetention(int hours) {
        retentionHours = hours;
    }

    int maxRecordKib() {
        return maxRecordKib;
    }

    void changeMaxRecordKib(int kib) {
        maxRecordKib = kib;
    }

    /** Records that arrived before this are gone, epoch ms. */
    long horizonMillis(long nowMillis) {
        return nowMillis - TimeUnit.HOURS.toMillis(retentionHours);
    }

    /** The tags; guarded by this stream's lock. */
    NavigableMap<String, String> tags() {
        return tags;
    }

    /** The registered consumers by name; guarded by this stream's lock. */
    NavigableMap<String, StreamConsumer> consumers() {
        return consumers;
    }

    /** When the stream was scaled in the last day, epoch ms, where that is limited; guarded by this stream's lock. */
    Deque<Long> scalings() {
        return scalings;
    }

    int openShardCount() {
        return open.length;
    }

    int heldShardCount() {
        return shards.size();
    }

    /** The shards in order of index, without those that closed before retention began. */
    synchronized List<Shard> shards(long nowMillis) {
        long horizon = horizonMillis(nowMillis);
        shards.values().removeIf(shard -> {
            Shard.Closing closing = shard.closing();
            boolean expired = closing != null && closing.atMillis() < horizon;
            if (expired) {
                shard.trim(Long.MAX_VALUE);
            }
            return expired;
        });
        return List.copyOf(shards.values());
    }

    /** The shard with this index, or null where there is none or it closed before retention began. */
    @Nullable
    Shard shard(int index, long nowMillis) {
        Shard shard = shards.get(index);
        if (shard == null) {
            return null;
        }
        Shard.Closing closing = shard.closing();
        return closing != null && closing.atMillis() < horizonMillis(nowMillis) ? null : shard;
    }

    /**
     * Stores a record whose bytes are already reserved.
     *
     * @throws KinesisException ProvisionedThroughputExceeded where rates are enforced and exceeded
     */
    Placed put(BigInteger hashKey, String partitionKey, byte[] data, long nowMillis) {
        Shard shard = route(hashKey);
        StoredRecord record = shard.append(partitionKey, data, nowMillis);
        if (record != null) {
            return new Placed(shard, record);
        }
        // It closed meanwhile; under the lock the set of open shards cannot change again.
        synchronized (this) {
            shard = route(hashKey);
            record = shard.append(partitionKey, data, nowMillis);
            if (record == null) {
                throw KinesisError.RESOURCE_NOT_FOUND.with(
                        "Stream " + name + " under account not found: just deleted.");
            }
            return new Placed(shard, record);
        }
    }

    /** The open shard that a hash key is routed to. */
    Shard route(BigInteger hashKey) {
        Shard[] candidates = open;
        int low = 0;
        int high = candidates.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (candidates[middle].hashKeys().start().compareTo(hashKey) <= 0) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return candidates[low];
    }

    /** Splits an open shard at {@code key}, which becomes the first key of the second child. */
    synchronized void split(Shard parent, BigInteger key, long nowMillis) {
        long at = endOf(nowMillis, parent);
        List<Shard> children = List.of(
                newShard(parent.hashKeys().below(key), at, parent.id(), null),
                newShard(parent.hashKeys().from(key), at, parent.id(), null));
        succeed(List.of(parent), children, at);
    }

    /** Merges two open shards of which {@code left}'s keys come directly before {@code right}'s. */
    synchronized void merge(Shard left, Shard right, Shard named, long nowMillis) {
        Shard adjacent = named == left ? right : left;
        long at = Math.max(endOf(nowMillis, left), endOf(nowMillis, right));
        Shard child = newShard(left.hashKeys().joinedWith(right.hashKeys()), at, named.id(), adjacent.id());
        succeed(List.of(left, right), List.of(child), at);
    }

    /**
     * Splits and merges until there are {@code target} open shards of equal size: first a split at each boundary that is none
     * yet, then merges of what lies between two boundaries.
     */
    synchronized void scaleTo(int target, long nowMillis) {
        for (int i = 1; i < target; i++) {
            BigInteger boundary = HashKeyRange.boundary(i, target);
            Shard shard = route(boundary);
            if (!shard.hashKeys().start().equals(boundary)) {
                split(shard, boundary, nowMillis);
            }
        }
        for (HashKeyRange range : HashKeyRange.evenly(target)) {
            Shard left = route(range.start());
            while (!left.hashKeys().end().equals(range.end())) {
                Shard right = route(left.hashKeys().end().add(BigInteger.ONE));
                merge(left, right, left, nowMillis);
                left = route(range.start());
            }
        }
    }

    /** Drops records beyond retention in all shards. */
    void trim(long nowMillis) {
        long horizon = horizonMillis(nowMillis);
        shards.values().forEach(shard -> shard.trim(horizon));
    }

    /** Closes all shards without children and frees what they hold. */
    synchronized void delete(long nowMillis) {
        Collection<Shard> all = shards.values();
        for (Shard shard : all) {
            if (shard.isOpen()) {
                shard.close(nowMillis, List.of());
            }
            shard.trim(Long.MAX_VALUE);
        }
    }

    /** When a parent ends and its children begin: later than its own start, so sequence numbers rise from parent to child. */
    private static long endOf(long nowMillis, Shard parent) {
        return Math.max(nowMillis, parent.place().createdMillis() + 1);
    }

    private Shard newShard(HashKeyRange keys, long atMillis, @Nullable String parent, @Nullable String adjacent) {
        Shard.Place place = new Shard.Place(nextIndex++, keys, atMillis, parent, adjacent);
        Shard shard = new Shard(place, budget, throttled ? new ShardRates() : null);
        shards.put(place.index(), shard);
        return shard;
    }

    /** The children are findable before the parents close, and take writes after. */
    private void succeed(List<Shard> parents, List<Shard> children, long atMillis) {
        parents.forEach(parent -> parent.close(atMillis, children));
        List<Shard> now = new ArrayList<>(Arrays.asList(open));
        now.removeAll(parents);
        now.addAll(children);
        now.sort(Comparator.comparing(shard -> shard.hashKeys().start()));
        open = now.toArray(Shard[]::new);
    }
}
