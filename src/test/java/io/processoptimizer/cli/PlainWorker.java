package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import java.net.URI;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.processor.SingleStreamTracker;

/**
 * A worker as KCL's own examples make it, with all of KCL's defaults and a processor that does nothing: what {@link RecoveryBenchmark}
 * compares with. Arguments: endpoint, stream, application, worker id.
 */
final class PlainWorker implements ShardRecordProcessor {
    private static final long SHUTDOWN_SECONDS = 30;

    private String shardId = "";
    private boolean processed;

    private PlainWorker() {}

    public static void main(String[] arguments) {
        AwsClients clients = new AwsClients(AwsConnection.emulator(URI.create(arguments[0])), false);
        ConfigsBuilder builder = new ConfigsBuilder(
                new SingleStreamTracker(
                        arguments[1],
                        InitialPositionInStreamExtended.newInitialPosition(InitialPositionInStream.TRIM_HORIZON)),
                arguments[2],
                clients.kinesis(),
                clients.leases(),
                clients.cloudWatch(),
                arguments[3],
                PlainWorker::new);
        Scheduler scheduler = new Scheduler(
                builder.checkpointConfig(),
                builder.coordinatorConfig(),
                builder.leaseManagementConfig(),
                builder.lifecycleConfig(),
                builder.metricsConfig(),
                builder.processorConfig(),
                builder.retrievalConfig());
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            try {
                boolean unused = scheduler.startGracefulShutdown().get(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                System.out.println("not stopped in time: " + e);
            }
        }));
        scheduler.run();
    }

    @Override
    public void initialize(InitializationInput input) {
        shardId = input.shardId();
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
        if (!processed && !input.records().isEmpty()) {
            processed = true;
            System.out.println("Processed the first record of " + shardId + " in this tenure");
        }
        if (!input.records().isEmpty()) {
            try {
                input.checkpointer().checkpoint();
            } catch (InvalidStateException | ShutdownException e) {
                System.out.println("not checkpointed: " + e);
            }
        }
    }

    @Override
    public void leaseLost(LeaseLostInput input) {}

    @Override
    public void shardEnded(ShardEndedInput input) {
        try {
            input.checkpointer().checkpoint();
        } catch (InvalidStateException | ShutdownException e) {
            System.out.println("end not checkpointed: " + e);
        }
    }

    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
        try {
            input.checkpointer().checkpoint();
        } catch (InvalidStateException | ShutdownException e) {
            System.out.println("not checkpointed at the end: " + e);
        }
    }
}
