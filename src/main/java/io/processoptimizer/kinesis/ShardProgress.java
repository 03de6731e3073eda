package io.processoptimizer.kinesis;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/** How far the worker's shards are, written by the processing threads and read by whoever shows it. One entry a shard. */
public final class ShardProgress {
    private static final long SAY_EVERY_MILLIS = 60_000;

    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();
    private final AtomicLong saidMillis = new AtomicLong();
    private final AtomicBoolean isAllSaved = new AtomicBoolean(true);

    /**
     * How far one shard is.
     *
     * @param records user records processed by this worker
     * @param behindMillis how far the last batch was behind the tip of the shard
     * @param seenMillis when KCL last called, epoch milliseconds
     * @param committedMillis when the last state became durable, epoch milliseconds, or 0
     */
    public record Entry(String shardId, long records, long behindMillis, long seenMillis, long committedMillis) {}

    void seen(String shardId, int records, long behindMillis, long nowMillis) {
        entries.merge(
                shardId,
                new Entry(shardId, records, behindMillis, nowMillis, 0),
                (was, is) -> new Entry(
                        shardId, was.records() + is.records(), behindMillis, nowMillis, was.committedMillis()));
    }

    void committed(String shardId, long nowMillis) {
        entries.computeIfPresent(
                shardId, (id, was) -> new Entry(id, was.records(), was.behindMillis(), was.seenMillis(), nowMillis));
    }

    /** A shard was left at the worker's end without a last commit: it goes on from the one before. */
    void leftUnsaved() {
        isAllSaved.set(false);
    }

    /** Whether no shard was left without a last commit. */
    boolean isAllSaved() {
        return isAllSaved.get();
    }

    /**
     * A shard was given back since it is to be processed by a worker with another configuration.
     *
     * @return whether to say so: once a minute, whichever shards wait
     */
    boolean isToSayThatShardsWait(long nowMillis) {
        long last = saidMillis.get();
        boolean isDue = last == 0 || Math.abs(nowMillis - last) >= SAY_EVERY_MILLIS;
        return isDue && saidMillis.compareAndSet(last, nowMillis);
    }

    /** All shards that this worker has processed, in the order of their ids. */
    public List<Entry> shards() {
        return entries.values().stream()
                .sorted((a, b) -> a.shardId().compareTo(b.shardId()))
                .toList();
    }
}
