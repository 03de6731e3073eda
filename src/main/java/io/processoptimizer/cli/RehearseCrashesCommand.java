package io.processoptimizer.cli;

import io.processoptimizer.config.Configuration;
import io.processoptimizer.recover.rehearse.Disturbance.Kind;
import io.processoptimizer.recover.rehearse.Rehearsal;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Disturbs real workers at random and compares what they left with a replay. */
@Command(
        name = "crashes",
        description = {
            "Kills, stops and starves real workers at random while telemetry comes, and compares what they left with a replay of"
                    + " the recorded stream: nothing may be missing, different or doubled.",
            "",
            "Workers are processes of this jar. Stream, tables and application are made for the rehearsal, under a name of its"
                    + " own, and deleted at the end. Without another endpoint an embedded AWS is started, in a process of its"
                    + " own; only there sinks can be made to fail, and adjustments are compared as a consumer of the event bus"
                    + " received them (elsewhere as the outbox tells them).",
            "",
            "The seed is printed: it gives the same telemetry and the same disturbances, while what they hit depends on time."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  Twenty disturbances with the embedded AWS:",
            "    java -jar target/process-optimizer-local.jar recover rehearse crashes",
            "  A small one:",
            "    java -jar target/process-optimizer-local.jar recover rehearse crashes --disturbances 4 --processes 50",
            "  Against an emulator that runs already, or against AWS itself (it costs a stream and five tables for that time):",
            "    java -jar target/process-optimizer.jar recover rehearse crashes --endpoint http://127.0.0.1:4566",
            "    java -jar target/process-optimizer.jar recover rehearse crashes --endpoint aws"
        })
final class RehearseCrashesCommand implements Callable<Integer> {
    private static final int DEFAULT_DISTURBANCES = 20;
    private static final int DEFAULT_PROCESSES = 2_000;

    /** Of 2,000 processes some 2,800 records a second: within the limits of three shards, and of two cores. */
    private static final double DEFAULT_FACTOR = 2;

    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private RehearsalOptions common = new RehearsalOptions();

    @Option(
            names = "--disturbances",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_DISTURBANCES,
            description =
                    "How many; of four, two are kills, one a stop and one a fault of a sink. Default: ${DEFAULT-VALUE}.")
    private int disturbances = DEFAULT_DISTURBANCES;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_PROCESSES,
            description = "Number of processes in the telemetry. Default: ${DEFAULT-VALUE}.")
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
            defaultValue = "3",
            description = "Worker processes. Default: ${DEFAULT-VALUE}.")
    private int workers = 3;

    @Option(
            names = "--reshard",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "Reshard on the way, to 6 and then to 4 shards. Default: on.")
    private boolean reshard = true;

    @Option(names = "--no-faults", description = "Leave the sinks alone.")
    private boolean noFaults;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RehearseCrashesCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration plain = config.load(surroundings);
        Logging.configure(plain.settings().log());
        Rehearsal.Options options;
        try {
            options = new Rehearsal.Options(
                    common.seed(), disturbances, kinds(), processes, workers, common.shards(), factor);
            return rehearse(plain, options).code();
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private Set<Kind> kinds() {
        Set<Kind> kinds = EnumSet.of(Kind.KILL, Kind.STOP);
        if (!noFaults) {
            kinds.add(Kind.FAULT);
        }
        if (reshard) {
            kinds.add(Kind.RESHARD);
        }
        return kinds;
    }

    private ExitCode rehearse(Configuration plain, Rehearsal.Options options) throws IOException, InterruptedException {
        String headline = String.format(
                Locale.ROOT,
                "%d disturbances of %d workers, %,d processes",
                options.disturbances(),
                options.workers(),
                options.processes());
        return new StagedRehearsal(
                        surroundings, config, common, spec.commandLine().getOut())
                .run(plain, options, OwnJar.AWS_HEAP, headline, (parts, text) -> new Rehearsal(options, parts, text));
    }
}
