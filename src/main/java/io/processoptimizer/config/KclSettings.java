package io.processoptimizer.config;

import java.time.Duration;

/** The Kinesis Client Library. */
@Section("The Kinesis Client Library (KCL 3): leases and leadership. The defaults give take-over within about 40 s.")
public record KclSettings(
        @Setting(
                value = "10s",
                min = "2s",
                max = "5m",
                about = "A lease that was not renewed for so long may be taken by another worker.")
        Duration failover,

        @Setting(
                value = "5s",
                min = "100ms",
                max = "5m",
                about =
                        "How often the leader hands out leases. Shorter takes over faster and reads the lease table more often.")
        Duration leaseAssignmentInterval,

        @Setting(
                value = "lease_count",
                about =
                        "How leases are spread: lease_count (evenly by number; a move costs a snapshot, so few moves are good)"
                                + " or utilization (KCL's own default: by the workers' CPU).")
        LeaseAssignment leaseAssignment,

        @Setting(value = "20s", min = "2s", max = "10m", about = "A leader that was silent for so long is replaced.")
        Duration leaderLock,

        @Setting(value = "5s", min = "500ms", max = "2m", about = "How often the leader renews its lock.")
        Duration leaderHeartbeat,

        @Setting(
                value = "2s",
                min = "100ms",
                max = "1m",
                about = "How often a child shard looks whether its parents have ended.")
        Duration parentShardPollInterval,

        @Setting(
                value = "10s",
                min = "1s",
                max = "10m",
                about = "How often the leader compares the leases with the stream's shards.")
        Duration shardSyncInterval,

        @Setting(value = "4s", min = "500ms", max = "1m", about = "Time limit of one request to the lease table.")
        Duration dynamodbRequestTimeout,

        @Setting(
                value = "30s",
                min = "1s",
                max = "15m",
                about =
                        "How long a worker may take to finish a shard before it is handed over: the worst batch and a snapshot.")
        Duration gracefulHandoffTimeout,

        @Setting(value = "30s", min = "1s", max = "1h", about = "A task of KCL that runs longer is warned about.")
        Duration logWarningAfter,

        @Setting(
                value = "20",
                min = "1",
                max = "1000",
                about = "After so many failed attempts to initialise the worker ends with an error.")
        int maxInitializationAttempts,

        @Setting(
                value = "summary",
                about =
                        "KCL's own CloudWatch metrics: none or summary (without the dimensions that cost money per worker and shard).")
        Metrics metrics) {
    /** How leases are spread over workers. */
    public enum LeaseAssignment {
        LEASE_COUNT,
        UTILIZATION
    }

    /** KCL's own metrics. */
    public enum Metrics {
        NONE,
        SUMMARY
    }
}
