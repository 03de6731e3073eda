package io.processoptimizer.recover.rehearse;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.recover.rehearse.StoredOutputs.Performance;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The night of an operator, told while it happens: under load all workers get a wrong configuration; somebody notices; the right one is
 * deployed again, and the shards go back to the savepoints from before. At the end the stream is recorded, and the results in the table
 * must be those of a replay that never had the wrong configuration. What the operator does is done by the commands that an operator has.
 */
public final class Incident {
    /** A commit lies between what is awaited and the next deployment. */
    private static final Duration CALM = Duration.ofSeconds(6);

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration STOP_EXTRA = Duration.ofSeconds(5);
    private static final long POLL_MILLIS = 1_000;

    /** The exit code of a command that shows something that is not well. */
    private static final int CHECK_FAILED = 5;

    /** Of each process, before somebody deploys, and again before somebody notices. */
    private static final int WINDOWS = 3;

    /** Every other field must be as if nothing had happened. */
    private static final Set<String> COUNTS_REWINDS = Set.of("generation");

    private final Options options;
    private final Parts parts;
    private final Rehearsal.View view;
    private final Findings findings;
    private final Fleet fleet;
    private final StoredOutputs outputs;

    /**
     * What is rehearsed.
     *
     * @param seed of the factory
     * @param processes in the telemetry
     * @param workers that run
     * @param shards of the stream
     * @param timeFactor how many times as fast as the clock the factory runs
     */
    public record Options(long seed, int processes, int workers, int shards, double timeFactor) {
        public Options {
            Rehearsal.Options.requireFleet(workers, shards);
        }
    }

    /**
     * What it works with.
     *
     * @param right what should be deployed
     * @param rightFile the same as a settings file
     * @param wrongFile what is deployed by mistake
     * @param mistake tells a person what is wrong in it
     * @param clients reach the same place as the workers
     */
    public record Parts(
            Stage stage,
            Evidence evidence,
            Configuration right,
            Path rightFile,
            Path wrongFile,
            String mistake,
            Program program,
            Path directory,
            AwsClients clients,
            Feed feed,
            Clock clock) {}

    /** Commands of this program, with the settings of a file. */
    public interface Program {
        /** Starts a worker, without its id. */
        List<String> worker(Path settings);

        /**
         * Runs a command.
         *
         * @param arguments the command and its options, like {@code recover status}
         * @param said takes its lines
         * @return its exit code
         */
        int run(Path settings, List<String> arguments, Consumer<String> said);
    }

    /**
     * How it went.
     *
     * @param results how far the table agrees with a replay under the right configuration
     * @param adjustments how many have each status
     * @param findings what should not have happened
     * @param records on the stream
     */
    public record Outcome(Agreement results, Map<String, Integer> adjustments, List<String> findings, long records) {
        public Outcome {
            adjustments = new TreeMap<>(adjustments);
            findings = List.copyOf(findings);
        }

        /** Whether the table is as if the wrong configuration had never been there. */
        public boolean isPassed() {
            return findings.isEmpty() && results.isComplete() && results.compared() > 0;
        }
    }

    public Incident(Options options, Parts parts, Rehearsal.View view) {
        this.options = options;
        this.parts = parts;
        this.view = view;
        findings = new Findings(parts.evidence(), view::say);
        fleet = new Fleet(
                parts.program().worker(parts.rightFile()),
                parts.directory(),
                parts.evidence(),
                (worker, code) -> findings.found(worker + " ended by itself with " + code + "; see " + worker.log()));
        outputs = new StoredOutputs(parts.clients().dynamo());
    }

