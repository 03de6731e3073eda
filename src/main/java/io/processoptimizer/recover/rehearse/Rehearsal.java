package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.recover.rehearse.Disturbance.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A rehearsal from its first worker to its verdict: START HERE for this package. Workers run as processes, telemetry comes, a
 * {@link Chaos} disturbs them by plan; then the stream is recorded, the workers catch up and are stopped, and a {@link Verification}
 * compares what they left with a replay.
 */
public final class Rehearsal {
    /** Enough for a window to begin, close and be written before the first disturbance. */
    private static final Duration CALM = Duration.ofSeconds(10);

    /** The longest take-over seen is 51 s; without any progress for so long, something is stuck. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** A stop may take its budget and the closing of clients. */
    private static final Duration STOP_EXTRA = Duration.ofSeconds(5);

    private static final Duration SUPERVISOR_PAUSE = Duration.ofSeconds(2);

    private static final Duration PROGRESS_EVERY = Duration.ofSeconds(1);

    private final Options options;
    private final Parts parts;
    private final View view;
    private final Findings findings;
    private final FaultSwitch faults;
    private final Fleet fleet;
    private final @Nullable SoakPlan soak;

    /**
     * What is rehearsed.
     *
     * @param seed of the factory and of the disturbances
     * @param disturbances how many
     * @param kinds which
     * @param processes in the telemetry
     * @param workers that run at first
     * @param shards of the stream at first
     * @param timeFactor how many times as fast as the clock the factory runs
     */
    public record Options(
            long seed, int disturbances, Set<Kind> kinds, int processes, int workers, int shards, double timeFactor) {
        /** More on one machine only wait for each other. */
        private static final int MAX_WORKERS = 20;

        private static final int MAX_SHARDS = 100;
        private static final int MAX_DISTURBANCES = 10_000;

        public Options {
            kinds = Set.copyOf(kinds);
            require("--disturbances", disturbances, 0, MAX_DISTURBANCES);
            requireFleet(workers, shards);
        }

        static void requireFleet(int workers, int shards) {
            require("--workers", workers, 1, MAX_WORKERS);
            require("--shards", shards, 1, MAX_SHARDS);
        }

        private static void require(String option, int value, int from, int to) {
            if (value < from || value > to) {
                throw new IllegalArgumentException(option + " (" + value + ") must be " + from + " to " + to);
            }
        }
    }

    /**
     * What it works with.
     *
     * @param configuration of the workers
     * @param workerCommand starts a worker, without its id
     * @param directory in which workers run
     * @param endpoint of an emulator; null: AWS itself
     * @param clients reach the same place as the workers
     */
    public record Parts(
            Stage stage,
            Evidence evidence,
            Configuration configuration,
            List<String> workerCommand,
            Path directory,
            @Nullable URI endpoint,
            AwsClients clients,
            Feed feed,
            Clock clock) {}

    /** Takes what a person is told while it runs. */
    public interface View {
        /** Something that happened. */
        void say(String line);

        /** How far it is; replaces what was said of that before. */
        void progress(String line);
    }

    /**
     * How it went.
     *
     * @param agreements for each kind of output
     * @param findings what should not have happened besides
     * @param records on the stream
     * @param fromTheBus whether adjustments were compared as a consumer of the bus received them, not as the outbox tells
     */
    public record Outcome(List<Agreement> agreements, List<String> findings, long records, boolean fromTheBus) {
        public Outcome {
            agreements = List.copyOf(agreements);
            findings = List.copyOf(findings);
        }

        /** Nothing missing, different, doubled or unexpected, nothing else wrong, and something was compared. */
        public boolean isPassed() {
            return findings.isEmpty()
                    && agreements.stream().allMatch(Agreement::isComplete)
                    && agreements.get(0).compared() > 0;
        }
    }

    public Rehearsal(Options options, Parts parts, View view) {
        this(options, null, parts, view);
    }

    /** @param soak what is done instead of disturbing at random; null: that is done */
    public Rehearsal(Options options, @Nullable SoakPlan soak, Parts parts, View view) {
        this.soak = soak;
        this.options = options;
        this.parts = parts;
        this.view = view;
        Consumer<String> said = view::say;
        findings = new Findings(parts.evidence(), said);
        faults = new FaultSwitch(parts.endpoint(), parts.stage());
        fleet = new Fleet(parts.workerCommand(), parts.directory(), parts.evidence(), this::endedByItself);
    }

