package io.processoptimizer.kinesis;

import java.time.Duration;

/**
 * How a worker reads its stream and holds its leases.
 *
 * @param stream the stream's name
 * @param application names the lease table and, under fan-out, the consumer; not empty
 * @param workerId stable over restarts and used by one process at a time: leases are taken back at once under the same id
 * @param initialPosition where a shard without a checkpoint begins
 * @param retrieval how records are fetched
 * @param maxRecords most records a fetch, 1 … 10,000
 * @param idleBetweenReads pause between two fetches of a shard, at least 200 ms (5 fetches a second are allowed)
 * @param metrics KCL's own metrics in CloudWatch
 * @param commitInterval longest time between two commits of a shard
 * @param commitRecords most records between two commits of a shard
 * @param shutdownBudget within this a shutdown ends, 5 s … 110 s
 * @param emulated the endpoint is an emulator: the coordination runs faster, since no other worker shares it
 */
public record WorkerSettings(
        String stream,
        String application,
        String workerId,
        InitialPosition initialPosition,
        Retrieval retrieval,
        int maxRecords,
        Duration idleBetweenReads,
        Metrics metrics,
        Duration commitInterval,
        long commitRecords,
        Duration shutdownBudget,
        boolean emulated) {
    /** Where a shard without a checkpoint begins. */
    public enum InitialPosition {
        /** At the oldest record that the stream still holds. */
        TRIM_HORIZON,
        /** With what arrives from now on. */
        LATEST
    }

    /** How records are fetched. */
    public enum Retrieval {
        /** GetRecords: cheap, about a second of delay. */
        POLLING,
        /** SubscribeToShard: a throughput of its own for this consumer, at a price. */
        FAN_OUT
    }

    /** KCL's own metrics in CloudWatch. */
    public enum Metrics {
        NONE,
        SUMMARY
    }

    public WorkerSettings {
        require(!stream.isEmpty(), "stream must not be empty");
        require(!application.isEmpty(), "application must not be empty");
        require(!workerId.isEmpty(), "worker id must not be empty");
        require(maxRecords >= 1 && maxRecords <= 10_000, "max records must be 1 to 10,000, not " + maxRecords);
        require(
                idleBetweenReads.toMillis() >= 200,
                "idle between reads must be at least 200 ms, not " + idleBetweenReads.toMillis() + " ms");
        require(
                commitInterval.toMillis() >= 1_000,
                "commit interval must be at least 1 s, not " + commitInterval.toMillis() + " ms");
        require(commitRecords >= 1, "commit records must be at least 1, not " + commitRecords);
        require(
                shutdownBudget.toSeconds() >= 5 && shutdownBudget.toSeconds() <= 110,
                "shutdown budget must be 5 s to 110 s, not " + shutdownBudget.toSeconds() + " s");
    }

    /** The defaults for a worker of a stream. */
    public static WorkerSettings of(String stream, String application, String workerId) {
        return new WorkerSettings(
                stream,
                application,
                workerId,
                InitialPosition.TRIM_HORIZON,
                Retrieval.POLLING,
                2_000,
                Duration.ofMillis(500),
                Metrics.SUMMARY,
                Duration.ofMinutes(1),
                100_000,
                Duration.ofSeconds(25),
                false);
    }

    private static void require(boolean holds, String message) {
        if (!holds) {
            throw new IllegalArgumentException(message);
        }
    }
}
