package io.processoptimizer.cli;

import io.processoptimizer.advise.EfficiencyPort;
import io.processoptimizer.aws.AdviceBudget;
import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Counsel;
import io.processoptimizer.aws.LanguageModel;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.OverviewTable;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.ConfiguredProcesses;
import io.processoptimizer.config.DefinitionsLead;
import io.processoptimizer.config.LiveDefinitions;
import io.processoptimizer.config.ModelSettings;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.ShardProgress;
import io.processoptimizer.kinesis.StreamInfo;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerIdentity;
import io.processoptimizer.kinesis.WorkerSettings;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.status.LiveTable;
import io.processoptimizer.status.PlainLines;
import io.processoptimizer.status.StatusView;
import io.processoptimizer.status.Terminal;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** One run of the worker, from its parts to its end: the composition of {@code run}. */
final class LiveRun {
    /** Shards of a stream that a local run makes: enough to see that processes are spread. */
    private static final int LOCAL_SHARDS = 3;

    private final Configuration configuration;
    private final Settings settings;
    private final Surroundings surroundings;
    private final RunCommand.Local local;
    private final RunCommand.Simulation simulation;
    private final PrintWriter out;
    private final Clock clock = Clock.systemUTC();

    LiveRun(
            Configuration configuration,
            Surroundings surroundings,
            RunCommand.Local local,
            RunCommand.Simulation simulation,
            PrintWriter out) {
        this.configuration = configuration;
        this.settings = configuration.settings();
        this.surroundings = surroundings;
        this.local = local;
        this.simulation = simulation;
        this.out = out;
    }

    /** Runs until a signal, or until the worker cannot go on. */
    ExitCode untilStopped() throws IOException, InterruptedException {
        SimulatedPlant plant = simulatedPlant();
        EfficiencyPort efficiency = LocalEfficiency.of(settings.advice().efficiencyModel(), surroundings);
        StopSignal signal = new StopSignal(settings.shutdown().budget());
        Logging.write(settings.log());
        ExitCode code = ExitCode.AWS_FAILED;
        try (EmbeddedAws.@Nullable Running embedded = local.local
                        ? EmbeddedAws.start(
                                "--local-port", new EmbeddedAws.Options(local.port, null, false, localModel()))
                        : null;
                AwsClients clients = new AwsClients(
                        connection(embedded), settings.retrieval().mode() == Settings.RetrievalMode.FAN_OUT);
                WorkerIdentity identity = identity(settings)) {
            WorkerSettings workerSettings = new WorkerSettings(settings, identity.workerId(), embedded != null);
            code = run(clients, embedded, workerSettings, plant, efficiency, signal);
            return code;
        } finally {
            out.flush();
            signal.finished(code);
        }
    }

    /** The embedded endpoint answers with the worker's own model, if it has one. */
    private @Nullable Path localModel() {
        String folder = settings.advice().efficiencyModel();
        return folder == null ? null : surroundings.resolve(Path.of(folder));
    }

