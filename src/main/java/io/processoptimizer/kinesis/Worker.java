package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.checkpoint.SnapshotStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.kinesis.model.ListShardsRequest;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardFilterType;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.coordinator.WorkerStateChangeListener;

/**
 * One KCL worker on one stream, from the preparation of its lease table to the release of its leases. A worker runs once: prepare,
 * start, stop.
 */
public final class Worker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);

    /** A stream that is being made is ready within a minute. */
    private static final Duration STREAM_READY_WITHIN = Duration.ofMinutes(2);

    private static final long STREAM_POLL_MILLIS = 200;

    /** A parent's last state is written before its end is known to KCL, so it is there at once or never; a store may be slow. */
    private static final long SEALED_WITHIN_MILLIS = 60_000;

    /** At the end: one write a lease, each some milliseconds. */
    private static final long RELEASE_MILLIS = 4_000;

    private final WorkerSettings settings;
    private final AwsClients clients;
    private final LeaseTable leases;
    private final Commits commits;
    private final ShardProcessorContext context;
    private final PatientCalls atStart = new PatientCalls();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private volatile long retentionMillis = Long.MAX_VALUE;
    private @Nullable Scheduler scheduler;
    private volatile @Nullable Thread schedulerThread;
    private volatile boolean isStarted;
    private boolean stopped;

    public Worker(WorkerSettings settings, AwsClients clients, ShardEngines engines, SnapshotStore store, Clock clock) {
        this.settings = settings;
        this.clients = clients;
        this.leases = new LeaseTable(clients.leases(), settings.application());
        this.commits = new Commits(store);
        Disputes disputes = new Disputes(settings.workerId(), leases, store, this::failed);
        this.context = new ShardProcessorContext(
                settings,
                leases,
                this::parentsOf,
                engines,
                store,
                commits,
                new ShardProgress(),
                clock,
                () -> retentionMillis,
                SEALED_WITHIN_MILLIS,
                disputes::fenced,
                disputes::heldByLater,
                disputes::giveBack,
                this::failed);
    }

    /**
     * Waits for the stream and makes the lease table ready, so that the first records come within seconds of {@link #start()}.
     *
     * @return the stream, as Kinesis describes it
     * @throws IllegalStateException where the stream does not exist or never becomes ready
     */
    public StreamInfo prepare() throws InterruptedException {
        StreamDescriptionSummary stream = awaitStream();
        retentionMillis = Duration.ofHours(stream.retentionPeriodHours()).toMillis();
        // KCL itself places the first leases where records are to be read from now on only.
        leases.prepare(settings.fromTheBeginning() ? shardsAtTrimHorizon() : List.of());
        return new StreamInfo(stream.streamARN(), stream.openShardCount(), stream.streamCreationTimestamp());
    }

    private StreamDescriptionSummary awaitStream() throws InterruptedException {
        long deadline = System.nanoTime() + STREAM_READY_WITHIN.toNanos();
        while (true) {
            StreamDescriptionSummary stream = describeStream();
            switch (stream.streamStatus()) {
                case ACTIVE, UPDATING -> {
                    return stream;
                }
                case CREATING -> TimeUnit.MILLISECONDS.sleep(STREAM_POLL_MILLIS);
                default ->
                    throw new IllegalStateException("stream " + settings.stream() + " is "
                            + stream.streamStatusAsString() + "; it cannot be read");
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("stream " + settings.stream() + " is still being made after "
                        + STREAM_READY_WITHIN.toSeconds() + " s; look at it in the console");
            }
        }
    }

    private StreamDescriptionSummary describeStream() throws InterruptedException {
        try {
            return atStart.answer(() -> clients.kinesis().describeStreamSummary(r -> r.streamName(settings.stream())))
                    .streamDescriptionSummary();
        } catch (ResourceNotFoundException e) {
            throw new IllegalStateException(
                    "stream " + settings.stream()
                            + " does not exist; make it with 'process-optimizer provision --apply',"
                            + " or name another with --set stream.name=NAME",
                    e);
        }
    }

    private List<Shard> shardsAtTrimHorizon() throws InterruptedException {
        return shards(r -> r.streamName(settings.stream()).shardFilter(f -> f.type(ShardFilterType.AT_TRIM_HORIZON)));
    }

    private @Nullable List<String> parentsOf(String shardId) throws InterruptedException {
        for (Shard shard : shards(r -> r.streamName(settings.stream()))) {
            if (shard.shardId().equals(shardId)) {
                return Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                        .filter(Objects::nonNull)
                        .toList();
            }
        }
        return null;
    }

    private List<Shard> shards(Consumer<ListShardsRequest.Builder> wanted) throws InterruptedException {
        List<Shard> shards = new ArrayList<>();
        String token = null;
        // As many pages as the stream has shards for: each names the next.
        do {
            String next = token;
            ListShardsResponse page =
                    atStart.answer(() -> clients.kinesis().listShards(next == null ? wanted : r -> r.nextToken(next)));
            shards.addAll(page.shards());
            token = page.nextToken();
        } while (token != null);
        return shards;
    }

    /** Starts to process, on threads of KCL. Returns at once. */
    public synchronized void start() {
        if (scheduler != null) {
            throw new IllegalStateException("a worker runs once");
        }
        Scheduler made = new SchedulerConfig(settings, clients)
                .scheduler(() -> new ShardProcessor(context), new StateListener());
        scheduler = made;
        Thread thread = new Thread(() -> run(made), "kcl-scheduler");
        thread.setDaemon(true);
        schedulerThread = thread;
        thread.start();
    }

    private void run(Scheduler made) {
        try {
            made.run();
            ended.complete(null);
        } catch (RuntimeException | Error e) {
            ended.completeExceptionally(e);
        }
    }

    /** Completed when the worker has ended; failed where it had to end by itself, with the reason. */
    public CompletableFuture<Void> ended() {
        return ended.copy();
    }

    /** Whether KCL takes part in the assignment of leases; so until the worker ends. */
    public boolean isStarted() {
        return isStarted;
    }

    /** Whether the thread that KCL hands out all work from has ended, by itself or asked to; false before {@link #start()}. */
    public boolean isSchedulerGone() {
        Thread thread = schedulerThread;
        return thread != null && !thread.isAlive();
    }

    /** How far the shards are. */
    public ShardProgress progress() {
        return context.progress();
    }

    /**
     * Ends within the budget: the last commits, KCL's end, then the leases are given back so that another worker need not wait for
     * them to run out. Further calls do nothing.
     *
     * @return whether every step was finished in time and the last state of every shard is saved
     */
    public synchronized boolean stop() {
        if (stopped) {
            return true;
        }
        stopped = true;
        Scheduler running = scheduler;
        boolean clean = true;
        if (running != null) {
            clean = stop(running);
        }
        commits.close();
        return clean;
    }

    private boolean stop(Scheduler running) {
        boolean clean;
        try {
            running.startGracefulShutdown()
                    .get(settings.shutdownBudget().toMillis() - RELEASE_MILLIS, TimeUnit.MILLISECONDS);
            // Not KCL's own answer: it is "no" where the last consumer is gone a moment before KCL has counted it (its
            // issue 542).
            clean = running.shutdownComplete() && progress().isAllSaved();
        } catch (TimeoutException | ExecutionException e) {
            LOG.warn("The worker did not end in time ({}); its shards go on from their last commits", e.toString());
            running.shutdown();
            clean = false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running.shutdown();
            return false;
        }
        return release() && clean;
    }

    private boolean release() {
        try {
            int released = leases.release(settings.workerId());
            LOG.info("Released {} leases", released);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            LOG.warn("The leases were not given back and run out by themselves: {}", e.getMessage());
            return false;
        }
    }

    @Override
    public void close() {
        boolean unused = stop();
    }

    private void failed(String shardId, Throwable why) {
        LOG.debug("Shard {} failed", shardId, why);
        ended.completeExceptionally(
                new IllegalStateException("shard " + shardId + " cannot go on: " + why.getMessage(), why));
    }

    private final class StateListener implements WorkerStateChangeListener {
        @Override
        public void onWorkerStateChange(WorkerState state) {
            LOG.debug("KCL is {}", state);
            isStarted = state == WorkerState.STARTED;
        }

        @Override
        public void onAllInitializationAttemptsFailed(Throwable why) {
            ended.completeExceptionally(
                    new IllegalStateException("the worker could not start: " + why.getMessage(), why));
        }
    }
}