    /** Runs it. What it made in AWS is cleared away, whatever happens. */
    public Outcome run() throws IOException, InterruptedException {
        Thread hook = new Thread(fleet::close, "rehearsal-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try (EventConsumer events = new EventConsumer(
                parts.endpoint(), parts.stage().eventSource(), parts.evidence().live("events.ndjson"))) {
            return run(events);
        } finally {
            fleet.close();
            for (String left : parts.stage().clear(parts.clients())) {
                findings.note("not deleted: " + left);
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    /**
     * A worker may refuse to start while it cannot reach what it needs, and its supervisor starts it again; one that runs must stand
     * any fault that a plan holds.
     */
    private void endedByItself(Fleet.Member worker, int code) {
        String said = worker + " ended by itself with " + code + " after "
                + worker.uptime().toSeconds() + " s; see " + worker.log();
        if (code != 0 && !faults.isQuiet() && worker.isStarting()) {
            findings.note(said + "; started again as a supervisor would");
        } else {
            findings.found(said);
        }
        try {
            TimeUnit.MILLISECONDS.sleep(SUPERVISOR_PAUSE.toMillis());
            findings.note("started " + fleet.start(worker.workerId()));
        } catch (IOException e) {
            findings.found("a worker could not be started: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Outcome run(EventConsumer events) throws IOException, InterruptedException {
        parts.stage().build(parts.clients(), options.shards());
        boolean fromTheBus = events.isThere();
        if (fromTheBus) {
            events.start();
        } else {
            findings.note("the endpoint does not show events: adjustments are compared as the outbox tells them");
        }
        DisturbancePlan plan = plan();
        Verification verification =
                new Verification(parts.clients(), parts.configuration(), parts.stage(), parts.evidence());
        for (int i = 0; i < options.workers(); i++) {
            findings.note("started " + fleet.startNew());
        }
        disturb(plan, events);
        findings.note("recording the stream");
        Map<String, RecordingEnd> ends = verification.record();
        findings.note(String.format(
                Locale.ROOT, "%,d records recorded; waiting until the workers have them all", verification.records()));
        Progress progress = new Progress(
                new LeaseTable(parts.clients().dynamo(), parts.stage().application()));
        progress.await(ends, PATIENCE).forEach(behind -> findings.found("stuck: " + behind));
        findings.note("SIGTERM of all " + fleet.running().size() + " workers");
        fleet.stopAll(stopWithin()).forEach(findings::found);
        events.close();
        findings.note("replaying the recording, and comparing");
        verification.replay();
        List<Agreement> agreements =
                verification.compare(fromTheBus ? parts.evidence().live("events.ndjson") : null);
        agreements.forEach(agreement -> agreement.examples().forEach(example -> findings.note("WRONG: " + example)));
        return new Outcome(agreements, findings.all(), verification.records(), fromTheBus);
    }

    private DisturbancePlan plan() throws InterruptedException {
        if (soak != null) {
            return new DisturbancePlan(options.seed(), List.of());
        }
        Set<Kind> kinds = EnumSet.copyOf(options.kinds());
        if (kinds.contains(Kind.FAULT) && !faults.isThere()) {
            findings.note("the endpoint has no switch for faults (local --faults has): sinks are not disturbed");
            kinds.remove(Kind.FAULT);
        }
        return DisturbancePlan.of(options.seed(), options.disturbances(), kinds);
    }

    private void disturb(DisturbancePlan plan, EventConsumer events) throws IOException, InterruptedException {
        try (Feed feed = parts.feed();
                Chaos chaos =
                        new Chaos(fleet, faults, parts.clients(), parts.stage().stream(), findings, stopWithin())) {
            feed.start(parts.clients(), parts.stage().stream());
            if (soak != null) {
                var unused = new Soak(soak, fleet, stopWithin(), findings, parts, view).run(feed);
                feed.stop();
                view.progress("");
                return;
            }
            Thread drawer = new Thread(() -> draw(plan, chaos, feed, events), "rehearsal-progress");
            drawer.setDaemon(true);
            drawer.start();
            TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
            chaos.run(plan);
            TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
            feed.stop();
            chaos.awaitStream();
            drawer.interrupt();
            drawer.join();
        }
    }

    private Duration stopWithin() {
        return parts.configuration().settings().shutdown().budget().plus(STOP_EXTRA);
    }

    private void draw(DisturbancePlan plan, Chaos chaos, Feed feed, EventConsumer events) {
        try {
            while (true) {
                view.progress(String.format(
                        Locale.ROOT,
                        "%d of %d disturbances, %d workers run, %,d records sent, %,d adjustments received",
                        chaos.done(),
                        plan.steps().size(),
                        fleet.running().size(),
                        feed.records(),
                        events.events()));
                TimeUnit.MILLISECONDS.sleep(PROGRESS_EVERY.toMillis());
            }
        } catch (InterruptedException e) {
            view.progress("");
        }
    }
}
