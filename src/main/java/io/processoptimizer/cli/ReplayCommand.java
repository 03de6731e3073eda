package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.StoredResults;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.replay.BaselineCheck;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.InputDamagedException;
import io.processoptimizer.replay.RecordSource;
import io.processoptimizer.replay.RecordingManifest;
import io.processoptimizer.replay.Replay;
import io.processoptimizer.replay.ReplayInput;
import io.processoptimizer.replay.ReplayPlan;
import io.processoptimizer.replay.ResultFileLines;
import io.processoptimizer.replay.StreamRange;
import io.processoptimizer.replay.Variant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The pipeline over recorded records: what happened, and what another configuration would have said. */
@Command(
        name = "replay",
        description = {
            "Runs the pipeline over recorded records: the same results as live, to the bit, and what another threshold, target"
                    + " or definition would have said.",
            "",
            "Input is what 'record' wrote, or any file with one record a line (raw events), gzipped or not. Output is a folder:"
                    + " windows.ndjson (the last result of each window), advice.ndjson, adjustments.ndjson,"
                    + " dead-letters.ndjson, summary.json. Nothing is written to AWS and no paid model is asked.",
            "",
            "Process definitions are those of the settings; where these name none, a processes.yaml in the recording's folder"
                    + " (or FILE.processes.yaml beside a file) is used."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A recording, its results and a page to look at:",
            "    java -jar target/process-optimizer.jar replay --input recording --output out --report out.html",
            "  What would a target of 0.8 have changed, or each threshold from 0.8 to 0.95?",
            "    java -jar target/process-optimizer.jar replay --input recording --compare oee.target=0.80",
            "    java -jar target/process-optimizer.jar replay --input recording \\",
            "      --sweep bottleneck.utilization_threshold=0.80:0.95:0.05",
            "  Does this version still say the same as the last one? Exit code 5 if not:",
            "    java -jar target/process-optimizer.jar replay --input recording --baseline out --fail-on-difference",
            "  What the stream still holds of today, without a recording:",
            "    java -jar target/process-optimizer.jar replay --stream --from 2026-01-01T00:00:00Z --output out",
            "  Straight from the generator, a hundred million records if need be:",
            "    java -jar target/process-optimizer.jar simulate -o - --for 7d |",
            "      java -jar target/process-optimizer.jar replay --input -"
        })
final class ReplayCommand implements Callable<Integer> {
    /** Stands for the results that the live table holds. */
    private static final String LIVE = "live";

    private final Surroundings surroundings;

