package io.processoptimizer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.OeeMetrics;
import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.OverviewTable;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Streams;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Settings;
import io.processoptimizer.config.SettingsReader;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.kinesis.ShardEngines;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerSettings;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.status.PlainLines;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;

/** A worker whose shard stands still says so to whoever watches over it, and is well again when the shard goes on. */
class StuckWorkerIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final String STREAM = Settings.DEFAULTS.stream().name();

    private final CountDownLatch released = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void healthIs503WhileAShardIsStuckAndNamesIt() throws Exception {
        Settings settings = SettingsReader.with(Map.of("status.stuck_after", "10s", "status.listen", "127.0.0.1:0"));
        Tables.Names tables = new Tables.Names("stuck-results", "stuck-advice", "stuck-letters", "stuck-state");
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
                RunWatch watch = new RunWatch(settings, "stuck-worker", Clock.systemUTC());
                PlainLines view = new PlainLines(new PrintWriter(new StringWriter()))) {
            aws.awaitReady();
            Streams.createIfMissing(clients, STREAM, 1);
            new Tables(clients.dynamo()).createMissing(tables);
            URI page = URI.create(watch.open(true).replaceAll("^page +([^,]+),.*", "$1"));
            assertThat(get(page, "/readyz").statusCode()).as("before the start").isEqualTo(503);
            assertThat(get(page, "/healthz").statusCode())
                    .as("before the start")
                    .isEqualTo(200);
            try (OutputTables outputs = new OutputTables(clients, outputSettings(settings, tables), Clock.systemUTC());
                    Worker worker = new Worker(
                            new WorkerSettings(settings, "stuck-worker", true),
                            clients,
                            engines(settings, outputs, view, watch),
                            PointerTable.withStates(
                                    clients.dynamo(), tables.state(), SavepointPolicy.DEFAULT, Clock.systemUTC()),
                            Clock.systemUTC())) {
                watch.of(worker, outputs, null, new OverviewTable(clients.dynamo(), tables.state(), "stuck"));
                worker.prepare();
                worker.start();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> get(page, "/readyz").statusCode() == 200);

                put(clients);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> get(page, "/healthz").statusCode() == 503);
                HttpResponse<String> stuck = get(page, "/healthz");
                assertThat(stuck.body()).contains("shardId-000000000000 has been at one task for");
                assertThat(get(page, "/readyz").statusCode()).isEqualTo(503);
                assertThat(get(page, "/metrics").body()).contains("\nkinesis_live 0.0\n");

                released.countDown();
                Awaitility.await()
                        .atMost(PATIENCE)
                        .until(() -> get(page, "/healthz").statusCode() == 200);
                watch.stopping();
                assertThat(get(page, "/readyz").body()).contains("stopping");
            } finally {
                released.countDown();
            }
        }
    }

    private static OutputTables.Settings outputSettings(Settings settings, Tables.Names tables) {
        return new OutputTables.Settings(
                tables,
                settings.windowPolicy().defaultWindow().name(),
                settings.outputs().queueCapacity(),
                null,
                new OutputTables.EventBus("default", "manufacturing.process", "Process Optimization"),
                "Manufacturing/OEE",
                OeeMetrics.Detail.NONE,
                settings.adviceSettings());
    }

    /** The real pipeline, whose first result waits as behind a table that never answers. */
    private ShardEngines engines(Settings settings, OutputTables outputs, PlainLines view, RunWatch watch) {
        return new PipelineEngines(
                settings.pipelineSettings(),
                (process, time) -> settings.processDefaults(),
                outputs,
                view,
                shard -> new BothOutputs(watch.watcher(shard), new NoOutputs() {
                    @Override
                    public void result(WindowResult result, WindowFacts facts) {
                        try {
                            released.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                }));
    }

    /** Ten minutes of one process: its first window closes. */
    private static void put(AwsClients clients) {
        long start = System.currentTimeMillis() - 3_600_000;
        for (int minute = 0; minute < 10; minute++) {
            String event = "{\"process_id\":\"P\",\"timestamp\":" + (start + minute * 60_000L)
                    + ",\"state\":\"RUNNING\",\"good\":3,\"ideal_cycle_time\":1.5}";
            clients.kinesis()
                    .putRecord(r -> r.streamName(STREAM).partitionKey("P").data(SdkBytes.fromUtf8String(event)))
                    .join();
        }
    }

    private HttpResponse<String> get(URI page, String path) throws IOException, InterruptedException {
        return client.send(
                HttpRequest.newBuilder(page.resolve(path))
                        .timeout(Duration.ofSeconds(60))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
