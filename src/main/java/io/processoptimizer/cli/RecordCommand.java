package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Quantities;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordBounds;
import io.processoptimizer.replay.Recorder;
import io.processoptimizer.replay.RecordingException;
import io.processoptimizer.replay.RecordingManifest;
import io.processoptimizer.replay.RecordingPlan;
import io.processoptimizer.replay.ShardStatus;
import io.processoptimizer.replay.StreamSource;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Records a stream into files. */
@Command(
        name = "record",
        description = {
            "Records a stream into files: one a shard, every record once with its position, key and arrival.",
            "",
            "The folder is whole at any time. The same command again goes on after the last complete record, whatever ended"
                    + " the run before. Shards that are split or merged meanwhile are followed. It reads beside the worker,"
                    + " without leases, and takes at most half of a shard's reads.",
            "",
            "A recording belongs to one stream and one start; recording.json in the folder tells them, and the process"
                    + " definitions in force are copied beside it."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  All that the stream still holds; again later: what has come since:",
            "    java -jar target/process-optimizer.jar record --output recording",
            "  What comes from now on, until Ctrl-C:",
            "    java -jar target/process-optimizer.jar record --output live --from latest",
            "  One shift:",
            "    java -jar target/process-optimizer.jar record --output shift --from 2026-01-05T06:00:00Z \\",
            "      --until 2026-01-05T14:00:00Z",
            "  From an emulator:",
            "    java -jar target/process-optimizer.jar record --output r --set aws.endpoint=http://127.0.0.1:4566"
        })
final class RecordCommand implements Callable<Integer> {
    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "The folder; made where it is missing.")
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private Path output;

    @Option(names = "--stream", paramLabel = "NAME", description = "The stream. Default: the setting stream.name.")
    private @Nullable String stream;

    @Option(
            names = "--shard",
            paramLabel = "ID",
            description = "Only this shard, without its children; may be repeated. Default: all.")
    private List<String> shards = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "WHERE",
            description = "trim_horizon (the oldest record that is kept), latest (what comes from now on) or a time of"
                    + " arrival like 2026-01-01T00:00:00Z. Default: trim_horizon, and as before in a folder that holds"
                    + " records.")
    private @Nullable String from;

    @Option(
            names = "--until",
            paramLabel = "WHEN",
            description = "now (all that has arrived), never, or a time of arrival. Default: now; never with --for or"
                    + " --from latest.")
    private @Nullable String until;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            description = "How long to record, like 90s, 8h or 7d. Default: without a limit.")
    private @Nullable String length;

    @Option(
            names = "--records",
            paramLabel = "N",
            description = "Stop when the folder holds so many records. Default: without a limit.")
    private @Nullable Long records;

    @Option(names = "--plain", description = "Write .ndjson instead of .ndjson.gz.")
    private boolean plain;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    RecordCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Configuration configuration = config.load(surroundings);
        Settings settings = configuration.settings();
        Logging.configure(settings.log());
        RecordingPlan plan;
        try {
            plan = plan(configuration.definitionsFile());
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
        StopSignal signal = new StopSignal(Recorder.STOP_WITHIN);
        ExitCode outcome = ExitCode.AWS_FAILED;
        try (AwsClients clients = new AwsClients(Connections.of(settings, surroundings.environment()), false);
                StreamSource source = new KinesisStreamSource(
                        clients, stream == null ? settings.stream().name() : stream, clock)) {
            outcome = record(source, plan, signal.received());
            return outcome.code();
        } catch (RecordingException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        } finally {
            signal.finished(outcome);
        }
    }

    private ExitCode record(StreamSource source, RecordingPlan plan, CompletableFuture<Void> stop)
            throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Recorder recorder = new Recorder(source, surroundings.resolve(output), plan, clock);
        CompletableFuture<Void> stopping = stop.thenRun(recorder::stop);
        RecordProgress progress = RecordProgress.show(recorder::progress, out, surroundings.terminal());
        Recorder.Report report;
        try {
            report = recorder.run();
        } finally {
            progress.close();
            stopping.cancel(false);
        }
        out.println(summary(report));
        out.flush();
        if (report.newGaps() > 0) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("records may be missing at " + report.newGaps() + " places: the stream had dropped them before"
                    + " they were read; 'gaps' in " + output.resolve(RecordingManifest.FILE_NAME)
                    + " tells where. Record more often, or raise the stream's retention.");
            err.flush();
            return ExitCode.CHECK_FAILED;
        }
        return ExitCode.DONE;
    }

    private String summary(Recorder.Report report) {
        List<ShardStatus> all = report.shards();
        String said = String.format(
                Locale.ROOT,
                "%,d new records (%.1f MB) of %s; %s holds %,d.",
                all.stream().mapToLong(ShardStatus::newRecords).sum(),
                all.stream().mapToLong(ShardStatus::newBytes).sum() / 1e6,
                Plural.of(all.size(), "shard"),
                output,
                all.stream().mapToLong(ShardStatus::records).sum());
        return report.stopped() ? said + " Stopped; the same command goes on from here." : said;
    }

    private RecordingPlan plan(@Nullable Path definitions) {
        if (output.toString().isBlank()) {
            throw new IllegalArgumentException("--output is empty; name a folder");
        }
        ReadFrom start = from == null ? null : StreamTimes.recordFrom(from, clock);
        RecordBounds bounds = new RecordBounds(
                until(start),
                length == null ? null : Quantities.parseDuration("--for", length),
                records == null ? Long.MAX_VALUE : records);
        return new RecordingPlan(
                start, shards, bounds, plain, definitions == null ? null : surroundings.resolve(definitions));
    }

    private RecordBounds.Until until(@Nullable ReadFrom start) {
        if (until == null) {
            return start instanceof ReadFrom.Latest || length != null
                    ? new RecordBounds.Never()
                    : new RecordBounds.Now();
        }
        return switch (until.toLowerCase(Locale.ROOT)) {
            case "now" -> new RecordBounds.Now();
            case "never" -> new RecordBounds.Never();
            default -> {
                long millis = StreamTimes.time("--until", until, "one of now, never");
                StreamTimes.requireLater(until, millis, from, start);
                yield new RecordBounds.Time(millis);
            }
        };
    }
}
