package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.ComputedWith;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.OrderedPuts;
import io.processoptimizer.kinesis.StreamInfo;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerIdentity;
import io.processoptimizer.kinesis.WorkerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Re-keys a stream. */
@Command(
        name = "forward",
        description = {
            "Read a stream of any shape and partition key, and put canonical events, keyed by process, on the stream, until stopped.",
            "",
            "A worker without windows: records are read through input.mappings, each observation becomes one event with an event_id"
                    + " that is the same whenever it is read, and those of a process stay in order. What is sent twice after a crash"
                    + " is counted once by the worker that reads stream.name. Records that nothing reads become dead letters."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  SiteWise updates, keyed by asset, to the stream that 'run' reads:",
            "    java -jar target/process-optimizer.jar forward --from sitewise-updates --set input.mappings=sitewise"
        })
final class ForwardCommand implements Callable<Integer> {
    /** Its leases and positions have tables of their own: shards of different streams have the same ids. */
    private static final String SUFFIX = "-forward-";

    private final Surroundings surroundings;
    private final Clock clock = Clock.systemUTC();

    @Mixin
    private ConfigOptions config = new ConfigOptions();

    @Option(names = "--from", required = true, paramLabel = "STREAM", description = "The stream that is read.")
    private String from = "";

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    ForwardCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Settings target = config.load(surroundings).settings();
        String to = target.stream().name();
        if (from.isBlank() || from.equals(to)) {
            throw new CommandFailure(
                    ExitCode.BAD_USAGE,
                    "--from (" + from + ") must name another stream than stream.name (" + to
                            + "), to which it is forwarded");
        }
        Configuration source = configuration(target);
        Settings settings = source.settings();
        Logging.configure(settings.log());
        Logging.write(settings.log());
        StopSignal signal = new StopSignal(settings.shutdown().budget());
        ExitCode code = ExitCode.AWS_FAILED;
        try (AwsClients clients = new AwsClients(
                        Connections.of(settings, surroundings.environment()),
                        settings.retrieval().mode() == Settings.RetrievalMode.FAN_OUT);
                WorkerIdentity identity = LiveRun.identity(settings)) {
            code = run(source, clients, new WorkerSettings(settings, identity.workerId(), false), to, signal);
            return code.code();
        } finally {
            signal.finished(code);
        }
    }

    /** The same settings for the other stream. */
    private Configuration configuration(Settings target) {
        return config.load(
                surroundings,
                null,
                Map.of(
                        "stream.name", from,
                        "application.name", target.application().name() + SUFFIX + from,
                        "state.table", target.state().table() + SUFFIX + from),
                null);
    }

    private ExitCode run(
            Configuration source, AwsClients clients, WorkerSettings workerSettings, String to, StopSignal signal)
            throws IOException, InterruptedException {
        Settings settings = source.settings();
        PrintWriter out = spec.commandLine().getOut();
        Tables.Names tables = Blueprints.tables(settings);
        new Tables(clients.dynamo()).createMissing(tables);
        SnapshotStore positions = new SnapshotStores(settings, clients, surroundings, clock)
                .open(false, ComputedWith.always(source.fingerprint(null)));
        try (OutputTables outputs = new OutputTables(clients, LiveRun.outputSettings(settings, tables), clock);
                OrderedPuts puts = new OrderedPuts(clients, to);
                Worker worker = new Worker(
                        workerSettings, clients, new ForwardingEngines(source, puts, outputs), positions, clock)) {
            StreamInfo stream = worker.prepare();
            StreamIdentity.check(
                    clients, tables.state(), settings.application().name(), stream.arn(), stream.created());
            out.println("Forwarding " + from + " to " + to + ", mappings: "
                    + settings.input().mappings());
            out.flush();
            worker.start();
            ExitCode code = awaitEnd(worker, puts, signal, out);
            boolean clean = worker.stop();
            out.println("Stopped" + (clean ? " cleanly" : "") + "; " + puts.count() + " events forwarded.");
            out.flush();
            return clean ? code : ExitCode.AWS_FAILED;
        }
    }

    private static ExitCode awaitEnd(Worker worker, OrderedPuts puts, StopSignal signal, PrintWriter out) {
        try {
            CompletableFuture.anyOf(signal.received(), worker.ended(), puts.failed())
                    .join();
            return ExitCode.DONE;
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            out.println("The forwarder stops: " + why.getMessage());
            out.flush();
            return ExitCode.AWS_FAILED;
        }
    }
}
