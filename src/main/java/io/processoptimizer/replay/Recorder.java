package io.processoptimizer.replay;

import io.processoptimizer.replay.RecordingManifest.End;
import io.processoptimizer.replay.RecordingManifest.Gap;
import io.processoptimizer.replay.RecordingManifest.Shard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Records a stream into a folder: all shards in turn on a few threads, each into its own file, with a manifest beside them. Run again
 * on the same folder it goes on after the last complete record of each file, so that every record is in the folder once, in the order
 * of its shard, whatever ended the runs before. A recorder runs once.
 */
public final class Recorder {
    /** A fetch under way is interrupted; a write to a slow disk is waited for. */
    public static final Duration STOP_WITHIN = Duration.ofSeconds(20);

    /** Shards of one recording: a stream in AWS has at most 20,000 shards unless asked for, closed ones besides. */
    private static final int MAX_SHARDS = 100_000;

    private final StreamSource source;
    private final Path path;
    private final RecordingPlan plan;
    private final InstantSource clock;
    private final Disk disk;
    private final Tuning tuning;
    private final CompletableFuture<End> done = new CompletableFuture<>();
    private final AtomicInteger active = new AtomicInteger();
    private final Map<String, Shard> resting = new TreeMap<>();
    private final Map<String, ShardRecording> recordings = new TreeMap<>();
    private final ScheduledThreadPoolExecutor threads;
    private long savedNanos;

    /**
     * How it works.
     *
     * @param threads reading waits for the network and the limits of a shard most of the time: a few keep many shards going
     * @param flushBytes a write and its sync per so many bytes of a shard's lines: enough to compress well, little enough to hold for
     *     many shards
     * @param tipPauseMillis nothing more has come: ask again after this
     * @param saveEveryMillis the manifest may lag behind the files by this
     */
    record Tuning(int threads, int flushBytes, long tipPauseMillis, long saveEveryMillis) {
        static final Tuning DEFAULT = new Tuning(8, 1 << 20, 1_000, 1_000);
    }

    /**
     * @param source not closed by this
     * @param folder made where it is missing
     */
    public Recorder(StreamSource source, Path folder, RecordingPlan plan, InstantSource clock) {
        this(source, folder, plan, clock, new Disk(), Tuning.DEFAULT);
    }