    private @Nullable SimulatedPlant simulatedPlant() {
        if (!simulation.simulate) {
            return null;
        }
        try {
            return new SimulatedPlant(simulation.processes, simulation.factor, simulation.seed, clock);
        } catch (IllegalArgumentException e) {
            // The simulator's own checks say what is wrong with an option and what to use.
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    static WorkerIdentity identity(Settings settings) {
        String user = System.getProperty("user.name", "");
        String name = settings.application().workerIdOr(WorkerIdentity.nameOn(hostName(), user));
        try {
            return WorkerIdentity.acquire(
                    WorkerIdentity.directoryOf(user), settings.application().name(), name);
        } catch (IOException e) {
            throw new CommandFailure(ExitCode.BAD_USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    private AwsConnection connection(EmbeddedAws.@Nullable Running embedded) {
        if (embedded != null) {
            return AwsConnection.emulator(embedded.endpoint());
        }
        return Connections.of(settings, surroundings.environment());
    }

    private ExitCode run(
            AwsClients clients,
            EmbeddedAws.@Nullable Running embedded,
            WorkerSettings workerSettings,
            @Nullable SimulatedPlant plant,
            EfficiencyPort efficiency,
            StopSignal signal)
            throws IOException, InterruptedException {
        if (embedded != null) {
            Streams.createIfMissing(clients, settings.stream().name(), LOCAL_SHARDS);
        }
        UnaryOperator<ConfiguredProcesses> merged =
                file -> plant == null ? file : plant.definitions(settings.processDefaults(), file);
        LiveDefinitions definitions = new LiveDefinitions(merged.apply(configuration.configuredProcesses()));
        DefinitionsLead lead = DefinitionsWatch.lead(settings);
        Tables.Names tables = Blueprints.tables(settings);
        if (embedded != null) {
            embedded.awaitReady();
        }
        new Tables(clients.dynamo()).createMissing(tables);
        SnapshotStore snapshots = new SnapshotStores(settings, clients, surroundings, clock)
                .open(
                        embedded != null,
                        new RunningConfiguration(
                                configuration,
                                definitions,
                                LocalEfficiency.identity(settings.advice().efficiencyModel(), surroundings),
                                lead,
                                clock));
        ProgressLine progress = new ProgressLine();
        try (RunWatch watch = new RunWatch(settings, workerSettings.workerId(), clock);
                StatusView view = view(progress);
                DefinitionsWatch additions =
                        DefinitionsWatch.of(configuration, surroundings, merged, definitions, lead, clock, view::say);
                OutputTables outputs = new OutputTables(clients, outputSettings(settings, tables), clock);
                Worker worker = new Worker(
                        workerSettings,
                        clients,
                        new PipelineEngines(pipelineSettings(efficiency), definitions, outputs, view, watch::watcher),
                        snapshots,
                        clock)) {
            String page = watch.open(isPageAskedFor());
            Counsel counsel = counsel(settings, outputs, clients);
            watch.of(
                    worker,
                    outputs,
                    counsel,
                    new OverviewTable(
                            clients.dynamo(),
                            tables.state(),
                            settings.application().name()));
            watch.of(additions);
            progress.of(worker.progress());
            StreamInfo stream = worker.prepare();
            StreamIdentity.check(
                    clients, tables.state(), settings.application().name(), stream.arn(), stream.created());
            new RunGreeting(settings, connection(embedded), stream, plant, page)
                    .lines()
                    .forEach(view::say);
            CompletableFuture<Void> ended = new CompletableFuture<>();
            worker.start();
            if (settings.processes().reloadEvery() != null) {
                additions.start();
            }
            if (plant != null) {
                plant.start(clients, settings.stream().name(), ended::completeExceptionally);
            }
            return awaitEnd(worker, plant, ended, counsel, signal, view, watch);
        }
    }

    private static ExitCode awaitEnd(
            Worker worker,
            @Nullable SimulatedPlant plant,
            CompletableFuture<Void> plantEnded,
            @Nullable Counsel counsel,
            StopSignal signal,
            StatusView view,
            RunWatch watch) {
        ExitCode code = ExitCode.DONE;
        try {
            CompletableFuture.anyOf(signal.received(), worker.ended(), plantEnded)
                    .join();
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            view.say("The worker stops: " + why.getMessage());
            code = ExitCode.AWS_FAILED;
        }
        watch.stopping();
        view.say("Stopping: last results, state, leases …");
        if (plant != null) {
            plant.close();
        }
        if (counsel != null) {
            counsel.hurry();
        }
        StoppingLog log = new StoppingLog();
        boolean clean = worker.stop();
        log.release(!clean || Logging.isTalkative());
        view.say(clean ? "Stopped cleanly." : "Stopped; what was not saved is read again at the next start.");
        if (counsel != null && !counsel.tally().isEmpty()) {
            view.say("Advice asked of " + counsel.languageModel() + ": " + counsel.tally());
        }
        return clean ? code : ExitCode.AWS_FAILED;
    }

    /** Whether whoever runs it wants the page at this address, and it is not just there, as in a file that holds all defaults. */
    private boolean isPageAskedFor() {
        return RunCommand.isChosen(configuration, "status.listen")
                || !Objects.equals(
                        settings.status().listen(), Settings.DEFAULTS.status().listen());
    }

    private PipelineSettings pipelineSettings(EfficiencyPort efficiency) {
        PipelineSettings pipeline = configuration.pipelineSettings().expecting(efficiency);
        return settings.asksModels() ? pipeline.briefing() : pipeline;
    }

    /** Who asks models for a worker; null where none is to be asked. */
    static @Nullable Counsel counsel(Settings settings, OutputTables outputs, AwsClients clients) {
        if (!settings.asksModels()) {
            return null;
        }
        ModelSettings.Bedrock bedrock = settings.bedrock();
        return outputs.consult(
                new Counsel.Settings(
                        settings.advice().timeout(),
                        settings.advice().queueCapacity(),
                        bedrock.concurrency(),
                        settings.sagemaker().concurrency()),
                clients,
                new OutputTables.ModelNames(
                        settings.sagemaker().endpoint(),
                        settings.advice().advisor() == ModelSettings.Advisor.BEDROCK ? bedrock.model() : null,
                        bedrock.api() == ModelSettings.Api.CONVERSE
                                ? LanguageModel.Api.CONVERSE
                                : LanguageModel.Api.INVOKE_MODEL,
                        bedrock.maxTokens(),
                        new AdviceBudget.Limits(
                                bedrock.callsPerDay(),
                                bedrock.tokensPerDay(),
                                bedrock.callsPerProcessPerDay(),
                                bedrock.tokensPerProcessPerDay())));
    }

    static OutputTables.Settings outputSettings(Settings settings, Tables.Names tables) {
        OeeMetrics.Detail detail = switch (settings.cloudwatch().perProcess()) {
            case ALL -> OeeMetrics.Detail.ALL;
            case SUMMARY -> OeeMetrics.Detail.SUMMARY;
            case OFF -> OeeMetrics.Detail.NONE;
        };
        return new OutputTables.Settings(
                tables,
                settings.windowPolicy().defaultWindow().name(),
                settings.outputs().queueCapacity(),
                settings.outputs().ttl(),
                new OutputTables.EventBus(
                        settings.eventbridge().bus(),
                        settings.eventbridge().source(),
                        settings.eventbridge().detailType()),
                settings.cloudwatch().namespace(),
                detail,
                settings.adviceSettings());
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            // A host that does not know its own name still has one identity as far as one worker on it goes.
            return "localhost";
        }
    }

    private StatusView view(ProgressLine progress) {
        if (!surroundings.terminal()) {
            return new PlainLines(out);
        }
        LiveTable table = new LiveTable(
                out,
                new Terminal(surroundings.colours()),
                new LiveTable.Shape(settings.live().refresh(), settings.live().rows()),
                clock,
                progress);
        return new TerminalLog(table);
    }

    /** Records a second and how far behind, from what the processors note. */
    private static final class ProgressLine implements java.util.function.Supplier<String> {
        private volatile @Nullable ShardProgress progress;
        private long lastRecords;
        private long lastNanos = System.nanoTime();

        void of(ShardProgress shards) {
            progress = shards;
        }

        @Override
        public String get() {
            ShardProgress shards = progress;
            List<ShardProgress.Entry> entries = shards == null ? List.of() : shards.shards();
            long held = entries.stream().filter(ShardProgress.Entry::isHeld).count();
            if (entries.isEmpty()) {
                return "";
            }
            long records =
                    entries.stream().mapToLong(ShardProgress.Entry::records).sum();
            long behind = entries.stream()
                    .filter(ShardProgress.Entry::isHeld)
                    .mapToLong(ShardProgress.Entry::behindMillis)
                    .max()
                    .orElse(0);
            long now = System.nanoTime();
            double rate = (records - lastRecords) * 1e9 / Math.max(1, now - lastNanos);
            lastRecords = records;
            lastNanos = now;
            return String.format(
                    Locale.ROOT, "%d shards, %,.0f records/s, %.1f s behind", held, rate, behind / 1_000.0);
        }
    }
}
