package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Quantities;
import io.processoptimizer.config.Settings;
import io.processoptimizer.recover.rehearse.Rehearsal;
import io.processoptimizer.recover.rehearse.SoakPlan;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Load for a long time with kills, and what must not grow meanwhile. */
@Command(
        name = "soak",
        description = {
            "Runs real workers under load for a long time, kills one of them (kill -9) after each interval, and prints before each"
                    + " kill what must not grow: how far the stored states are behind the stream, and the workers' heap after a"
                    + " full collection. At the end it compares what the workers left with a replay of the recorded stream:"
                    + " nothing may be missing, different or doubled.",
            "",
            "It fails (exit code 5) where the heap differs by more than 5 %% and 16 MiB from the time on at which as much event time is retained"
                    + " as ever will be, where a state was more than 120 s behind, or more than 30 s at the end of an interval.",
            "",
            "Without another endpoint an embedded AWS is started, in a process of its own, which keeps the records in memory: it may"
                    + " take 12 GB for an hour at 3,000 records/s. Needs a JDK: the heap is measured by its jcmd."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  An hour at some 3,000 records a second, a kill every five minutes:",
            "    java -jar target/process-optimizer-local.jar recover rehearse soak",
            "  A small one:",
            "    java -jar target/process-optimizer-local.jar recover rehearse soak --for 6m --kill-every 1m --processes 60 \\",
            "      --time-factor 10"
        })
final class RehearseSoakCommand implements Callable<Integer> {
    private static final int DEFAULT_PROCESSES = 2_450;
    private static final double DEFAULT_FACTOR = 2;

    /** The simulator's mean over an hour, at the feed's report interval. It begins with 0.7: no machine has failed yet. */
    private static final double RECORDS_A_SECOND_AND_PROCESS = 0.62;

    /** As the endpoint counts them, with key and bookkeeping, and a margin. */
    private static final double BYTES_A_RECORD = 260;

    /** The endpoint gives a quarter of its heap to records. */
    private static final double HEAP_OF_RECORDS = 0.25;

    private static final double GIBIBYTE = 1 << 30;
    private static final int LEAST_AWS_HEAP_GIBIBYTES = 3;

    /** Workers first catch up with what came while they started. */
    private static final double MARGIN = 2;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private RehearsalOptions common = new RehearsalOptions();

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "1h",
            description = "How long. Default: ${DEFAULT-VALUE}.")
    private String length = "1h";

    @Option(
            names = "--kill-every",
            paramLabel = "DURATION",
            defaultValue = "5m",
            description = "From one kill to the next, at least 60s. Default: ${DEFAULT-VALUE}.")
    private String killEvery = "5m";

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_PROCESSES,
            description = "Number of processes in the telemetry; each sends some 0.6 records a second at a factor"
                    + " of 1. Default: ${DEFAULT-VALUE}.")
    private int processes = DEFAULT_PROCESSES;

    @Option(
            names = "--time-factor",
            paramLabel = "FACTOR",
            defaultValue = "" + DEFAULT_FACTOR,
            description = "How many times as fast as the clock the factory runs. Default: ${DEFAULT-VALUE}.")
    private double factor = DEFAULT_FACTOR;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Worker processes. Default: ${DEFAULT-VALUE}.")
    private int workers = 2;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RehearseSoakCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration plain = config.load(surroundings);
        Logging.configure(plain.settings().log());
        try {
            Rehearsal.Options options =
                    new Rehearsal.Options(common.seed(), 0, Set.of(), processes, workers, common.shards(), factor);
            SoakPlan plan = new SoakPlan(
                    Quantities.parseDuration("--for", length),
                    Quantities.parseDuration("--kill-every", killEvery),
                    steadyAfter(plain.settings()));
            return soak(plain, options, plan).code();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** Facts are kept until they can change no window any more. */
    private Duration steadyAfter(Settings settings) {
        Duration retained =
                settings.window().allowedLateness().plus(settings.window().size());
        return Duration.ofMillis((long) ((double) retained.toMillis() * MARGIN / factor));
    }

    private String awsHeap(Duration time) {
        double records = RECORDS_A_SECOND_AND_PROCESS * processes * factor * (double) time.toSeconds();
        double gibibytes = 1 + records * BYTES_A_RECORD / HEAP_OF_RECORDS / GIBIBYTE;
        return "-Xmx" + Math.max(LEAST_AWS_HEAP_GIBIBYTES, (int) Math.ceil(gibibytes)) + "g";
    }

    private ExitCode soak(Configuration plain, Rehearsal.Options options, SoakPlan plan)
            throws IOException, InterruptedException {
        String headline = String.format(
                Locale.ROOT,
                "%d min under load, %,d processes, %d workers, one killed every %d s",
                plan.length().toMinutes(),
                options.processes(),
                options.workers(),
                plan.killEvery().toSeconds());
        return new StagedRehearsal(
                        surroundings, config, common, spec.commandLine().getOut())
                .run(
                        plain,
                        options,
                        awsHeap(plan.length()),
                        headline,
                        (parts, text) -> new Rehearsal(options, plan, parts, text));
    }
}
