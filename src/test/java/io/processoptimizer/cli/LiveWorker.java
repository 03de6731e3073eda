package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.DefinitionsLead;
import io.processoptimizer.config.LiveDefinitions;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.StreamInfo;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerSettings;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.status.PlainLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A worker in this JVM with all that belongs to it, as {@code run} composes it, started. */
final class LiveWorker implements AutoCloseable {
    /** KCL's pauses as short as they may be: a test waits for each of them. */
    private static final Map<String, String> SHORT_PAUSES = Map.of(
            "kcl.lease_assignment_interval", "500ms",
            "kcl.shard_sync_interval", "1s",
            "kcl.parent_shard_poll_interval", "200ms",
            "kcl.leader_heartbeat", "500ms",
            "retrieval.idle_between_reads", "200ms");

    private final Worker worker;
    private final DefinitionsWatch additions;
    private final OutputTables outputs;
    private final PlainLines view = new PlainLines(new PrintWriter(new StringWriter()));

    LiveWorker(AwsClients clients, Map<String, String> values) throws IOException, InterruptedException {
        this(clients, "worker-1", values);
    }

    LiveWorker(AwsClients clients, String workerId, Map<String, String> values)
            throws IOException, InterruptedException {
        this(clients, workerId, values, Clock.systemUTC());
    }

    /**
     * @param values settings by path; they win over the {@link #SHORT_PAUSES}
     * @param ownClock what the worker takes for the time when it looks for added definitions
     */
    LiveWorker(AwsClients clients, String workerId, Map<String, String> values, Clock ownClock)
            throws IOException, InterruptedException {
        Path directory = Path.of("target");
        Map<String, String> all = new HashMap<>(SHORT_PAUSES);
        all.putAll(values);
        Configuration configuration =
                Configuration.load(new Configuration.Request(null, Map.of(), all, directory, null));
        Settings settings = configuration.settings();
        Clock clock = Clock.systemUTC();
        Tables.Names tables = new Tables.Names(
                settings.outputs().metricsTable(),
                settings.outputs().adviceTable(),
                settings.outputs().deadLettersTable(),
                settings.state().table());
        new Tables(clients.dynamo()).createMissing(tables);
        outputs = new OutputTables(
                clients,
                new OutputTables.Settings(
                        tables,
                        settings.windowPolicy().defaultWindow().name(),
                        settings.outputs().queueCapacity(),
                        null,
                        new OutputTables.EventBus(
                                settings.eventbridge().bus(),
                                settings.eventbridge().source(),
                                settings.eventbridge().detailType()),
                        settings.cloudwatch().namespace(),
                        OeeMetrics.Detail.NONE,
                        settings.adviceSettings()),
                clock);
        LiveRun.counsel(settings, outputs, clients);
        PipelineSettings pipeline = settings.pipelineSettings();
        Surroundings surroundings = new Surroundings(
                Map.of(), directory, new ByteArrayInputStream(new byte[0]), OutputStream.nullOutputStream(), false);
        LiveDefinitions definitions = new LiveDefinitions(configuration.configuredProcesses());
        DefinitionsLead lead = DefinitionsWatch.lead(settings);
        RunningConfiguration computes = new RunningConfiguration(configuration, definitions, null, lead, ownClock);
        additions = DefinitionsWatch.of(
                configuration, surroundings, UnaryOperator.identity(), definitions, lead, ownClock, view::say);
        worker = new Worker(
                new WorkerSettings(settings, workerId, true),
                clients,
                new PipelineEngines(settings.asksModels() ? pipeline.briefing() : pipeline, definitions, outputs, view),
                new SnapshotStores(settings, clients, surroundings, clock).open(true, computes),
                clock);
        StreamInfo stream = worker.prepare();
        StreamIdentity.check(clients, tables.state(), settings.application().name(), stream.arn(), stream.created());
        worker.start();
        additions.start();
    }

    DefinitionsWatch additions() {
        return additions;
    }

    /** Whether all of its shards' states are saved. */
    boolean stop() {
        return worker.stop();
    }

    @Override
    public void close() {
        additions.close();
        worker.close();
        outputs.close();
        view.close();
    }
}