    Recorder(StreamSource source, Path folder, RecordingPlan plan, InstantSource clock, Disk disk, Tuning tuning) {
        this.source = source;
        this.path = folder;
        this.plan = plan;
        this.clock = clock;
        this.disk = disk;
        this.tuning = tuning;
        AtomicInteger number = new AtomicInteger();
        this.threads = new ScheduledThreadPoolExecutor(tuning.threads, task -> {
            Thread thread = new Thread(task, "record-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * What a run did.
     *
     * @param shards all of the folder, in the order of their ids
     * @param newGaps places where the stream had dropped records before this run read them
     * @param stopped whether {@link #stop()} ended it
     */
    public record Report(List<ShardStatus> shards, int newGaps, boolean stopped) {
        public Report {
            shards = List.copyOf(shards);
        }
    }

    /**
     * Records until a bound is met or it is stopped.
     *
     * @throws RecordingException where the folder does not fit or cannot be written
     * @throws IOException where its manifest is damaged
     * @throws RuntimeException where the stream cannot be read; what was read is on the disk
     */
    public Report run() throws IOException, InterruptedException {
        StreamDescription stream = source.describe();
        try (RecordingFolder folder = RecordingFolder.open(path, disk)) {
            Run run = begin(folder, stream);
            int gapsBefore = folder.found() == null ? 0 : gaps(folder.found());
            End why;
            try {
                run.startAll();
                why = awaitDone();
            } catch (RuntimeException | Error | InterruptedException e) {
                try {
                    run.finish(e instanceof InterruptedException ? End.STOPPED : End.FAILED);
                } catch (RuntimeException | IOException again) {
                    e.addSuppressed(again);
                }
                throw e;
            }
            run.finish(why);
            return new Report(progress(), gaps(run.manifest()) - gapsBefore, why == End.STOPPED);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Ends the run soon, with all that was read on the disk. */
    public void stop() {
        done.complete(End.STOPPED);
    }

    /** How far each shard is, in the order of their ids. */
    public List<ShardStatus> progress() {
        Map<String, ShardStatus> all = new TreeMap<>();
        synchronized (recordings) {
            resting.forEach((id, shard) ->
                    all.put(id, new ShardStatus(id, shard.extent().records(), 0, 0, 0, shard.ended())));
            recordings.forEach((id, recording) -> all.put(id, recording.status()));
        }
        return List.copyOf(all.values());
    }

    private End awaitDone() throws InterruptedException {
        try {
            return done.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            if (e.getCause() instanceof Error failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a step tells its failure itself
    private void later(Runnable task, long millis) {
        threads.schedule(task, millis, TimeUnit.MILLISECONDS);
    }

    private Run begin(RecordingFolder folder, StreamDescription stream) {
        RecordingManifest.StreamId id =
                new RecordingManifest.StreamId(stream.name(), stream.arn(), stream.createdMillis());
        RecordingManifest found = folder.found();
        long now = clock.millis();
        RecordingManifest.Terms terms;
        if (found == null) {
            terms = plan.begin(stream, now);
        } else {
            plan.requireSame(found, id, path);
            terms = found.terms();
        }
        if (plan.definitions() != null) {
            folder.keepDefinitions(plan.definitions(), now);
        }
        List<Shard> shards = found == null ? firstShards(stream, terms) : shardsAgain(found, stream, now);
        long held = shards.stream().mapToLong(shard -> shard.extent().records()).sum();
        RecordQuota quota = new RecordQuota(Math.max(0, plan.bounds().maxRecords() - held));
        ShardRecording.Context context = new ShardRecording.Context(
                source, plan.bounds(), quota, clock, now, stream.retentionMillis(), tuning.flushBytes);
        if (found == null) {
            // Before any file: a folder with files and without a manifest is nobody's.
            folder.save(new RecordingManifest(id, terms, shards));
        }
        Run run = new Run(folder, new RecordingManifest(id, terms, List.of()), context);
        shards.forEach(run::add);
        return run;
    }

    private static List<Shard> firstShards(StreamDescription stream, RecordingManifest.Terms terms) {
        List<Shard> shards = new ArrayList<>();
        for (RecordedShard shard : stream.shards()) {
            if (terms.selected().isEmpty() || terms.selected().contains(shard.shardId())) {
                boolean nothing = shard.closed() && terms.from() instanceof ReadFrom.Latest;
                shards.add(new Shard(
                        shard,
                        terms.from(),
                        RecordingManifest.Extent.NONE,
                        nothing ? End.CLOSED_BEFORE : null,
                        List.of()));
            }
        }
        return shards;
    }

    private static List<Shard> shardsAgain(RecordingManifest found, StreamDescription stream, long now) {
        Map<String, RecordedShard> known = new HashMap<>();
        stream.shards().forEach(shard -> known.put(shard.shardId(), shard));
        List<Shard> shards = new ArrayList<>();
        for (Shard before : found.shards()) {
            RecordedShard shard = known.remove(before.shard().shardId());
            // What came between the first start, which recorded nothing of it, and this one belongs to it, too.
            ReadFrom from = before.from() instanceof ReadFrom.Latest
                    ? new ReadFrom.AtTimestamp(found.terms().startedMillis())
                    : before.from();
            if (before.finished()) {
                shards.add(before);
            } else if (shard == null) {
                List<Gap> gaps = new ArrayList<>(before.gaps());
                gaps.add(new Gap(before.extent().last(), now));
                shards.add(new Shard(before.shard(), before.from(), before.extent(), End.EXPIRED, gaps));
            } else {
                shards.add(new Shard(shard, from, before.extent(), null, before.gaps()));
            }
        }
        if (found.terms().selected().isEmpty()) {
            known.values().forEach(shard -> shards.add(child(shard)));
        }
        return shards;
    }

    /** A shard that was made while its stream was recorded: all of its records belong to the recording. */
    private static Shard child(RecordedShard shard) {
        return new Shard(shard, new ReadFrom.TrimHorizon(), RecordingManifest.Extent.NONE, null, List.of());
    }

    private static int gaps(RecordingManifest manifest) {
        return manifest.shards().stream().mapToInt(shard -> shard.gaps().size()).sum();
    }

    /** One run in its folder. */
    private final class Run {
        private final RecordingFolder folder;
        private final RecordingManifest head;
        private final ShardRecording.Context context;

        Run(RecordingFolder folder, RecordingManifest head, ShardRecording.Context context) {
            this.folder = folder;
            this.head = head;
            this.context = context;
        }

        /** @return the shard's recording; null where there is nothing to record */
        @Nullable
        ShardRecording add(Shard shard) {
            synchronized (recordings) {
                if (recordings.size() + resting.size() == MAX_SHARDS) {
                    throw new RecordingException(path + " would hold more than " + MAX_SHARDS
                            + " shards; use another folder, or name some with --shard");
                }
                if (shard.ended() != null) {
                    resting.put(shard.shard().shardId(), shard);
                    return null;
                }
                boolean compressed = head.terms().compressed();
                ShardFile file =
                        ShardFile.open(folder.file(shard.fileName(compressed)), compressed, shard.extent(), disk);
                ShardRecording recording = new ShardRecording(context, shard, file);
                recordings.put(shard.shard().shardId(), recording);
                return recording;
            }
        }

        void startAll() {
            save();
            Duration length = plan.bounds().length();
            if (length != null) {
                later(() -> done.complete(End.BOUND), length.toMillis());
            }
            List<ShardRecording> all;
            synchronized (recordings) {
                all = List.copyOf(recordings.values());
            }
            active.addAndGet(all.size());
            all.forEach(recording -> schedule(recording, 0));
            if (all.isEmpty() || context.quota().isUsedUp()) {
                done.complete(End.BOUND);
            }
        }

        private void schedule(ShardRecording recording, long millis) {
            try {
                later(() -> step(recording), millis);
            } catch (RejectedExecutionException e) {
                // Being stopped: finish() brings to the disk what it holds.
                return;
            }
        }

        private void step(ShardRecording recording) {
            if (done.isDone()) {
                return;
            }
            try {
                boolean pause = recording.step();
                End ended = recording.state().ended();
                if (ended == null) {
                    schedule(recording, pause ? tuning.tipPauseMillis : 0);
                } else {
                    recording.close();
                    if (ended == End.SHARD_END) {
                        addChildren();
                    }
                }
                saveIfDue();
                if (context.quota().isUsedUp() || (ended != null && active.decrementAndGet() == 0)) {
                    done.complete(End.BOUND);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                done.complete(End.STOPPED);
            } catch (RuntimeException | IOException | Error e) {
                done.completeExceptionally(e);
            }
        }

        /** The children of a shard that ended, and any others that appeared. */
        private void addChildren() throws InterruptedException {
            if (!head.terms().selected().isEmpty()) {
                return;
            }
            for (RecordedShard shard : source.describe().shards()) {
                ShardRecording child = null;
                synchronized (recordings) {
                    if (!recordings.containsKey(shard.shardId()) && !resting.containsKey(shard.shardId())) {
                        child = add(child(shard));
                    }
                }
                if (child != null) {
                    active.incrementAndGet();
                    schedule(child, 0);
                }
            }
        }

        RecordingManifest manifest() {
            Map<String, Shard> all = new TreeMap<>();
            synchronized (recordings) {
                all.putAll(resting);
                recordings.forEach((id, recording) -> all.put(id, recording.state()));
            }
            return new RecordingManifest(head.stream(), head.terms(), List.copyOf(all.values()));
        }

        private synchronized void saveIfDue() {
            if (System.nanoTime() - savedNanos >= TimeUnit.MILLISECONDS.toNanos(tuning.saveEveryMillis)) {
                save();
            }
        }

        synchronized void save() {
            folder.save(manifest());
            savedNanos = System.nanoTime();
        }

        /** Ends the threads, and brings everything to the disk. */
        void finish(End why) throws IOException, InterruptedException {
            done.complete(why);
            threads.shutdownNow();
            if (!threads.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RecordingException(path + " does not take writes within " + STOP_WITHIN.toSeconds()
                        + " s; what is there is whole: run the same command again to go on");
            }
            List<ShardRecording> all;
            synchronized (recordings) {
                all = List.copyOf(recordings.values());
            }
            RuntimeException failure = null;
            for (ShardRecording recording : all) {
                try (recording) {
                    recording.end(why);
                } catch (RuntimeException e) {
                    if (failure == null) {
                        failure = e;
                    } else {
                        failure.addSuppressed(e);
                    }
                }
            }
            save();
            if (failure != null) {
                throw failure;
            }
        }
    }
}