    /** Plays it. What it made in AWS is cleared away, whatever happens. */
    public Outcome run() throws IOException, InterruptedException {
        Thread hook = new Thread(fleet::close, "rehearsal-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            parts.stage().build(parts.clients(), options.shards());
            return play();
        } finally {
            fleet.close();
            for (String left : parts.stage().clear(parts.clients())) {
                findings.note("not deleted: " + left);
            }
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }

    private Outcome play() throws IOException, InterruptedException {
        try (Feed feed = parts.feed()) {
            allIsWell(feed);
            Performance before = performance(0);
            Instant deployed = parts.clock().instant().truncatedTo(ChronoUnit.MILLIS);
            wrongConfiguration(before);
            goBack(deployed.toString());
            findings.note("The factory has gone on all the while, and now stops.");
            feed.stop();
        }
        return verdict();
    }

    // ---- the story

    private void allIsWell(Feed feed) throws IOException, InterruptedException {
        feed.start(parts.clients(), parts.stage().stream());
        for (int i = 0; i < options.workers(); i++) {
            findings.note(
                    "Started " + fleet.startNew() + " with " + parts.rightFile().getFileName() + ".");
        }
        long enough = (long) WINDOWS * options.processes();
        await("the first windows and a savepoint of each shard", () -> windows(0) >= enough && savepoints());
        TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
    }

    private void wrongConfiguration(Performance before) throws IOException, InterruptedException {
        findings.note(String.format(
                Locale.ROOT,
                "All is well: %,d windows, %s of them below target. Adjustments so far: %s.",
                before.windows(),
                percent(before.belowTarget()),
                listed(outputs.adjustmentsByStatus(parts.stage().tables().advice()))));
        findings.note(
                "A new configuration is deployed to all workers. Nobody sees its mistake: " + parts.mistake() + ".");
        deploy(parts.wrongFile());
        long enough = (long) WINDOWS * options.processes();
        await("windows under the wrong configuration", () -> windows(before.latestEndMillis()) >= enough);
        TimeUnit.MILLISECONDS.sleep(CALM.toMillis());
        Performance now = performance(before.latestEndMillis());
        findings.note(String.format(
                Locale.ROOT,
                "Noticed: of the windows since, %s are below target; it was %s. Adjustments so far: %s.",
                percent(now.belowTarget()),
                percent(before.belowTarget()),
                listed(outputs.adjustmentsByStatus(parts.stage().tables().advice()))));
    }

    private static String listed(Map<String, Integer> counts) {
        return counts.isEmpty()
                ? "none"
                : counts.entrySet().stream()
                        .map(count -> count.getValue() + " " + count.getKey())
                        .collect(Collectors.joining(", "));
    }

    private void goBack(String to) throws IOException, InterruptedException {
        findings.note("First the right configuration again, so that no more wrong results come.");
        deploy(parts.rightFile());
        findings.note("Where does every shard stand?");
        command(true, "recover", "status");
        findings.note("To which states can it go back? The mistake was deployed at " + to + ".");
        command(false, "recover", "savepoints");
        findings.note("What would a rewind do? Without --apply it changes nothing.");
        command(false, "recover", "rewind", "--to", to);
        findings.note("So be it. The workers go on running.");
        command(false, "recover", "rewind", "--to", to, "--apply");
        findings.note("And now?");
        command(true, "recover", "status");
    }

    private void deploy(Path settings) throws IOException, InterruptedException {
        int workers = fleet.running().size();
        fleet.stopAll(stopWithin()).forEach(findings::found);
        fleet.deploy(parts.program().worker(settings));
        for (int i = 0; i < workers; i++) {
            findings.note("Started " + fleet.startNew() + " with " + settings.getFileName() + ".");
        }
    }

    private Duration stopWithin() {
        return parts.right().settings().shutdown().budget().plus(STOP_EXTRA);
    }

    /**
     * Does what an operator does, and shows what an operator sees.
     *
     * @param mayWarn whether the command's own check of what it shows may fail: shards are on the move
     */
    private void command(boolean mayWarn, String... arguments) {
        view.say("$ process-optimizer " + String.join(" ", arguments));
        int code = parts.program().run(parts.rightFile(), List.of(arguments), line -> {
            parts.evidence().note("| " + line);
            view.say("| " + line);
        });
        if (code != 0 && !(mayWarn && code == CHECK_FAILED)) {
            findings.found("'" + String.join(" ", arguments) + "' ended with " + code);
        }
    }

    // ---- the verdict

    private Outcome verdict() throws IOException, InterruptedException {
        Verification verification = new Verification(parts.clients(), parts.right(), parts.stage(), parts.evidence());
        findings.note("Recording the stream, to replay it as if the wrong configuration had never been there.");
        Map<String, RecordingEnd> ends = verification.record();
        new Progress(leases()).await(ends, PATIENCE).forEach(behind -> findings.found("stuck: " + behind));
        fleet.stopAll(stopWithin()).forEach(findings::found);
        verification.replay();
        Agreement results = verification.results(COUNTS_REWINDS);
        results.examples().forEach(example -> findings.note("WRONG: " + example));
        return new Outcome(
                results,
                outputs.adjustmentsByStatus(parts.stage().tables().advice()),
                findings.all(),
                verification.records());
    }

    // ---- looking

    private LeaseTable leases() {
        return new LeaseTable(parts.clients().dynamo(), parts.stage().application());
    }

    private Performance performance(long afterMillis) throws IOException, InterruptedException {
        return outputs.performance(parts.stage().tables().results(), afterMillis);
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(String what, Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new IOException(what + " did not come within " + PATIENCE.toMinutes() + " min; see the logs in "
                        + parts.evidence().folder());
            }
            view.progress("waiting for " + what);
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        view.progress("");
    }

    private long windows(long afterMillis) throws IOException, InterruptedException {
        return performance(afterMillis).windows();
    }

    private boolean savepoints() throws InterruptedException {
        PointerTable pointers = PointerTable.withStates(
                parts.clients().dynamo(), parts.stage().tables().state(), SavepointPolicy.DEFAULT, parts.clock());
        List<ShardLease> all = new ArrayList<>(leases().leases());
        return all.size() >= options.shards()
                && all.stream()
                        .noneMatch(lease -> pointers.savepoints(lease.shardId()).isEmpty());
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "unknown" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