    @picocli.CommandLine.Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-i", "--input"},
            paramLabel = "FILE|DIR|-",
            arity = "1..*",
            description =
                    "Recordings: files, folders of files, or - for standard input. Several are merged: envelopes by"
                            + " sequence number, raw files one after the other.")
    private List<Path> inputs = new ArrayList<>();

    @Option(
            names = "--stream",
            description = "Read the stream of the settings directly, instead of files; no lease is touched.")
    private boolean fromStream;

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description = "With --stream: trim_horizon (default), or a time like 2026-01-01T00:00:00Z.")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description =
                    "With --stream: now (default), or a time in the past; records that arrived later are left out.")
    private @Nullable String until;

    @Option(
            names = "--advice",
            paramLabel = "SOURCE",
            defaultValue = "rules",
            description =
                    "rules (default; as the worker asks them) or off (no advice and no adjustments, a little faster).")
    private AdviceSource advice = AdviceSource.RULES;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Write the results there. Without it only a summary is printed.")
    private @Nullable Path output;

    @Option(names = "--revisions", description = "Write every result of a window, not only the last.")
    private boolean revisions;

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write a page to look at: one file, without network, to open in a browser.")
    private @Nullable Path report;

    @Option(
            names = "--report-process",
            paramLabel = "ID",
            description = "Show this process in detail in the report; may be repeated. The worst ones always are.")
    private List<String> reportProcesses = new ArrayList<>();

    @Option(
            names = "--compare",
            paramLabel = "FILE|NAME=VALUE",
            description =
                    "Run this configuration besides, over the same records, and say what would have been different: a"
                            + " settings file, a file of process definitions, or one setting. May be repeated.")
    private List<String> compare = new ArrayList<>();

    @Option(
            names = "--sweep",
            paramLabel = "NAME=FROM:TO:STEP",
            description = "Compare with a family: one configuration for each value of a setting, like"
                    + " oee.target=0.7:0.9:0.05 or window.disorder=1s,5s,30s.")
    private List<String> sweeps = new ArrayList<>();

    @Option(
            names = "--baseline",
            paramLabel = "DIR|live",
            description =
                    "Compare the results, field by field, with those of an earlier replay's folder, or with what the"
                            + " live table holds (final results only).")
    private @Nullable String baseline;

    @Option(names = "--fail-on-difference", description = "Exit with 5 if --baseline finds a difference.")
    private boolean failOnDifference;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads that compute. Default: one per processor. The results do not depend on it.")
    private int threads = Math.min(16, Runtime.getRuntime().availableProcessors());

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ReplayCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (threads < 1 || threads > ReplayPlan.MAX_THREADS) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--threads (" + threads + ") must be 1 to " + ReplayPlan.MAX_THREADS
                            + "; leave it out for one per processor");
        }
        Path ownDefinitions = definitionsBeside();
        Map<String, String> imposed = advice == AdviceSource.OFF ? Map.of("advice.when", "never") : Map.of();
        Configuration configuration = config.load(surroundings, null, imposed, ownDefinitions);
        Logging.configure(configuration.settings().log().level());
        List<Variant> variants =
                new ReplayVariants(config, surroundings, imposed, ownDefinitions).of(configuration, compare, sweeps);
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Replay.Request request = new Replay.Request(
                new ReplayPlan(variants, threads, output != null || baseline != null, report != null, spillDirectory()),
                output == null ? null : surroundings.resolve(output),
                revisions,
                report == null ? null : surroundings.resolve(report),
                reportProcesses,
                inputNames(configuration.settings()));
        try (CollectedResults stored = new CollectedResults(surroundings.resolve(temporary("live")));
                EarlierResults earlier = earlierResults(configuration.settings(), stored);
                AwsClients clients = fromStream ? clients(configuration.settings()) : null;
                RecordSource source = source(configuration.settings(), clients);
                ReplayProgress progress = new ReplayProgress(err, surroundings.terminal());
                Replay replay = new Replay(request, earlier, LIVE.equals(baseline))) {
            replay.run(source, progress);
            replay.writeReport(Main.Version.product(), Clock.systemUTC().millis());
            progress.clear();
            new ReplayText(out, new Style(surroundings.colours())).print(replay, configuration);
            out.flush();
            replay.totals().damages().forEach(err::println);
            err.flush();
            return exitCode(replay).code();
        } catch (InputDamagedException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private AwsClients clients(Settings settings) {
        return new AwsClients(Connections.of(settings, surroundings.environment()), false);
    }

    private RecordSource source(Settings settings, @Nullable AwsClients clients)
            throws IOException, InterruptedException {
        if (fromStream == !inputs.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "give either --input FILE or --stream: what is to be replayed?");
        }
        if (clients == null) {
            if (from != null || until != null) {
                throw new CommandFailure(
                        ExitCode.BAD_USAGE,
                        "--from and --until choose a range of a stream; add --stream, or remove them");
            }
            return ReplayInput.open(inputs, surroundings.workingDirectory(), surroundings.in());
        }
        Clock clock = Clock.systemUTC();
        long end = until == null || until.equalsIgnoreCase("now")
                ? clock.millis()
                : StreamTimes.time("--until", until, "now");
        if (end > clock.millis()) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE, "--until (" + until + ") is in the future; a replay ends with what there is");
        }
        return new StreamRange(
                new KinesisStreamSource(clients, settings.stream().name(), clock),
                StreamTimes.readFrom(from == null ? "trim_horizon" : from, clock),
                end);
    }

    private List<String> inputNames(Settings settings) {
        return fromStream
                ? List.of("the stream " + settings.stream().name())
                : inputs.stream().map(Path::toString).toList();
    }

    /** Where advice comes from. */
    enum AdviceSource {
        OFF,
        RULES
    }

    /** The definitions that came with the data: written by 'record' into its folder, by 'simulate' beside its file. */
    private @Nullable Path definitionsBeside() {
        for (Path input : inputs) {
            Path file = Files.isDirectory(surroundings.resolve(input))
                    ? input.resolve(RecordingManifest.DEFINITIONS_NAME)
                    : DefinitionsBeside.of(input);
            if (Files.exists(surroundings.resolve(file))) {
                return file;
            }
        }
        return null;
    }

    /** Where outputs wait to be sorted: where there is room for them, since they will be there in the end. */
    private Path spillDirectory() {
        return output == null
                ? temporary("replay")
                : surroundings.resolve(output).resolve(".replay");
    }

    private static Path temporary(String name) {
        return Path.of(System.getProperty("java.io.tmpdir"))
                .resolve("process-optimizer-" + name + "-"
                        + ProcessHandle.current().pid());
    }

    private @Nullable EarlierResults earlierResults(Settings settings, CollectedResults stored)
            throws IOException, InterruptedException {
        if (baseline == null) {
            return null;
        }
        if (baseline.equals(LIVE)) {
            try (AwsClients clients = clients(settings)) {
                String table = settings.outputs().metricsTable();
                StoredResults.scan(clients.dynamo(), table, Settings.DEFAULT_WINDOW, stored);
                return stored.sorted("the table " + table);
            }
        }
        Path directory = surroundings.resolve(Path.of(baseline));
        if (output != null
                && Files.exists(directory)
                && directory
                        .toAbsolutePath()
                        .normalize()
                        .equals(surroundings.resolve(output).toAbsolutePath().normalize())) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--baseline and --output are the same folder (" + output
                            + "), and the results would overwrite what they are compared with; write to another");
        }
        return new ResultFileLines(directory, baseline);
    }

    private ExitCode exitCode(Replay replay) {
        if (!replay.totals().damages().isEmpty()) {
            return ExitCode.BAD_INPUT;
        }
        BaselineCheck check = replay.baseline();
        return failOnDifference && check != null && !check.isEqual() ? ExitCode.CHECK_FAILED : ExitCode.DONE;
    }
}
