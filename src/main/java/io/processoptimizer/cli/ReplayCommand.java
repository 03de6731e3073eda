package io.processoptimizer.cli;

import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.replay.AdviceArchive;
import io.processoptimizer.replay.CollectedResults;
import io.processoptimizer.replay.EarlierResults;
import io.processoptimizer.replay.InputDamagedException;
import io.processoptimizer.replay.OutputFailedException;
import io.processoptimizer.replay.RecordSource;
import io.processoptimizer.replay.RecordedDesk;
import io.processoptimizer.replay.Replay;
import io.processoptimizer.replay.ReplayPlan;
import io.processoptimizer.replay.ReplayTotals;
import io.processoptimizer.replay.Replayer;
import io.processoptimizer.replay.Speed;
import io.processoptimizer.replay.StartingState;
import io.processoptimizer.replay.Variant;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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
            "    java -jar target/process-optimizer.jar replay --input recording \\",
            "      --baseline out --fail-on-difference",
            "  What the stream still holds of today, without a recording:",
            "    java -jar target/process-optimizer.jar replay --stream --from 2026-01-01T00:00:00Z --output out",
            "  The same from the states that the worker stored at that time, so that the first windows are whole:",
            "    java -jar target/process-optimizer.jar replay --stream --from-savepoint 2026-01-01T00:00:00Z --output out",
            "  The adjustments as they were decided live, by the advice that a language model gave then:",
            "    java -jar target/process-optimizer.jar replay --input recording --output out \\",
            "      --advice recorded --advice-from live",
            "  Look at it as it went, an hour a minute:",
            "    java -jar target/process-optimizer.jar replay --input recording --speed 60x",
            "  Straight from the generator, a hundred million records if need be:",
            "    java -jar target/process-optimizer.jar simulate -o - --for 7d |",
            "      java -jar target/process-optimizer.jar replay --input -"
        })
final class ReplayCommand implements Callable<Integer> {
    private final Surroundings surroundings;

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Mixin
    private RecordedInput input = new RecordedInput();

    @Mixin
    private BaselineOptions baseline = new BaselineOptions();

    @Mixin
    private AdviceOptions recorded = new AdviceOptions();

