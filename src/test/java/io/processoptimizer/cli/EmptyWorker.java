package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Configuration;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.kinesis.ShardEngine;
import io.processoptimizer.kinesis.Worker;
import io.processoptimizer.kinesis.WorkerSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Our worker with an engine that only counts: what {@link LivePathBenchmark} takes its CPU against. Arguments: endpoint, stream. */
final class EmptyWorker {
    private EmptyWorker() {}

    public static void main(String[] arguments) throws InterruptedException {
        Settings settings = Configuration.load(new Configuration.Request(
                        null,
                        Map.of(),
                        Map.of("application.name", "empty", "stream.name", arguments[1], "state.table", "empty-state"),
                        Path.of(""),
                        null))
                .settings();
        AwsClients clients = new AwsClients(AwsConnection.emulator(URI.create(arguments[0])), false);
        new Tables(clients.dynamo())
                .createMissing(new Tables.Names("empty-results", "empty-advice", "empty-letters", "empty-state"));
        Worker worker = new Worker(
                new WorkerSettings(settings, "empty-1", false),
                clients,
                shard -> new Counting(),
                PointerTable.withStates(clients.dynamo(), "empty-state", SavepointPolicy.DEFAULT, Clock.systemUTC()),
                Clock.systemUTC());
        worker.prepare();
        worker.start();
        worker.ended().join();
    }

    private static final class Counting implements ShardEngine {
        private @Nullable RecordPosition position;

        @Override
        public void accept(RecordPosition at, String partitionKey, long arrivalMillis, byte[] data) {
            position = at;
        }

        @Override
        public void advanceTo(long nowMillis) {}

        @Override
        public byte[] snapshot() {
            return new byte[1];
        }

        @Override
        public void restore(byte[] state) {}

        @Override
        public void adopt(byte[] parent) {}

        @Override
        public void stateLost() {}

        @Override
        public void recordsLost() {}

        @Override
        public void reprocess(Reprocessing asked) {}

        @Override
        public long readUpToMillis() {
            return TelemetryEvent.ABSENT;
        }

        @Override
        public void refuse(RecordPosition refused) {}

        @Override
        public @Nullable RecordPosition position() {
            return position;
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
