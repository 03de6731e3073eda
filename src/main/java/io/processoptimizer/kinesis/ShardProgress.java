package io.processoptimizer.kinesis;

import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** How far the worker's shards are, written by the processing threads and read by whoever shows it. One entry a shard. */
public final class ShardProgress {
    private final ConcurrentMap<String, Entry> entries = new ConcurrentHashMap<>();

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

    /** All shards that this worker has processed, in the order of their ids. */
    public List<Entry> shards() {
        return entries.values().stream()
                .sorted((a, b) -> a.shardId().compareTo(b.shardId()))
                .toList();
    }
}
