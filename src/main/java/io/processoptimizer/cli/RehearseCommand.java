package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.recover.rehearse.Disturbance.Kind;
import io.processoptimizer.recover.rehearse.Evidence;
import io.processoptimizer.recover.rehearse.Feed;
import io.processoptimizer.recover.rehearse.Rehearsal;
import io.processoptimizer.recover.rehearse.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Disturbs real workers at random and compares what they left with a replay. */
@Command(
        name = "rehearse",
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
            "    java -jar target/process-optimizer-local.jar recover rehearse",
            "  A small one:",
            "    java -jar target/process-optimizer-local.jar recover rehearse --disturbances 4 --processes 50",
            "  Against an emulator that runs already, or against AWS itself (it costs a stream and five tables for that time):",
            "    java -jar target/process-optimizer.jar recover rehearse --endpoint http://127.0.0.1:4566",
            "    java -jar target/process-optimizer.jar recover rehearse --endpoint aws"
        })
final class RehearseCommand implements Callable<Integer> {
    private static final String AWS_ITSELF = "aws";
    private static final int DEFAULT_DISTURBANCES = 20;
    private static final int DEFAULT_PROCESSES = 2_000;

    /** Of 2,000 processes some 2,800 records a second: within the limits of three shards, and of two cores. */
    private static final double DEFAULT_FACTOR = 2;

    /** Seeds that a person can type. */
    private static final int SEEDS = 1_000_000;

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = "--disturbances",
            paramLabel = "N",
            defaultValue = "" + DEFAULT_DISTURBANCES,
            description =
                    "How many; of four, two are kills, one a stop and one a fault of a sink. Default: ${DEFAULT-VALUE}.")
    private int disturbances = DEFAULT_DISTURBANCES;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            description = "The same seed gives the same telemetry and disturbances. Default: another one each time.")
    private @Nullable Long seed;

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
            names = "--shards",
            paramLabel = "N",
            defaultValue = "3",
            description = "Shards of the stream at first. Default: ${DEFAULT-VALUE}.")
    private int shards = 3;

    @Option(
            names = "--reshard",
            negatable = true,
            description = "Reshard on the way, to 6 and then to 4 shards. Default: off.")
    private boolean reshard;

    @Option(names = "--no-faults", description = "Leave the sinks alone.")
    private boolean noFaults;

    @Option(
            names = "--endpoint",
            paramLabel = "URL|aws",
            description =
                    "Where to rehearse: an emulator, or aws for AWS itself. Default: the setting aws.endpoint, and where"
                            + " that is auto an embedded AWS.")
    private @Nullable String endpoint;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description =
                    "Folder of the evidence: recording, replay, what the tables held, the workers' logs, journal. Default:"
                            + " rehearsal-SEED.")
    private @Nullable Path output;

    @Option(
            names = "--keep",
            description = "Keep that folder though nothing is wrong; else it is kept only if something is.")
    private boolean keep;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RehearseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration plain = config.load(surroundings);
        Logging.configure(plain.settings().log().level());
        long drawn = seed == null ? ThreadLocalRandom.current().nextInt(SEEDS) : seed;
        Rehearsal.Options options;
        try {
            options = new Rehearsal.Options(drawn, disturbances, kinds(), processes, workers, shards, factor);
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
        Path folder = surroundings
                .resolve(output == null ? Path.of("rehearsal-" + options.seed()) : output)
                .toAbsolutePath()
                .normalize();
        if (Files.exists(folder)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, folder + " exists; remove it, or name another folder with --output");
        }
        Feed feed = new Feed(options, clock);
        Evidence evidence = new Evidence(folder, clock);
        PrintWriter out = spec.commandLine().getOut();
        RehearsalText text = new RehearsalText(out, surroundings.terminal(), new Style(surroundings.colours()), clock);
        Rehearsal.Outcome outcome;
        try (AwsProcess embedded = isEmbedded(plain) ? AwsProcess.start(evidence.log("embedded-aws")) : null) {
            feed.writeDefinitions(evidence.definitions());
            Stage stage = new Stage("rehearsal-" + Long.toString(clock.millis(), Character.MAX_RADIX));
            Map<String, String> imposed = imposed(stage, evidence, embedded);
            Configuration configuration = config.load(surroundings, null, imposed, null);
            URI where = configuration.settings().aws().endpointOverride().orElse(null);
            text.begin(options, where, stage.stream(), folder);
            Map<String, String> ofWorkers = new LinkedHashMap<>(imposed);
            ofWorkers.put("log.level", "info");
            try (AwsClients clients =
                    new AwsClients(Connections.of(configuration.settings(), surroundings.environment()), false)) {
                outcome = new Rehearsal(
                                options,
                                new Rehearsal.Parts(
                                        stage,
                                        evidence,
                                        configuration,
                                        OwnJar.command(OwnJar.WORKER_HEAP, "run", config.arguments(ofWorkers)),
                                        surroundings.workingDirectory().toAbsolutePath(),
                                        where,
                                        clients,
                                        feed,
                                        clock),
                                text)
                        .run();
            }
        }
        text.end(outcome);
        if (outcome.isPassed() && !keep) {
            evidence.delete();
        } else {
            out.println("Evidence: " + folder);
            out.flush();
        }
        return outcome.isPassed() ? ExitCode.DONE : ExitCode.CHECK_FAILED;
    }

    private boolean isEmbedded(Configuration plain) {
        return endpoint == null && plain.settings().aws().endpointOverride().isEmpty();
    }

    private Map<String, String> imposed(Stage stage, Evidence evidence, @Nullable AwsProcess embedded) {
        Map<String, String> imposed = new LinkedHashMap<>(stage.settings());
        imposed.put("processes.file", evidence.definitions().toString());
        // Whatever the outage, nothing expires: an adjustment that did would be missing.
        imposed.put("adjustment.max_age", "1d");
        imposed.put("advice.cooldown", "3m");
        imposed.put("state.commit_interval", "10s");
        if (embedded != null) {
            imposed.put("aws.endpoint", embedded.endpoint().toString());
        } else {
            // Each metric of each process would be billed.
            imposed.put("cloudwatch.per_process", "off");
            if (endpoint != null) {
                imposed.put("aws.endpoint", endpoint.toLowerCase(Locale.ROOT).equals(AWS_ITSELF) ? "auto" : endpoint);
            }
        }
        return imposed;
    }
}
