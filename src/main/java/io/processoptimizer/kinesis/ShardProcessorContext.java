package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.CommitCadence;
import io.processoptimizer.checkpoint.SnapshotStore;
import java.time.Clock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * What every processor of a worker shares.
 *
 * @param settings the worker's
 * @param leases tells who holds a shard
 * @param lineage tells the parents of shards without leases
 * @param engines opens the pipeline of a shard
 * @param store keeps the states
 * @param commits makes states durable
 * @param progress what the worker knows of its shards, for status
 * @param clock wall clock
 * @param retentionMillis how long the stream keeps records
 * @param sealedWithinMillis how long a child waits for the last states of its parents, then the worker stops
 * @param fenced told the shard and the claim that turned out to be over when it wanted to commit
 * @param heldByLater told the shard whose state is held by a later tenure than the lease that was just given to us
 * @param tryAgain told the shard that is to be taken anew
 * @param failed told the shard and why where the worker cannot go on
 */
record ShardProcessorContext(
        WorkerSettings settings,
        Leases leases,
        Lineage lineage,
        ShardEngines engines,
        SnapshotStore store,
        Commits commits,
        ShardProgress progress,
        Clock clock,
        LongSupplier retentionMillis,
        long sealedWithinMillis,
        BiConsumer<String, Claim> fenced,
        Consumer<String> heldByLater,
        Consumer<String> tryAgain,
        BiConsumer<String, Throwable> failed) {

    String workerId() {
        return settings.workerId();
    }

    CommitCadence newCadence() {
        return new CommitCadence(
                settings.settings().state().commitInterval().toMillis(),
                settings.settings().state().commitRecords(),
                clock.millis());
    }

    /** Most of the shutdown's budget; the rest is for KCL's own end and for the leases. */
    long lastCommitMillis() {
        return settings.shutdownBudget().toMillis() * 6 / 10;
    }
}
