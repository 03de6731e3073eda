package io.processoptimizer.kinesis;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How far the worker's shards are, written by the processing threads once a call of KCL and read by whoever shows it. One entry a shard
 * that this worker has processed since it started.
 */
public final class ShardProgress {
    private static final long SAY_EVERY_MILLIS = 60_000;

    /** A shard that no worker may take comes by again within a minute or two; another worker may have it since. */
    private static final long LEFT_LATELY_MILLIS = 300_000;

    /** KCL calls a processor about twice a second, also one that has stopped. */
    private static final long CALLED_LATELY_MILLIS = 30_000;

    private final ConcurrentMap<String, Tenure> tenures = new ConcurrentHashMap<>();

    /** Shards that were left to workers with another configuration. */
    private final ConcurrentMap<String, LeftToOthers> left = new ConcurrentHashMap<>();

    private final AtomicBoolean isAllSaved = new AtomicBoolean(true);

    /** @param processor tells a tenure from the next one of the same shard, which may begin before it has ended */
    private record Tenure(Object processor, Entry entry) {}

    /**
     * How far one shard is.
     *
     * @param records user records processed by this worker
     * @param behindMillis how far the last batch was behind the tip of the shard
     * @param seenMillis when KCL last called, epoch milliseconds
     * @param isBusy whether that call has not returned yet
     * @param committedMillis when the last state became durable, epoch milliseconds, or 0
     * @param isUncommitted whether records were processed that no durable state is known to hold
     * @param leftMillis when the processor stopped, epoch milliseconds; 0 while the shard is processed here
     */
    public record Entry(
            String shardId,
            long records,
            long behindMillis,
            long seenMillis,
            boolean isBusy,
            long committedMillis,
            boolean isUncommitted,
            long leftMillis) {
        /** Whether the shard is processed by this worker now. */
        public boolean isHeld() {
            return leftMillis == 0;
        }

        private Entry called(long nowMillis, boolean isBegun) {
            return new Entry(
                    shardId, records, behindMillis, nowMillis, isBegun, committedMillis, isUncommitted, leftMillis);
        }
    }

    /** Why a shard counts as standing still. */
    public enum Standstill {
        /** One call of KCL has not returned: taking the shard over, a batch, or its end. */
        BUSY,
        /** KCL does not call. */
        NOT_CALLED,
        /** KCL goes on calling a processor that has stopped, so nobody processes the shard. */
        STOPPED
    }

    /**
     * A shard that stands still.
     *
     * @param forMillis since when
     */
    public record Stuck(String shardId, Standstill why, long forMillis) {}

    /** KCL calls the processor of a shard; the first call begins its tenure. */
    void begun(String shardId, Object processor, long nowMillis) {
        tenures.compute(shardId, (id, was) -> begun(id, was, processor, nowMillis));
    }

    private static Tenure begun(String shardId, @Nullable Tenure was, Object processor, long nowMillis) {
        if (was != null && was.processor == processor) {
            return new Tenure(processor, was.entry.called(nowMillis, was.entry.isHeld()));
        }
        long records = was == null ? 0 : was.entry.records();
        return new Tenure(processor, new Entry(shardId, records, 0, nowMillis, true, 0, false, 0));
    }

    /** The call has returned. */
    void returned(String shardId, Object processor, long nowMillis) {
        update(shardId, processor, was -> was.called(nowMillis, false));
    }

    /** A batch was processed. */
    void seen(String shardId, Object processor, int records, long behindMillis) {
        update(
                shardId,
                processor,
                was -> new Entry(
                        shardId,
                        was.records() + records,
                        behindMillis,
                        was.seenMillis(),
                        was.isBusy(),
                        was.committedMillis(),
                        was.isUncommitted() || records > 0,
                        was.leftMillis()));
    }

    void committed(String shardId, Object processor, long nowMillis) {
        update(
                shardId,
                processor,
                was -> new Entry(
                        shardId,
                        was.records(),
                        was.behindMillis(),
                        was.seenMillis(),
                        was.isBusy(),
                        nowMillis,
                        false,
                        was.leftMillis()));
    }

    /** The processor has stopped. */
    void left(String shardId, Object processor, long nowMillis) {
        update(
                shardId,
                processor,
                was -> new Entry(
                        shardId,
                        was.records(),
                        was.behindMillis(),
                        was.seenMillis(),
                        false,
                        was.committedMillis(),
                        was.isUncommitted(),
                        was.isHeld() ? nowMillis : was.leftMillis()));
    }

    private void update(String shardId, Object processor, UnaryOperator<Entry> change) {
        tenures.computeIfPresent(
                shardId,
                (id, was) -> was.processor == processor ? new Tenure(processor, change.apply(was.entry)) : was);
    }

    /**
     * Shards that have stood still for longer than a bound, in the order of their ids.
     *
     * @param boundMillis longer than the longest task takes
     */
    public List<Stuck> stuck(long nowMillis, long boundMillis) {
        List<Stuck> stuck = new ArrayList<>();
        for (Entry entry : shards()) {
            long sinceCall = nowMillis - entry.seenMillis();
            long sinceLeft = nowMillis - entry.leftMillis();
            if (entry.isHeld() && sinceCall > boundMillis) {
                stuck.add(new Stuck(
                        entry.shardId(), entry.isBusy() ? Standstill.BUSY : Standstill.NOT_CALLED, sinceCall));
            } else if (!entry.isHeld() && sinceLeft > boundMillis && sinceCall < CALLED_LATELY_MILLIS) {
                stuck.add(new Stuck(entry.shardId(), Standstill.STOPPED, sinceLeft));
            }
        }
        return stuck;
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
     * A shard that an operator has rewound, and that waits for a worker with the configuration that was asked for.
     *
     * @param configuration the one that is asked for, as {@code config show} names it
     */
    public record LeftToOthers(String shardId, String configuration, long seenMillis, long saidMillis) {}

    /**
     * A shard was given back since it is to be processed by a worker with another configuration.
     *
     * @return whether to say so: once a minute
     */
    boolean leftToOthers(String shardId, String configuration, long nowMillis) {
        LeftToOthers before = left.get(shardId);
        if (before != null && Math.abs(nowMillis - before.saidMillis) < SAY_EVERY_MILLIS) {
            left.put(shardId, new LeftToOthers(shardId, configuration, nowMillis, before.saidMillis));
            return false;
        }
        left.put(shardId, new LeftToOthers(shardId, configuration, nowMillis, nowMillis));
        return true;
    }

    /** A shard is for this worker. */
    void taken(String shardId) {
        left.remove(shardId);
    }

    /** The shards that were left lately to workers with another configuration, in the order of their ids. */
    public List<LeftToOthers> leftToOthers(long nowMillis) {
        left.values().removeIf(shard -> nowMillis - shard.seenMillis > LEFT_LATELY_MILLIS);
        return left.values().stream()
                .sorted(Comparator.comparing(LeftToOthers::shardId))
                .toList();
    }

    /** All shards that this worker has processed, in the order of their ids. */
    public List<Entry> shards() {
        return tenures.values().stream()
                .map(Tenure::entry)
                .sorted((a, b) -> a.shardId().compareTo(b.shardId()))
                .toList();
    }
}
