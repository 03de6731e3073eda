package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.DynamoParts;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.kinesis.StreamInfo;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerSettings;
import io.processoptimizer.status.PlainLines;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;

/** A worker with all that belongs to it, started in this process. */
final class LiveWorker implements AutoCloseable {
    private final Worker worker;
    private final OutputTables outputs;
    private final PlainLines view = new PlainLines(new PrintWriter(new StringWriter()));

    LiveWorker(AwsClients clients, Tables.Names tables, String workerId, Map<String, String> changes)
            throws InterruptedException {
        Configuration configuration =
                Configuration.load(new Configuration.Request(null, Map.of(), changes, Path.of("target"), null));
        Settings settings = configuration.settings();
        outputs = new OutputTables(
                clients,
                new OutputTables.Settings(
                        tables,
                        settings.windowPolicy().defaultWindow().name(),
                        settings.outputs().queueCapacity(),
                        null,
                        new OutputTables.EventBus("default", "manufacturing.process", "Process Optimization"),
                        "Manufacturing/OEE",
                        OeeMetrics.Detail.NONE),
                Clock.systemUTC());
        worker = new Worker(
                new WorkerSettings(settings, workerId, true),
                clients,
                new PipelineEngines(settings.pipelineSettings(), configuration.definitions(), outputs, view),
                new PointerTable(
                        clients.dynamo(),
                        tables.state(),
                        new DynamoParts(clients.dynamo(), tables.state()),
                        SavepointPolicy.DEFAULT,
                        Clock.systemUTC(),
                        configuration.fingerprint()),
                Clock.systemUTC());
        StreamInfo stream = worker.prepare();
        StreamIdentity.check(clients, tables.state(), settings.application().name(), stream.arn(), stream.created());
        worker.start();
    }

    /** Whether it ended in time and clean. */
    boolean stop() throws InterruptedException {
        return worker.stop();
    }

    @Override
    public void close() {
        worker.close();
        outputs.close();
        view.close();
    }
}
