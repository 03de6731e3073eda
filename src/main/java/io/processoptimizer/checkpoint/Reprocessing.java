package io.processoptimizer.checkpoint;

import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.RecordPosition;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an operator's rewind of a shard asks of everyone who processes it from then on. It stays with the shard's pointer until the next
 * rewind.
 *
 * @param generation of the results that replace the earlier ones; 1 … {@value WindowResult#MAX_GENERATION}, greater than that of every
 *     earlier rewind of the application
 * @param processes whose results are replaced, at most {@value #MAX_PROCESSES}; empty: all
 * @param until the last record that had been processed before the rewind; null: none
 * @param publish whether adjustments decided up to {@code until} are published, where they are new and not too old
 * @param configuration fingerprint of the configuration that must compute what comes up to {@code until}; null: any
 * @param earlier generations that earlier rewinds gave, by process, under {@value #ALL} that of all; none where this one names all
 */
public record Reprocessing(
        long generation,
        Set<String> processes,
        @Nullable RecordPosition until,
        boolean publish,
        @Nullable String configuration,
        Map<String, Long> earlier) {
    /** So that the pointer stays far below the size of an item, 400 KB. */
    public static final int MAX_PROCESSES = 1_000;

    /** No process has this id: ids hold no control characters. */
    public static final String ALL = "\t";

    /** @throws IllegalArgumentException where the generation is out of its range, or more processes are named than allowed */
    public Reprocessing {
        if (generation < 1 || generation > WindowResult.MAX_GENERATION) {
            throw new IllegalArgumentException(
                    "the generation of a rewind is 1 to " + WindowResult.MAX_GENERATION + ", not " + generation);
        }
        processes = Set.copyOf(processes);
        earlier = Map.copyOf(earlier);
        requireAtMost(processes.size());
        requireAtMost(earlier.size());
    }

    /** As the operator asks for it, of a shard of which nothing is known to have been rewound before. */
    public Reprocessing(
            long generation,
            Set<String> processes,
            @Nullable RecordPosition until,
            boolean publish,
            @Nullable String configuration) {
        this(generation, processes, until, publish, configuration, Map.of());
    }

    private static void requireAtMost(int named) {
        if (named > MAX_PROCESSES) {
            throw new IllegalArgumentException(
                    named + " processes are named by this rewind or those before it, at most " + MAX_PROCESSES
                            + " can be; rewind all processes instead");
        }
    }

    /**
     * What holds where this rewind comes after another: what that one gave to processes that this one does not name stays, since their
     * stored results have it; and where that one had not caught up yet, the shard had been further before it.
     */
    public Reprocessing after(@Nullable Reprocessing before) {
        if (before == null) {
            return this;
        }
        Map<String, Long> given = new HashMap<>();
        if (!processes.isEmpty()) {
            given.putAll(before.earlier);
            if (before.processes.isEmpty()) {
                given.clear();
                given.put(ALL, before.generation);
            }
            before.processes.forEach(process -> given.put(process, before.generation));
            given.keySet().removeAll(processes);
        }
        return new Reprocessing(generation, processes, later(until, before.until), publish, configuration, given);
    }

    private static @Nullable RecordPosition later(@Nullable RecordPosition one, @Nullable RecordPosition other) {
        if (one == null || other == null) {
            return one == null ? other : one;
        }
        return one.compareTo(other) >= 0 ? one : other;
    }

    /** The least generation of a process's results, 0 where no rewind named it. */
    public long generationOf(String processId) {
        if (processes.isEmpty() || processes.contains(processId)) {
            return generation;
        }
        return Math.max(earlier.getOrDefault(processId, 0L), earlier.getOrDefault(ALL, 0L));
    }

    /** Whether a record at this position had been processed before the rewind. */
    public boolean covers(RecordPosition position) {
        return until != null && position.compareTo(until) <= 0;
    }

    /** Whether a shard that stands here (null: before its first record) has yet to catch up with where it was. */
    public boolean isUnderWay(@Nullable RecordPosition position) {
        return until != null && (position == null || position.compareTo(until) < 0);
    }
}
