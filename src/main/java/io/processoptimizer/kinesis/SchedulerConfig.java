package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.config.KclSettings;
import io.processoptimizer.config.Settings;
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
    /** A shard takes three of these steps to begin and three to end; looking is cheap. */
    private static final long DISPATCH_MILLIS = 250;

    /** A worker's metrics row makes it known to the leader; taken every second by default, and the first after two. */
    private static final long EMULATED_METRICS_CAPTURE_MILLIS = 200;

    /**
     * So many reports of a worker fit into the time after which its leases count as expired. KCL takes a worker for dead after two
     * missed reports; with its default, a report every 30 s, the leases of a killed worker are first assigned to that worker again.
     * Two thirds of the time less the time between two renewals (a third) leaves no scan between expiry and death.
     */
    private static final int REPORTS_PER_FAILOVER = 3;

    /** KCL compares whole seconds; two reports must fit into what it makes of them. */
    private static final long REPORT_AFTER_AT_LEAST_MILLIS = 1_500;

    /** KCL's default, and what 'recover status' counts on: a failover of minutes is no reason to be silent for longer. */
    private static final long REPORT_AFTER_AT_MOST_MILLIS = 30_000;

    private final WorkerSettings settings;
    private final KclSettings kcl;
    private final AwsClients clients;

    SchedulerConfig(WorkerSettings settings, AwsClients clients) {
        this.settings = settings;
        this.kcl = settings.settings().kcl();
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
                settings.fromTheBeginning() ? InitialPositionInStream.TRIM_HORIZON : InitialPositionInStream.LATEST);
    }

    private CoordinatorConfig coordinator(ConfigsBuilder builder, WorkerStateChangeListener listener) {
        return builder.coordinatorConfig()
                .parentShardPollIntervalMillis(kcl.parentShardPollInterval().toMillis())
                .maxInitializationAttempts(kcl.maxInitializationAttempts())
                .shardConsumerDispatchPollIntervalMillis(DISPATCH_MILLIS)
                .workerStateChangeListener(listener);
    }

    private LeaseManagementConfig leases(ConfigsBuilder builder) {
        LeaseManagementConfig config = builder.leaseManagementConfig()
                .failoverTimeMillis(kcl.failover().toMillis())
                .leaseAssignmentIntervalMillis(settings.assignmentInterval().toMillis())
                // KCL's two minutes without a leader after a crash are two minutes in which no lease is assigned.
                .dynamoDbLockBasedLeaderLeaseDurationInMillis(kcl.leaderLock().toMillis())
                .dynamoDbLockBasedLeaderHeartbeatPeriodInMillis(
                        kcl.leaderHeartbeat().toMillis())
                .shardSyncIntervalMillis(kcl.shardSyncInterval().toMillis())
                .leasesRecoveryAuditorExecutionFrequencyMillis(
                        kcl.shardSyncInterval().toMillis())
                // KCL's default of a minute outlives the lease that the call would renew.
                .dynamoDbRequestTimeout(kcl.dynamodbRequestTimeout())
                .leaseAssignmentStrategy(
                        kcl.leaseAssignment() == KclSettings.LeaseAssignment.UTILIZATION
                                ? LeaseAssignmentStrategy.WORKER_UTILIZATION_AWARE
                                : LeaseAssignmentStrategy.LEASE_COUNT_BASED);
        config.gracefulLeaseHandoffConfig()
                .gracefulLeaseHandoffTimeoutMillis(kcl.gracefulHandoffTimeout().toMillis());
        // Where leases are counted nobody needs to know how busy the workers are.
        config.workerUtilizationAwareAssignmentConfig()
                .disableWorkerMetrics(kcl.leaseAssignment() == KclSettings.LeaseAssignment.LEASE_COUNT);
        config.workerUtilizationAwareAssignmentConfig()
                .workerMetricsReporterFreqInMillis(Math.min(
                        REPORT_AFTER_AT_MOST_MILLIS,
                        Math.max(REPORT_AFTER_AT_LEAST_MILLIS, kcl.failover().toMillis() / REPORTS_PER_FAILOVER)));
        if (settings.emulated()) {
            config.workerUtilizationAwareAssignmentConfig()
                    .inMemoryWorkerMetricsCaptureFrequencyMillis(EMULATED_METRICS_CAPTURE_MILLIS);
        }
        return config;
    }

    private LifecycleConfig lifecycle(ConfigsBuilder builder) {
        return builder.lifecycleConfig()
                .logWarningForTaskAfterMillis(Optional.of(kcl.logWarningAfter().toMillis()));
    }

    private MetricsConfig metrics(ConfigsBuilder builder) {
        MetricsConfig config = builder.metricsConfig();
        if (settings.metrics() == KclSettings.Metrics.NONE) {
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
        Settings.Retrieval retrieval = settings.settings().retrieval();
        if (retrieval.mode() == Settings.RetrievalMode.FAN_OUT) {
            return new FanOutConfig(clients.kinesis())
                    .streamName(settings.stream())
                    .consumerName(retrieval.consumerNameOf(settings.settings().application()));
        }
        return new PollingConfig(settings.stream(), clients.kinesis())
                .maxRecords(retrieval.maxRecords())
                .idleTimeBetweenReadsInMillis(retrieval.idleBetweenReads().toMillis());
    }
}
