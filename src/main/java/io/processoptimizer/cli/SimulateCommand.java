package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.KinesisSink;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Quantities;
import io.processoptimizer.config.Settings;
import io.processoptimizer.simulate.Delivery;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.FactoryDefinitions;
import io.processoptimizer.simulate.FileSink;
import io.processoptimizer.simulate.Pace;
import io.processoptimizer.simulate.Pacer;
import io.processoptimizer.simulate.RecordRate;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.StepSpec;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Puts the telemetry of a simulated factory on the stream, or into a file. */
@Command(
        name = "simulate",
        description = {
            "Puts the telemetry of a simulated factory on the stream, or into a file.",
            "",
            "Serial lines with buffers, failures, repairs, minor stops, rejects, changeovers and energy; a few records arrive"
                    + " out of order, late or twice. The same options and --start give the same records.",
            "",
            "To the stream (without --output) records go at their time: event time starts in the past and runs --time-factor"
                    + " as fast as the clock until it has caught up, then with it. To a file they go as fast as the disk takes"
                    + " them."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  A day of eight lines in a file, and what is known of them in day.processes.yaml:",
            "    java -jar target/process-optimizer.jar simulate --output day.ndjson.gz --for 1d",
            "  To the stream of an emulator, until Ctrl-C:",
            "    java -jar target/process-optimizer.jar simulate --create-stream 2 --set aws.endpoint=http://127.0.0.1:4566",
            "  A load of about 500 records a second at the speed of the clock:",
            "    java -jar target/process-optimizer.jar simulate --processes 200 --rate 500 --time-factor 1"
        })
final class SimulateCommand implements Callable<Integer> {
    private static final Duration DEFAULT_FILE_LENGTH = Duration.ofHours(1);

