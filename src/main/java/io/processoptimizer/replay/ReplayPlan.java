package io.processoptimizer.replay;

import io.processoptimizer.emit.Outputs;
import io.processoptimizer.pipeline.PipelineSettings;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a replay is to do.
 *
 * @param variants at least one; the first is the base, whose results are written, and the others are compared with it
 * @param threads workers, ≥ 1; the outputs do not depend on it
 * @param lines whether lines of results, advice and dead letters are wanted, for files or for a comparison with earlier ones
 * @param strips whether the states of the steps are wanted, for a report
 * @param spillDirectory where outputs wait to be sorted, if memory does not hold them
 * @param start the stored states to go on from
 * @param watcher is told of the base's outputs as they come, by all workers at once; or null
 */
public record ReplayPlan(
        List<Variant> variants,
        int threads,
        boolean lines,
        boolean strips,
        Path spillDirectory,
        StartingState start,
        @Nullable Outputs watcher) {
    /** As many as any setting allows: a replay has all processes of a stream, where a worker has those of one shard. */
    private static final int MAX_PROCESSES = 1_000_000;

    /** A key holds the number of a variant in one byte; nobody reads a comparison of more. */
    public static final int MAX_VARIANTS = 100;

    /** More only adds to the reader's work, which is one thread's. */
    public static final int MAX_THREADS = 64;

    public ReplayPlan {
        variants = List.copyOf(variants);
        if (variants.isEmpty() || variants.size() > MAX_VARIANTS) {
            throw new IllegalArgumentException(
                    variants.size() + " configurations; a replay runs 1 to " + MAX_VARIANTS + " at a time");
        }
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException(threads + " threads; a replay takes 1 to " + MAX_THREADS);
        }
    }

    /** One that begins with the records, and that nobody watches. */
    public ReplayPlan(List<Variant> variants, int threads, boolean lines, boolean strips, Path spillDirectory) {
        this(variants, threads, lines, strips, spillDirectory, StartingState.EMPTY, null);
    }

    /** The one whose results are written. */
    public Variant base() {
        return variants.get(0);
    }

    String defaultWindow() {
        return base().settings().windows().defaultWindow().name();
    }

    long slideMillis() {
        return base().settings().windows().defaultWindow().slideMillis();
    }

    int maxProcesses() {
        return MAX_PROCESSES;
    }

    /** The settings of a variant, with the bound on a shard's processes lifted: here one pipeline has those of all shards. */
    PipelineSettings settings(Variant variant) {
        PipelineSettings settings = variant.settings();
        return new PipelineSettings(
                settings.windows(),
                settings.limits(),
                MAX_PROCESSES,
                settings.maxRecordBytes(),
                settings.keyRule(),
                settings.mappings(),
                settings.advice().of(MAX_PROCESSES));
    }
}