    @Option(
            names = "--advice",
            paramLabel = "SOURCE",
            defaultValue = "rules",
            description = "rules (default; as the worker asks them), model (the rules, and what the efficiency model of"
                    + " advice.efficiency_model expects), recorded (what a worker or an earlier replay recorded, see"
                    + " --advice-from; nobody is asked) or off (no advice and no adjustments, a little faster).")
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
        try {
            checkOptions();
            return replay().code();
        } catch (InputDamagedException e) {
            throw new CommandFailure(ExitCode.BAD_INPUT, String.valueOf(e.getMessage()), e);
        } catch (OutputFailedException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private void checkOptions() {
        if (threads < 1 || threads > ReplayPlan.MAX_THREADS) {
            throw new IllegalArgumentException("--threads (" + threads + ") must be 1 to " + ReplayPlan.MAX_THREADS
                    + "; leave it out for one per processor");
        }
        input.check();
        recorded.check(advice == AdviceSource.RECORDED, baseline.given());
        for (Path place : Stream.of(output, report).filter(Objects::nonNull).toList()) {
            if (place.toString().isBlank()) {
                throw new IllegalArgumentException("--output or --report is empty; name a folder or a file");
            }
        }
        if (output != null && output.toString().equals("-")) {
            throw new IllegalArgumentException(
                    "--output is -; a replay writes several files, so name a folder, and read what you need from it:"
                            + " out/windows.ndjson");
        }
        if (revisions && output == null) {
            throw new IllegalArgumentException("--revisions is about the files of --output; add it, or remove this");
        }
        if (!reportProcesses.isEmpty() && report == null) {
            throw new IllegalArgumentException("--report-process is about --report; add it, or remove this");
        }
    }

    private ExitCode replay() throws IOException, InterruptedException {
        Speed speed = input.speed();
        Path ownDefinitions = input.definitionsBeside(surroundings);
        Map<String, String> imposed = advice == AdviceSource.OFF ? Map.of("advice.when", "never") : Map.of();
        Configuration configuration = config.load(surroundings, null, imposed, ownDefinitions);
        Settings settings = configuration.settings();
        Logging.configure(settings.log());
        EfficiencyPort efficiency = efficiency(settings);
        List<Variant> variants = new ReplayVariants(config, surroundings, imposed, ownDefinitions)
                .of(configuration, compare, sweeps).stream()
                        .map(variant -> variant.expecting(efficiency))
                        .toList();
        try (AdviceArchive archive =
                recorded.open(advice == AdviceSource.RECORDED, baseline.given(), settings, surroundings)) {
            return replay(configuration, archive == null ? variants : RecordedDesk.advise(variants, archive), speed);
        }
    }

    private ExitCode replay(Configuration configuration, List<Variant> variants, @Nullable Speed speed)
            throws IOException, InterruptedException {
        Settings settings = configuration.settings();
        try (CollectedResults stored = new CollectedResults(surroundings.resolve(temporary("live")));
                EarlierResults earlier = baseline.open(settings, surroundings, output, stored);
                AwsClients clients = input.clients(settings, surroundings);
                RecordedInput.Opened opened = input.open(settings, surroundings, clients)) {
            RecordSource source = opened.source();
            if (speed == null) {
                try (ReplayProgress progress =
                        new ReplayProgress(spec.commandLine().getErr(), surroundings.terminal())) {
                    return run(
                            request(configuration, variants, opened.start(), null),
                            earlier,
                            source,
                            progress,
                            configuration);
                }
            }
            try (Pacing pacing = new Pacing(
                    speed,
                    source,
                    configuration,
                    surroundings,
                    spec.commandLine().getOut())) {
                Replay.Request request = request(configuration, variants, opened.start(), pacing.watcher());
                ExitCode code = run(request, earlier, pacing.records(), pacing, configuration);
                pacing.ended(code);
                return code;
            }
        }
    }

    /** A record that a mapping reads may hold several processes, so the records cannot be parted by process before they are read. */
    private int threads(Configuration configuration) {
        return configuration.mappings().isEmpty() ? threads : 1;
    }

    private Replay.Request request(
            Configuration configuration, List<Variant> variants, StartingState start, @Nullable Outputs watcher) {
        boolean lines = output != null || baseline.isGiven();
        return new Replay.Request(
                new ReplayPlan(
                        variants, threads(configuration), lines, report != null, spillDirectory(), start, watcher),
                output == null ? null : surroundings.resolve(output),
                revisions,
                report == null ? null : surroundings.resolve(report),
                reportProcesses,
                input.names(configuration.settings()));
    }

    private ExitCode run(
            Replay.Request request,
            @Nullable EarlierResults earlier,
            RecordSource source,
            Replayer.Progress progress,
            Configuration configuration)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        try (Replay replay = new Replay(request, earlier, baseline.isLive())) {
            List<Path> read = new ArrayList<>(input.files(surroundings));
            read.addAll(baseline.files(surroundings));
            read.addAll(recorded.files(advice == AdviceSource.RECORDED, baseline.given(), surroundings));
            replay.prepare(read);
            replay.run(source, progress);
            replay.writeReport(Main.Version.product(), Clock.systemUTC().millis());
            progress.done();
            new ReplayText(out, new Style(surroundings.colours())).print(replay, configuration);
            out.flush();
            ReplayTotals totals = replay.totals();
            totals.damages().forEach(err::println);
            totals.notes().forEach(note -> err.println(note.text()));
            replay.processesNotFound()
                    .forEach(id -> err.println("--report-process " + id + ": the input has no such process"));
            err.flush();
            if (!totals.damages().isEmpty()) {
                return ExitCode.BAD_INPUT;
            }
            return baseline.fails(replay.baseline()) ? ExitCode.CHECK_FAILED : ExitCode.DONE;
        }
    }

    private EfficiencyPort efficiency(Settings settings) {
        if (advice != AdviceSource.MODEL) {
            return EfficiencyPort.NONE;
        }
        if (settings.advice().efficiencyModel() == null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--advice model needs an efficiency model; train one with 'model train' and name its folder with --set"
                            + " advice.efficiency_model=DIR");
        }
        return LocalEfficiency.of(settings.advice().efficiencyModel(), surroundings);
    }

    /** Where advice comes from. */
    enum AdviceSource {
        OFF,
        RULES,
        MODEL,
        RECORDED
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
}