    /** A batch under way to the stream, with its retries, is let go after this. */
    private static final Duration STOP_WITHIN = Duration.ofSeconds(3);

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write NDJSON there instead of sending to the stream; .gz compresses, - is standard output.")
    private @Nullable Path output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            defaultValue = "raw",
            description =
                    "Lines of the file: raw (the records themselves) or envelope (with position, partition key and arrival)."
                            + " Default: ${DEFAULT-VALUE}.")
    private FileSink.Format format = FileSink.Format.RAW;

    @Option(
            names = "--definitions",
            paramLabel = "FILE",
            description = "Write the process definitions of the lines there. Default: beside the output file, with"
                    + " .processes.yaml for its ending; none for the stream.")
    private @Nullable Path definitions;

    @Option(
            names = "--processes",
            paramLabel = "N",
            defaultValue = "" + SimulationOptions.DEFAULT_PROCESSES,
            description = "Number of lines. Default: ${DEFAULT-VALUE}.")
    private int processes = SimulationOptions.DEFAULT_PROCESSES;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Steps of each line, 1 to 64. Default: as its trade has, 3 to 6.")
    private int steps = SimulationOptions.AS_ITS_TRADE;

    @Option(
            names = "--seed",
            paramLabel = "SEED",
            defaultValue = "" + SimulationOptions.DEFAULT_SEED,
            description = "The same seed gives the same factory. Default: ${DEFAULT-VALUE}.")
    private long seed = SimulationOptions.DEFAULT_SEED;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description =
                    "How much event time, like 90m, 8h or 7d. Default: 1h into a file, without an end to the stream.")
    private @Nullable String length;

    @Option(
            names = "--start",
            paramLabel = "TIME",
            description =
                    "Event time at the start (file only), like 2026-01-01T00:00:00Z. Default: so that it ends now.")
    private @Nullable String start;

    @Option(
            names = "--time-factor",
            paramLabel = "FACTOR",
            defaultValue = "" + Pace.DEFAULT_FACTOR,
            description =
                    "How many times as fast as the clock (stream only). Default: ${DEFAULT-VALUE}, a minute a second.")
    private double factor = Pace.DEFAULT_FACTOR;

    @Option(
            names = "--rate",
            paramLabel = "RECORDS",
            description =
                    "Records per second of event time, by way of the report interval. Default: what reports every 10 s"
                            + " give.")
    private @Nullable Double rate;

    @Option(
            names = "--create-stream",
            paramLabel = "SHARDS",
            description = "Make the stream with so many shards where it is missing.")
    private @Nullable Integer shards;

    @Option(
            names = "--disorder",
            paramLabel = "DURATION",
            description = "Two records in a hundred are held up, no longer than this. Default: 5s.")
    private @Nullable String disorder;

    @Option(
            names = "--late",
            paramLabel = "SHARE",
            description = "Share of the records that are held up longer, by at most 10 minutes. Default: 0.002.")
    private double late = Delivery.DEFAULT.lateShare();

    @Option(
            names = "--duplicates",
            paramLabel = "SHARE",
            description = "Share that is sent twice, of the three in ten that have an event_id. Default: 0.005.")
    private double duplicates = Delivery.DEFAULT.duplicateShare();

    @Option(names = "--perfect", description = "Every record at once, in order and only once.")
    private boolean perfect;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    SimulateCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = config.load(surroundings);
        Logging.configure(configuration.settings().log());
        try {
            if (output != null) {
                toFile(output);
            } else {
                toStream(configuration.settings());
            }
        } catch (IllegalArgumentException e) {
            // The simulator's own checks say what is wrong with an option and what to use.
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
        return ExitCode.DONE.code();
    }

    private void requireFolder(Path file) {
        Path folder = surroundings.resolve(file).toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new IllegalArgumentException(
                    "--output is " + file + ", and there is no folder " + folder + "; make it first");
        }
    }

    private void toFile(Path file) throws IOException, InterruptedException {
        requireFolder(file);
        Duration wanted = length == null ? DEFAULT_FILE_LENGTH : Quantities.parseDuration("--for", length);
        Instant from = start == null
                ? clock.instant().minus(wanted).truncatedTo(ChronoUnit.MINUTES)
                : Instant.ofEpochMilli(StreamTimes.time("--start", start, ""));
        Factory factory = factory(from, wanted);
        boolean toOutput = file.toString().equals("-");
        // Standard output belongs to the records then; what is said to the person goes beside them.
        PrintWriter said =
                toOutput ? spec.commandLine().getErr() : spec.commandLine().getOut();
        Path definitionsFile = definitions != null || toOutput ? definitions : DefinitionsBeside.of(file);
        writeDefinitions(factory, definitionsFile);
        Pacer.Sent sent;
        try (FileSink sink = toOutput
                ? new FileSink(surroundings.out(), format)
                : FileSink.create(surroundings.resolve(file), format)) {
            sent = Pacer.copy(factory.events(), sink);
        } catch (IOException e) {
            if (toOutput && "Broken pipe".equals(e.getMessage())) {
                return; // whoever reads has enough, like head
            }
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " cannot be written: " + FileProblem.why(e), e);
        }
        say(said, factory, sent, toOutput ? "standard output" : file.toString(), definitionsFile);
    }

    private void toStream(Settings settings) throws IOException, InterruptedException {
        if (start != null) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--start is for files; to the stream event time starts in the past by itself: remove it, or add --output");
        }
        Duration wanted = length == null ? null : Quantities.parseDuration("--for", length);
        Pace pace = wanted == null
                ? Pace.openEnded(clock.instant(), factor, Pace.DEFAULT_HEAD_START)
                : Pace.over(clock.instant(), factor, Duration.ofMillis(Math.round(wanted.toMillis() / factor)));
        Factory factory = factory(pace.eventStart(), wanted);
        writeDefinitions(factory, definitions);
        String stream = settings.stream().name();
        PrintWriter out = spec.commandLine().getOut();
        StopSignal signal = new StopSignal(STOP_WITHIN);
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false);
                KinesisSink sink = new KinesisSink(clients, stream)) {
            prepare(clients, stream);
            out.println("Sending the telemetry of " + factory.lines().size() + " simulated lines, from "
                    + pace.eventStart() + " on, to the stream " + stream + ". Ctrl-C ends it.");
            out.flush();
            Pacer pacer = new Pacer(clock, TimeUnit.MILLISECONDS::sleep);
            Pacer.Sent sent = pacer.run(
                    factory.events(), pace, sink, () -> signal.received().isDone());
            say(out, factory, sent, "the stream " + stream, definitions);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.AWS_FAILED, String.valueOf(e.getMessage()), e);
        } finally {
            signal.finished(ExitCode.DONE);
        }
    }

    private void prepare(AwsClients clients, String stream) throws InterruptedException {
        if (shards != null) {
            Streams.createIfMissing(clients, stream, shards);
        }
        if (!Streams.exists(clients, stream)) {
            throw new CommandFailure(
                    ExitCode.AWS_FAILED,
                    "the stream " + stream
                            + " does not exist; make it with --create-stream 2, or name another with --set"
                            + " stream.name=NAME");
        }
    }

    private Factory factory(Instant from, @Nullable Duration wanted) {
        SimulationOptions options = SimulationOptions.startingAt(from)
                .withSeed(seed)
                .withProcesses(processes)
                .withLength(wanted)
                .withSteps(steps)
                .withDelivery(perfect ? Delivery.PERFECT : delivery());
        return Factory.of(rate == null ? options : RecordRate.tune(options, rate));
    }

    /** Refused in the words of the options: the simulator knows them by other names. */
    private Delivery delivery() {
        StepSpec.requireShare("--late", late);
        StepSpec.requireShare("--duplicates", duplicates);
        Duration held =
                disorder == null ? Delivery.DEFAULT.disorder() : Quantities.parseDuration("--disorder", disorder);
        Duration longest = Delivery.DEFAULT.lateness();
        if (late > 0 && held.compareTo(longest) >= 0) {
            throw new IllegalArgumentException(
                    "--disorder is " + disorder + ", and late records are held up by at most " + longest.toMinutes()
                            + "m; use less than that, or --late 0");
        }
        return Delivery.DEFAULT.with(held, late, duplicates);
    }

    private void writeDefinitions(Factory factory, @Nullable Path file) {
        if (file == null) {
            return;
        }
        try {
            FactoryDefinitions.write(factory, surroundings.resolve(file));
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, file + " cannot be written: " + FileProblem.why(e), e);
        }
    }

    private static void say(
            PrintWriter said, Factory factory, Pacer.Sent sent, String where, @Nullable Path definitionsFile) {
        said.println(String.format(
                Locale.ROOT,
                "%,d records (%.1f MB with their partition keys) of %d lines to %s",
                sent.records(),
                sent.bytes() / 1e6,
                factory.lines().size(),
                where));
        if (definitionsFile != null) {
            said.println("process definitions in " + definitionsFile + "; use them with --set processes.file="
                    + definitionsFile);
        }
        said.flush();
    }
}
