package io.processoptimizer.cli;

import io.processoptimizer.aws.AdviceBudget;
import io.processoptimizer.aws.Counsel;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.config.Settings;
import io.processoptimizer.config.StatusSettings;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.kinesis.ShardProgress;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.status.Health;
import io.processoptimizer.status.Health.Phase;
import io.processoptimizer.status.HealthPages;
import io.processoptimizer.status.OutputCounts;
import io.processoptimizer.status.OverviewSharing;
import io.processoptimizer.status.Overviews;
import io.processoptimizer.status.PlantBoard;
import io.processoptimizer.status.StatusServer;
import io.processoptimizer.status.Times;
import io.processoptimizer.status.WatchPage;
import io.processoptimizer.status.WorkerFacts;
import io.processoptimizer.status.WorkerMetrics;
import io.processoptimizer.window.WindowDefinition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** A run of the worker as others watch it: gathers what the worker says of itself, and serves it. */
final class RunWatch implements WorkerFacts, AutoCloseable {
    /** The budget is an item of a table: it is read so often while somebody asks. */
    private static final long BUDGET_EVERY_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** A state that was not written for so many intervals is worth a word. */
    private static final int LATE_COMMITS = 3;

    private final Settings settings;
    private final String workerId;
    private final Clock clock;
    private final OutputCounts counts = new OutputCounts();
    private final PlantBoard board;
    private final WorkerMetrics metrics;
    private final AtomicLong budgetAskedNanos = new AtomicLong(System.nanoTime() - BUDGET_EVERY_NANOS);
    private volatile @Nullable Worker worker;
    private volatile @Nullable OutputTables outputs;
    private volatile @Nullable Counsel counsel;
    private volatile @Nullable Spending spending;
    private volatile @Nullable DefinitionsWatch definitions;
    private volatile boolean isStopping;
    private @Nullable StatusServer server;
    private @Nullable OverviewSharing sharing;

    RunWatch(Settings settings, String workerId, Clock clock) {
        this.settings = settings;
        this.workerId = workerId;
        this.clock = clock;
        metrics = new WorkerMetrics(this, counts, clock);
        WindowDefinition window = settings.windowPolicy().defaultWindow();
        board = new PlantBoard(
                new PlantBoard.Shape(
                        Main.Version.product(),
                        window.name(),
                        window.sizeMillis(),
                        window.slideMillis(),
                        shareMillis(settings.status())),
                clock);
    }

    private static long shareMillis(StatusSettings status) {
        Duration every = status.shareEvery();
        return every == null ? 0 : every.toMillis();
    }

    /**
     * Starts to serve.
     *
     * @param isWanted whether somebody asked for the address; one that nobody asked for is no reason not to run
     * @return what to say of it, in one line
     * @throws CommandFailure where the address that somebody asked for cannot be listened on
     */
    String open(boolean isWanted) {
        StatusSettings status = settings.status();
        InetSocketAddress address = status.address();
        if (address == null) {
            return "page          none (status.listen is off)";
        }
        Map<String, StatusServer.Page> pages = new HashMap<>(HealthPages.of(this, metrics, clock));
        pages.putAll(WatchPage.of(board, this));
        try {
            StatusServer opened = new StatusServer(
                    new InetSocketAddress(address.getHostString(), address.getPort()), status.hostNames(), pages);
            server = opened;
            return "page          http://" + address.getHostString() + ":"
                    + opened.address().getPort() + ", with /healthz, /readyz and /metrics";
        } catch (IOException | RuntimeException e) {
            String why = "status.listen (" + status.listen() + ") cannot be listened on: " + e.getMessage()
                    + "; another program or worker may have the port: set another with --set"
                    + " status.listen=127.0.0.1:" + (address.getPort() + 1) + ", or off";
            if (isWanted) {
                throw new CommandFailure(ExitCode.BAD_USAGE, why, e);
            }
            return "page          NONE: " + why;
        }
    }

    /** Who is told of what comes of a shard, in one tenure. */
    Outputs watcher(ShardLease shard) {
        return new BothOutputs(counts, board.begin(shard.shardId(), shard.counter()));
    }

    /** @param overviews where the workers leave overviews for each other */
    void of(Worker running, OutputTables tables, @Nullable Counsel asked, Overviews overviews) {
        outputs = tables;
        counsel = asked;
        // The first scrape shows it already.
        @Nullable Spending unused = spending();
        worker = running;
        Duration every = settings.status().shareEvery();
        if (every != null) {
            OverviewSharing started = new OverviewSharing(board, this, overviews, every, clock);
            started.start();
            sharing = started;
        }
    }

