package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import software.amazon.kinesis.common.ConfigsBuilder;
import software.amazon.kinesis.common.InitialPositionInStream;
import software.amazon.kinesis.common.InitialPositionInStreamExtended;
import software.amazon.kinesis.coordinator.CoordinatorConfig;
import software.amazon.kinesis.coordinator.Scheduler;
import software.amazon.kinesis.coordinator.WorkerStateChangeListener;
import software.amazon.kinesis.leases.LeaseAssignmentStrategy;
import software.amazon.kinesis.leases.LeaseManagementConfig;
import software.amazon.kinesis.lifecycle.LifecycleConfig;
import software.amazon.kinesis.metrics.MetricsConfig;
import software.amazon.kinesis.metrics.MetricsLevel;
import software.amazon.kinesis.metrics.MetricsUtil;
import software.amazon.kinesis.metrics.NullMetricsFactory;
import software.amazon.kinesis.processor.ProcessorConfig;
import software.amazon.kinesis.processor.ShardRecordProcessorFactory;
import software.amazon.kinesis.processor.SingleStreamTracker;
import software.amazon.kinesis.retrieval.RetrievalConfig;
import software.amazon.kinesis.retrieval.RetrievalSpecificConfig;
import software.amazon.kinesis.retrieval.fanout.FanOutConfig;
import software.amazon.kinesis.retrieval.polling.PollingConfig;

/** KCL's settings where ours differ from its defaults, each with the reason. */
final class SchedulerConfig {
    /** A lease that is not renewed for this long is free; state makes a needless move expensive, so not shorter. */
    private static final long FAILOVER_MILLIS = 10_000;

    /** How often the leader assigns leases that are free: the greater part of a planned take-over. */
    private static final long ASSIGNMENT_MILLIS = 5_000;

    /** Against an emulator nobody else shares the table, so the first assignment may come at once. */
    private static final long ASSIGNMENT_EMULATED_MILLIS = 500;

    /** KCL's two minutes without a leader after a crash are two minutes in which no lease is assigned. */
    private static final long LEADER_LEASE_MILLIS = 20_000;

    private static final long LEADER_HEARTBEAT_MILLIS = 5_000;

    /** Children of a resharding begin within this of their parent's end. */
    private static final long PARENT_POLL_MILLIS = 2_000;

    /** A shard takes three of these steps to begin and three to end; looking is cheap. */
    private static final long DISPATCH_MILLIS = 250;

    /** KCL's default of a minute outlives the lease that the call would renew. */
    private static final Duration DYNAMO_TIMEOUT = Duration.ofSeconds(4);

    /** A batch takes milliseconds; a task this old is stuck, and an operator should know. */
    private static final long SLOW_TASK_MILLIS = 30_000;

    /** A worker's metrics row makes it known to the leader; taken every second by default, and the first after two. */
    private static final long EMULATED_METRICS_CAPTURE_MILLIS = 200;

    private final WorkerSettings settings;
    private final AwsClients clients;

    SchedulerConfig(WorkerSettings settings, AwsClients clients) {
        this.settings = settings;
        this.clients = clients;
    }

    Scheduler scheduler(ShardRecordProcessorFactory processors, WorkerStateChangeListener listener) {
        ConfigsBuilder builder = new ConfigsBuilder(
                new SingleStreamTracker(settings.stream(), initialPosition()),
                settings.application(),
                clients.kinesis(),
                clients.leases(),
                clients.cloudWatch(),
                settings.workerId(),
                processors);
        return new Scheduler(
                builder.checkpointConfig(),
                coordinator(builder, listener),
                leases(builder),
                lifecycle(builder),
                metrics(builder),
                processor(builder),
                retrieval(builder));
    }

    private InitialPositionInStreamExtended initialPosition() {
        return InitialPositionInStreamExtended.newInitialPosition(
                settings.initialPosition() == WorkerSettings.InitialPosition.LATEST
                        ? InitialPositionInStream.LATEST
                        : InitialPositionInStream.TRIM_HORIZON);
    }

    private static CoordinatorConfig coordinator(ConfigsBuilder builder, WorkerStateChangeListener listener) {
        return builder.coordinatorConfig()
                .parentShardPollIntervalMillis(PARENT_POLL_MILLIS)
                .shardConsumerDispatchPollIntervalMillis(DISPATCH_MILLIS)
                .workerStateChangeListener(listener);
    }

    private LeaseManagementConfig leases(ConfigsBuilder builder) {
        LeaseManagementConfig config = builder.leaseManagementConfig()
                .failoverTimeMillis(FAILOVER_MILLIS)
                .leaseAssignmentIntervalMillis(settings.emulated() ? ASSIGNMENT_EMULATED_MILLIS : ASSIGNMENT_MILLIS)
                .dynamoDbLockBasedLeaderLeaseDurationInMillis(LEADER_LEASE_MILLIS)
                .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(LEADER_HEARTBEAT_MILLIS)
                .dynamoDbRequestTimeout(DYNAMO_TIMEOUT)
                // Moving a shard moves its state: only the number of leases is balanced, not their load from minute to
                // minute.
                .leaseAssignmentStrategy(LeaseAssignmentStrategy.LEASE_COUNT_BASED);
        config.gracefulLeaseHandoffConfig()
                .gracefulLeaseHandoffTimeoutMillis(settings.shutdownBudget().toMillis());
        // Leases are counted, so nobody needs to know how busy the workers are.
        config.workerUtilizationAwareAssignmentConfig().disableWorkerMetrics(true);
        if (settings.emulated()) {
            config.workerUtilizationAwareAssignmentConfig()
                    .inMemoryWorkerMetricsCaptureFrequencyMillis(EMULATED_METRICS_CAPTURE_MILLIS);
        }
        return config;
    }

    private static LifecycleConfig lifecycle(ConfigsBuilder builder) {
        return builder.lifecycleConfig().logWarningForTaskAfterMillis(Optional.of(SLOW_TASK_MILLIS));
    }

    private MetricsConfig metrics(ConfigsBuilder builder) {
        MetricsConfig config = builder.metricsConfig();
        if (settings.metrics() == WorkerSettings.Metrics.NONE) {
            return config.metricsLevel(MetricsLevel.NONE).metricsFactory(new NullMetricsFactory());
        }
        // A dimension per worker would make every redeployment a new set of paid metrics.
        return config.metricsLevel(MetricsLevel.SUMMARY)
                .metricsEnabledDimensions(
                        Set.of(MetricsUtil.OPERATION_DIMENSION_NAME, MetricsUtil.SHARD_ID_DIMENSION_NAME));
    }

    private static ProcessorConfig processor(ConfigsBuilder builder) {
        // Empty batches are the ticks in which quiet processes get their provisional results.
        return builder.processorConfig().callProcessRecordsEvenForEmptyRecordList(true);
    }

    private RetrievalConfig retrieval(ConfigsBuilder builder) {
        return builder.retrievalConfig().retrievalSpecificConfig(retrievalSpecific());
    }

    private RetrievalSpecificConfig retrievalSpecific() {
        if (settings.retrieval() == WorkerSettings.Retrieval.FAN_OUT) {
            return new FanOutConfig(clients.kinesis())
                    .streamName(settings.stream())
                    .applicationName(settings.application());
        }
        return new PollingConfig(settings.stream(), clients.kinesis())
                .maxRecords(settings.maxRecords())
                .idleTimeBetweenReadsInMillis(settings.idleBetweenReads().toMillis());
    }
}
