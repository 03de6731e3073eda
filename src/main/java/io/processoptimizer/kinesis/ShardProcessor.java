package io.processoptimizer.kinesis;

import io.processoptimizer.aws.InterruptedOutputException;
import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.CommitCadence;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.Commits.Outcome;
import io.processoptimizer.kinesis.ShardLife.Stopped;
import io.processoptimizer.kinesis.ShardLife.Waiting;
import io.processoptimizer.kinesis.ShardLife.Working;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.processor.ShardRecordProcessor;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

/**
 * One tenure of one shard, as KCL calls it: take over the state, process, commit, hand on. KCL serialises the calls. Nothing is ever
 * thrown out of {@link #processRecords}, since KCL would skip the batch: a processor that cannot go on stops itself and the worker.
 */
final class ShardProcessor implements ShardRecordProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(ShardProcessor.class);

    /** The end of a shard is repeated by KCL until it succeeds, so a try may take its time. */
    private static final long SHARD_END_COMMIT_MILLIS = 60_000;

    private final ShardProcessorContext context;
    private ShardLife life = new Waiting();
    private CompletableFuture<Outcome> commit = CompletableFuture.completedFuture(Outcome.DURABLE);

    ShardProcessor(ShardProcessorContext context) {
        this.context = context;
    }

    /** Takes the shard: lease, claim, state. An exception makes KCL try again. */
    @Override
    public void initialize(InitializationInput input) {
        if (!(life instanceof Waiting waiting)) {
            return;
        }
        String shardId = input.shardId();
        try {
            ShardLease lease = context.leases().lease(shardId);
            if (lease == null || !context.workerId().equals(lease.owner())) {
                become(new Stopped(shardId, "the lease is not ours"));
                return;
            }
            Claim claim = new Claim(context.workerId(), lease.counter());
            ShardState state = context.store().claim(shardId, claim);
            ShardEngine engine = context.engines().open(lease);
            if (state != null) {
                engine.restore(state.data());
            } else if (!lease.parents().isEmpty()) {
                LOG.warn(
                        "{} starts without the windows of its parents {}: windows that were open at the split or merge"
                                + " count only what came after it; those that start later are whole",
                        shardId,
                        lease.parents());
            }
            CommitCadence cadence = context.newCadence();
            become(waiting.begin(shardId, claim, engine, cadence));
        } catch (FencedException e) {
            become(new Stopped(shardId, "another worker holds it"));
            context.fenced().accept(shardId);
        } catch (UnreadableSnapshotException | IllegalArgumentException e) {
            fail(shardId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while taking shard " + shardId, e);
        }
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
        if (!(life instanceof Working working)) {
            return;
        }
        try {
            process(working, input);
        } catch (InterruptedOutputException e) {
            Thread.currentThread().interrupt();
            become(working.stop("interrupted"));
        } catch (RuntimeException | Error e) {
            fail(working.shardId(), e);
        }
    }

    private void process(Working working, ProcessRecordsInput input) {
        Working now = working;
        for (KinesisClientRecord record : input.records()) {
            now = now.delivered(accept(now.engine(), record));
        }
        now.cadence().processed(input.records().size());
        Long behind = input.millisBehindLatest();
        long nowMillis = context.clock().millis();
        if (behind != null && behind == 0) {
            now.engine().advanceTo(nowMillis);
        }
        context.progress().seen(now.shardId(), input.records().size(), behind == null ? 0 : behind, nowMillis);
        life = now;
        settleCommit(now);
        if (life instanceof Working settled
                && commit.isDone()
                && settled.cadence().isDue(nowMillis)) {
            startCommit(settled, input.checkpointer(), false);
        }
    }

    private static RecordPosition accept(ShardEngine engine, KinesisClientRecord record) {
        // KCL's buffers are read-only views, so their bytes have to be copied out.
        ByteBuffer view = record.data();
        byte[] data = new byte[view.remaining()];
        view.get(view.position(), data);
        RecordPosition position = new RecordPosition(record.sequenceNumber(), record.subSequenceNumber());
        engine.accept(
                position,
                record.partitionKey(),
                record.approximateArrivalTimestamp().toEpochMilli(),
                data);
        return position;
    }

    /** Looks at how the last commit ended; called often, costs nothing while it is under way. */
    private void settleCommit(Working working) {
        if (!commit.isDone()) {
            return;
        }
        Outcome outcome = commit.join();
        if (outcome == Outcome.FENCED) {
            become(working.stop("another worker holds it"));
            context.fenced().accept(working.shardId());
        } else if (outcome == Outcome.FAILED) {
            life = working.committed(null);
            commit = CompletableFuture.completedFuture(Outcome.DURABLE);
        }
    }

    private void startCommit(Working working, RecordProcessorCheckpointer checkpointer, boolean sealed) {
        working.cadence().begun(context.clock().millis());
        RecordPosition position = working.engine().position();
        boolean nothingNew = position == null || position.equals(working.committed());
        if (nothingNew && !sealed) {
            return;
        }
        ShardState state = new ShardState(position, working.engine().snapshot());
        Commits.Request request =
                new Commits.Request(working.shardId(), working.claim(), state, working.delivered(), sealed);
        commit = context.commits().start(request, working.engine().acknowledged(), checkpointer);
        life = working.committed(position);
        CompletableFuture<?> unused = commit.whenComplete((outcome, failure) -> {
            if (outcome == Outcome.DURABLE) {
                context.progress().committed(working.shardId(), context.clock().millis());
            }
        });
    }

    /** Another worker has the shard, or will have it: nothing may be written for it any more. */
    @Override
    public void leaseLost(LeaseLostInput input) {
        if (life instanceof Working working) {
            become(working.stop("the lease was lost"));
        }
    }

    /** All records of the shard are processed. Repeated by KCL until the end is checkpointed. */
    @Override
    public void shardEnded(ShardEndedInput input) {
        if (!(life instanceof Working working)) {
            throw new IllegalStateException("shard has ended but its state was not taken over to the end: " + life);
        }
        if (finalCommit(working, input.checkpointer(), true, SHARD_END_COMMIT_MILLIS) != Outcome.DURABLE) {
            throw new IllegalStateException("the last state of shard " + working.shardId() + " is not saved yet");
        }
        try {
            input.checkpointer().checkpoint();
            become(working.stop("the shard has ended"));
        } catch (ShutdownException e) {
            become(working.stop("the lease was lost at the end of the shard"));
        } catch (InvalidStateException e) {
            throw new IllegalStateException("the end of shard " + working.shardId() + " was not checkpointed", e);
        }
    }

    /** The worker stops, or the shard is handed over: a last commit, within the budget. */
    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
        if (!(life instanceof Working working)) {
            return;
        }
        Outcome outcome = finalCommit(working, input.checkpointer(), false, context.lastCommitMillis());
        if (outcome != Outcome.DURABLE) {
            LOG.warn(
                    "Shard {} was left without a last commit; it goes on from the one before, and nothing is lost",
                    working.shardId());
        }
        if (life instanceof Working still) {
            become(still.stop("shut down"));
        }
    }

    private Outcome finalCommit(
            Working working, RecordProcessorCheckpointer checkpointer, boolean sealed, long withinMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
        Outcome before = awaitCommit(working, deadline);
        if (before == Outcome.FENCED || !commit.isDone() || !(life instanceof Working)) {
            return before;
        }
        // A commit that failed left its position marked as committed.
        startCommit(before == Outcome.DURABLE ? working : working.committed(null), checkpointer, sealed);
        return awaitCommit(working, deadline);
    }

    private Outcome awaitCommit(Working working, long deadline) {
        try {
            return commit.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            return Outcome.FAILED;
        } catch (ExecutionException e) {
            fail(working.shardId(), e.getCause() == null ? e : e.getCause());
            return Outcome.FAILED;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Outcome.FAILED;
        }
    }

    private void fail(String shardId, Throwable why) {
        become(new Stopped(shardId, String.valueOf(why.getMessage())));
        context.failed().accept(shardId, why);
    }

    private void become(ShardLife next) {
        LOG.debug("Shard processor {} becomes {}", life, next);
        life = next;
    }

    /** For tests and status. */
    ShardLife life() {
        return life;
    }

    /** The last commit that was started; for tests. */
    @Nullable
    CompletableFuture<Outcome> commit() {
        return commit;
    }
}