    void of(DefinitionsWatch watched) {
        definitions = watched;
    }

    void stopping() {
        isStopping = true;
    }

    @Override
    public String workerId() {
        return workerId;
    }

    @Override
    public Health health() {
        Worker running = worker;
        List<String> problems = new ArrayList<>();
        List<String> warnings = new ArrayList<>();
        if (running != null && !isStopping) {
            if (running.isSchedulerGone()) {
                problems.add("KCL's scheduler has ended: no shard is processed any more; restart the worker");
            }
            long now = clock.millis();
            ShardProgress progress = running.progress();
            for (ShardProgress.Stuck stuck :
                    progress.stuck(now, settings.status().stuckAfter().toMillis())) {
                problems.add(problem(stuck));
            }
            long late = LATE_COMMITS * settings.state().commitInterval().toMillis();
            for (ShardProgress.Entry entry : progress.shards()) {
                long age = now - entry.committedMillis();
                if (entry.isHeld() && entry.isUncommitted() && entry.committedMillis() > 0 && age > late) {
                    warnings.add(entry.shardId() + " wrote its state " + Times.duration(age)
                            + " ago: its outputs wait, or the store does not answer; the log says which");
                }
            }
            for (ShardProgress.LeftToOthers shard : progress.leftToOthers(now)) {
                warnings.add(
                        shard.shardId() + " is not taken: it was rewound to be processed again with the configuration "
                                + shard.configuration()
                                + ", and this worker has another ('config show' names it); deploy what was"
                                + " given to 'recover rewind --new-config'");
            }
            Outflow flow = outflow();
            if (flow.waiting() >= flow.capacity()) {
                warnings.add("outputs.queue_capacity (" + flow.capacity()
                        + ") is full: reading pauses until the tables take more");
            }
        }
        String refusal = definitions().refusal();
        if (refusal != null) {
            warnings.add(refusal);
        }
        Phase phase =
                isStopping ? Phase.STOPPING : running != null && running.isStarted() ? Phase.RUNNING : Phase.STARTING;
        return new Health(problems.isEmpty(), phase, problems, warnings);
    }

    private static String problem(ShardProgress.Stuck stuck) {
        String time = Times.duration(stuck.forMillis());
        return stuck.shardId()
                + switch (stuck.why()) {
                    case BUSY ->
                        " has been at one task for " + time
                                + " (taking it over, a batch, or its end): a call hangs, or its outputs cannot be written";
                    case NOT_CALLED -> " has not been called by KCL for " + time + ": it is held and not read";
                    case STOPPED -> " stopped " + time + " ago and is still held by this worker: nobody processes it";
                };
    }

    @Override
    public List<ShardFacts> shards() {
        return entries().stream()
                .filter(ShardProgress.Entry::isHeld)
                .map(entry -> new ShardFacts(
                        entry.shardId(),
                        workerId,
                        entry.records(),
                        entry.behindMillis(),
                        entry.seenMillis(),
                        entry.committedMillis()))
                .toList();
    }

    @Override
    public Definitions definitions() {
        DefinitionsWatch watched = definitions;
        return watched == null ? new Definitions(0, null) : new Definitions(watched.takenOver(), watched.refusal());
    }

    @Override
    public long records() {
        return entries().stream().mapToLong(ShardProgress.Entry::records).sum();
    }

    private List<ShardProgress.Entry> entries() {
        Worker running = worker;
        return running == null ? List.of() : running.progress().shards();
    }

    @Override
    public Outflow outflow() {
        OutputTables tables = outputs;
        int capacity = settings.outputs().queueCapacity();
        return tables == null
                ? new Outflow(0, capacity, 0)
                : new Outflow(tables.pending(), capacity, tables.droppedMetrics());
    }

    @Override
    public @Nullable Spending spending() {
        Counsel asked = counsel;
        long now = System.nanoTime();
        long last = budgetAskedNanos.get();
        if (asked != null && now - last >= BUDGET_EVERY_NANOS && budgetAskedNanos.compareAndSet(last, now)) {
            // Where the table does not answer the last figure stays; it is asked again.
            CompletableFuture<?> unused = asked.spent().thenAccept(spent -> spending = spending(asked, spent));
        }
        return spending;
    }

    private static Spending spending(Counsel asked, AdviceBudget.Spent spent) {
        AdviceBudget.Limits most = asked.budget();
        return new Spending(asked.languageModel(), spent.calls(), most.calls(), spent.tokens(), most.tokens());
    }

    @Override
    public void close() {
        StatusServer serving = server;
        if (serving != null) {
            serving.close();
        }
        if (sharing != null) {
            sharing.close();
        }
        metrics.close();
    }
}
