package io.processoptimizer.kinesis;

import io.processoptimizer.aws.InterruptedOutputException;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.NewerSnapshotException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.Commits.End;
import io.processoptimizer.kinesis.Commits.Outcome;
import io.processoptimizer.kinesis.ShardLife.Stopped;
import io.processoptimizer.kinesis.ShardLife.Waiting;
import io.processoptimizer.kinesis.ShardLife.Working;
import io.processoptimizer.kinesis.ShardTakeover.NotSealedYetException;
import java.nio.ByteBuffer;
import java.util.Set;
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

    private static final long SEALED_POLL_MILLIS = 500;

    /** A quiet shard says so often that it has been read, so that a stop longer than the stream's retention is noticed. */
    private static final long QUIET_COMMIT_MILLIS = 3_600_000;

    /** KCL tries to take a shard twice a second while its worker has the lease. */
    private static final long SAY_EVERY_TRIES = 20;

    /** A store that does not answer this long, over that many tries, will not by itself: the worker says so and stops. */
    private static final long TAKE_WITHIN_MILLIS = 600_000;

    private static final int TAKE_TRIES = 100;

    private final ShardProcessorContext context;

    /** Tries at taking the shard that failed, and when the first did, epoch milliseconds. */
    private int failedTries;

    private long firstFailedMillis;

    /** When the last commit was started, epoch milliseconds. */
    private long lastCommitMillis;

    /** Whether the last commit that was started retires parents. */
    private boolean commitRetires;

    private ShardLife life = new Waiting();
    private CompletableFuture<Outcome> commit = CompletableFuture.completedFuture(Outcome.DURABLE);

    ShardProcessor(ShardProcessorContext context) {
        this.context = context;
    }

    /** Takes the shard. An exception makes KCL try again. */
    @Override
    public void initialize(InitializationInput input) {
        if (!(life instanceof Waiting)) {
            return;
        }
        String shardId = input.shardId();
        begun(shardId);
        try {
            ShardLife begun = takeOver(shardId);
            // A shard without a position of its own gets a snapshot of its own soon, so that its parents' can go.
            lastCommitMillis = begun instanceof Working working && working.committed() != null
                    ? context.clock().millis()
                    : 0;
            become(begun);
        } catch (FencedException e) {
            become(new Stopped(shardId, "another worker holds it"));
            context.heldByLater().accept(shardId);
        } catch (NotSealedYetException | NewerSnapshotException e) {
            fail(shardId, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while taking shard " + shardId, e);
        } catch (RuntimeException e) {
            noteFailedTry(shardId, e);
            throw e;
        } finally {
            returned(shardId);
        }
    }

    private void noteFailedTry(String shardId, RuntimeException why) {
        long now = context.clock().millis();
        if (failedTries == 0) {
            firstFailedMillis = now;
        }
        if (failedTries % SAY_EVERY_TRIES == 0) {
            LOG.warn("Shard {} cannot be taken yet and is tried again: {}", shardId, why.getMessage());
        }
        failedTries++;
        if (failedTries >= TAKE_TRIES && now - firstFailedMillis >= TAKE_WITHIN_MILLIS) {
            fail(shardId, why);
        }
    }

    private ShardLife takeOver(String shardId) throws FencedException, NotSealedYetException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(context.sealedWithinMillis());
        while (true) {
            try {
                return new ShardTakeover(context).take(shardId);
            } catch (NotSealedYetException e) {
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(SEALED_POLL_MILLIS);
            }
        }
    }

    @Override
    public void processRecords(ProcessRecordsInput input) {
        if (!(life instanceof Working working)) {
            if (life instanceof Stopped stopped) {
                begun(stopped.shardId());
            }
            return;
        }
        begun(working.shardId());
        try {
            process(working, input);
        } catch (InterruptedOutputException e) {
            Thread.currentThread().interrupt();
            become(working.stop("interrupted"));
        } catch (RuntimeException | Error e) {
            fail(working.shardId(), e);
        } finally {
            returned(working.shardId());
        }
    }

    private void begun(String shardId) {
        context.progress().begun(shardId, this, context.clock().millis());
    }

    private void returned(String shardId) {
        context.progress().returned(shardId, this, context.clock().millis());
    }

    private void process(Working working, ProcessRecordsInput input) {
        Working now = working;
        if (!input.records().isEmpty()) {
            TrimmedRecords.check(now.shardId(), now.engine(), context);
        }
        for (KinesisClientRecord record : input.records()) {
            RecordPosition position = new RecordPosition(record.sequenceNumber(), record.subSequenceNumber());
            try {
                accept(now.engine(), position, record);
            } catch (InterruptedOutputException e) {
                throw e;
            } catch (RuntimeException e) {
                tryAgain(now, position, e);
                return;
            }
            now = now.delivered(position);
        }
        if (now.delivered() != null && working.delivered() == null) {
            LOG.info("Processed the first record of {} in this tenure", now.shardId());
        }
        now.cadence().processed(input.records().size());
        Long behind = input.millisBehindLatest();
        long nowMillis = context.clock().millis();
        if (behind != null && behind == 0) {
            now.engine().advanceTo(nowMillis);
        }
        context.progress().seen(now.shardId(), this, input.records().size(), behind == null ? 0 : behind);
        life = now;
        settleCommit(now);
        if (life instanceof Working settled
                && commit.isDone()
                && settled.cadence().isDue(nowMillis)) {
            startCommit(settled, input.checkpointer(), null);
        }
    }

    private static void accept(ShardEngine engine, RecordPosition position, KinesisClientRecord record) {
        // KCL's buffers are read-only views, so their bytes have to be copied out.
        ByteBuffer view = record.data();
        byte[] data = new byte[view.remaining()];
        view.get(view.position(), data);
        engine.accept(
                position,
                record.partitionKey(),
                record.approximateArrivalTimestamp().toEpochMilli(),
                data);
    }

    /**
     * Processing a record ended in an error, which may have left the engine's state half changed: the shard is taken anew from its last
     * state, here or elsewhere. After some tries the record becomes a dead letter.
     */
    private void tryAgain(Working working, RecordPosition position, RuntimeException why) {
        try {
            int times = context.store().failed(working.shardId(), working.claim(), position);
            LOG.error(
                    "Record {}/{} of {} could not be processed ({} of {} tries, then it becomes a dead letter)",
                    position.sequenceNumber(),
                    position.subSequenceNumber(),
                    working.shardId(),
                    times,
                    ShardTakeover.MAX_TRIES,
                    why);
            become(working.stop("a record could not be processed"));
            context.tryAgain().accept(working.shardId());
        } catch (FencedException e) {
            stopFenced(working);
        } catch (SnapshotStoreException e) {
            why.addSuppressed(e);
            fail(working.shardId(), why);
        }
    }

    /** Looks at how the last commit ended; called often, costs nothing while it is under way. */
    private void settleCommit(Working working) {
        if (!commit.isDone()) {
            return;
        }
        Outcome outcome = commit.join();
        if (outcome == Outcome.DURABLE && commitRetires) {
            life = working.withoutParents();
            commitRetires = false;
        } else if (outcome == Outcome.FENCED) {
            stopFenced(working);
        } else if (outcome == Outcome.FAILED) {
            life = working.committed(null);
            lastCommitMillis = 0;
            commit = CompletableFuture.completedFuture(Outcome.DURABLE);
        }
    }

    private void stopFenced(Working working) {
        become(working.stop("another worker holds it"));
        context.fenced().accept(working.shardId(), working.claim());
    }

    private void startCommit(Working working, RecordProcessorCheckpointer checkpointer, @Nullable End end) {
        long now = context.clock().millis();
        working.cadence().begun(now);
        RecordPosition position = working.engine().position();
        boolean nothingNew = position == null || position.equals(working.committed());
        if (nothingNew && end == null && now - lastCommitMillis < QUIET_COMMIT_MILLIS) {
            return;
        }
        lastCommitMillis = now;
        commitRetires = !working.parents().isEmpty();
        ShardState state = new ShardState(position, working.engine().snapshot());
        Commits.Request request = new Commits.Request(
                working.shardId(), working.claim(), state, working.delivered(), end, working.parents());
        commit = context.commits().start(request, working.engine().acknowledged(), checkpointer);
        life = working.committed(position);
        CompletableFuture<?> unused = commit.whenComplete((outcome, failure) -> {
            if (outcome == Outcome.DURABLE) {
                context.progress()
                        .committed(working.shardId(), this, context.clock().millis());
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
        begun(working.shardId());
        try {
            end(working, input);
        } finally {
            returned(working.shardId());
        }
    }

    private void end(Working working, ShardEndedInput input) {
        Outcome outcome = finalCommit(
                working, input.checkpointer(), new End(children(working.shardId())), SHARD_END_COMMIT_MILLIS);
        if (outcome == Outcome.FENCED) {
            stopFenced(working);
        }
        if (outcome != Outcome.DURABLE) {
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

    /** KCL writes them into the lease before it tells of the shard's end. */
    private Set<String> children(String shardId) {
        try {
            ShardLease lease = context.leases().lease(shardId);
            return lease == null ? Set.of() : Set.copyOf(lease.children());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted at the end of shard " + shardId, e);
        }
    }

    /** The worker stops, or the shard is handed over: a last commit, within the budget. */
    @Override
    public void shutdownRequested(ShutdownRequestedInput input) {
        if (!(life instanceof Working working)) {
            return;
        }
        Outcome outcome = finalCommit(working, input.checkpointer(), null, context.lastCommitMillis());
        if (outcome == Outcome.FAILED) {
            context.progress().leftUnsaved();
        }
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
            Working working, RecordProcessorCheckpointer checkpointer, @Nullable End end, long withinMillis) {
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(withinMillis);
        Outcome before = awaitCommit(working, deadline);
        if (before == Outcome.FENCED || !commit.isDone() || !(life instanceof Working)) {
            return before;
        }
        // A commit that failed left its position marked as committed.
        startCommit(before == Outcome.DURABLE ? working : working.committed(null), checkpointer, end);
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
        if (next instanceof Stopped stopped) {
            context.progress().left(stopped.shardId(), this, context.clock().millis());
        }
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
