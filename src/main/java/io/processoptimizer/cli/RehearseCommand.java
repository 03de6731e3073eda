package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.SettingsYaml;
import io.processoptimizer.config.Share;
import io.processoptimizer.recover.rehearse.Evidence;
import io.processoptimizer.recover.rehearse.Feed;
import io.processoptimizer.recover.rehearse.Incident;
import io.processoptimizer.recover.rehearse.Stage;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Plays an incident and the way back, with the commands that an operator has. */
@Command(
        name = "rehearse",
        description = {
            "Plays a whole incident and tells it: under load a wrong configuration is deployed, it is noticed, the right one is"
                    + " deployed again and the shards are rewound to savepoints from before. Then the results in the table are"
                    + " compared with a replay that never had the wrong configuration.",
            "",
            "Workers are processes of this jar; the operator's commands are shown as you would type them. Stream, tables and"
                    + " application are made for the rehearsal, under a name of its own, and deleted at the end. Without another"
                    + " endpoint an embedded AWS is started, in a process of its own.",
            "",
            "'recover rehearse crashes' rehearses another night: workers that are killed, stopped and starved at random;"
                    + " 'recover rehearse soak' a long day under load."
        },
        synopsisSubcommandLabel = "[crashes|soak]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  java -jar target/process-optimizer-local.jar recover rehearse",
            "  java -jar target/process-optimizer-local.jar recover rehearse --processes 500 --keep",
            "  In a minute and a half:",
            "  java -jar target/process-optimizer-local.jar recover rehearse --processes 5 --time-factor 60 --workers 1 \\",
            "    --shards 2",
            "  java -jar target/process-optimizer-local.jar recover rehearse crashes --help"
        },
        subcommands = {RehearseCrashesCommand.class, RehearseSoakCommand.class})
final class RehearseCommand implements Callable<Integer> {
    private static final int DEFAULT_PROCESSES = 100;

    /** A window of a minute is over in six seconds. */
    private static final double DEFAULT_FACTOR = 10;

    private static final String MISTAKEN = "oee.target";
    private static final String MISTAKE = "0.99";

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private RehearsalOptions common = new RehearsalOptions();

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
            description = "How many times as fast as the clock the factory runs: the faster, the sooner it is over."
                    + " Default: ${DEFAULT-VALUE}.")
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

    RehearseCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    private Incident.Options options() {
        try {
            return new Incident.Options(common.seed(), processes, workers, common.shards(), factor);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration plain = config.load(surroundings);
        Logging.configure(plain.settings().log());
        Incident.Options options = options();
        Path folder = common.newFolder(surroundings, options.seed());
        Feed feed = new Feed(options.seed(), options.processes(), options.timeFactor(), clock);
        Evidence evidence = new Evidence(folder, clock);
        PrintWriter out = spec.commandLine().getOut();
        RehearsalText text = new RehearsalText(out, surroundings.terminal(), new Style(surroundings.colours()), clock);
        Incident.Outcome outcome;
        try (AwsProcess embedded =
                common.isEmbedded(plain) ? AwsProcess.start(evidence.log("embedded-aws"), OwnJar.AWS_HEAP) : null) {
            feed.writeDefinitions(evidence.definitions());
            Stage stage = RehearsalOptions.stage(clock);
            Map<String, String> imposed = common.imposed(stage, evidence, embedded);
            imposed.put("state.commit_interval", "5s");
            imposed.put("state.savepoint_interval", "10s");
            imposed.put("log.level", "info");
            Configuration right = config.load(surroundings, null, imposed, null);
            Path rightFile = settingsFile(folder.resolve("right.yaml"), right);
            Share was = right.settings().oee().target();
            imposed.put(MISTAKEN, MISTAKE);
            Path wrongFile = settingsFile(folder.resolve("wrong.yaml"), config.load(surroundings, null, imposed, null));
            text.begin(
                    String.format(Locale.ROOT, "a wrong configuration, %,d processes", options.processes()),
                    options.seed(),
                    right.settings().aws().endpointOverride().orElse(null),
                    stage.stream(),
                    folder);
            try (AwsClients clients =
                    new AwsClients(Connections.of(right.settings(), surroundings.environment()), false)) {
                outcome = new Incident(
                                options,
                                new Incident.Parts(
                                        stage,
                                        evidence,
                                        right,
                                        rightFile,
                                        wrongFile,
                                        MISTAKEN + ": " + MISTAKE + " instead of " + was,
                                        new ThisProgram(folder, surroundings),
                                        surroundings.workingDirectory().toAbsolutePath(),
                                        clients,
                                        feed,
                                        clock),
                                text)
                        .run();
            }
        }
        text.end(outcome);
        return common.end(evidence, outcome.isPassed(), out).code();
    }

    private static Path settingsFile(Path file, Configuration configuration) throws IOException {
        return Files.writeString(file, SettingsYaml.effective(configuration.settings(), Map.of()));
    }

    /**
     * Workers are processes; an operator's commands run within this one, since a Java that starts takes longer than they do.
     *
     * @param folder where commands write
     */
    private record ThisProgram(Path folder, Surroundings surroundings) implements Incident.Program {
        @Override
        public List<String> worker(Path settings) {
            return OwnJar.command(OwnJar.WORKER_HEAP, "run", List.of("--config", settings.toString()));
        }

        @Override
        public int run(Path settings, List<String> arguments, Consumer<String> said) {
            List<String> all = new ArrayList<>(arguments);
            all.addAll(List.of("--config", settings.toString()));
            Surroundings around = new Surroundings(
                    surroundings.environment(), folder, InputStream.nullInputStream(), surroundings.out(), false);
            PrintWriter lines = new PrintWriter(new LineWriter(said));
            int code = Main.commandLine(around, lines, lines).execute(all.toArray(String[]::new));
            lines.close();
            return code;
        }
    }
}
