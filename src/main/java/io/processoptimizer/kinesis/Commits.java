package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.event.RecordPosition;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.kinesis.exceptions.InvalidStateException;
import software.amazon.kinesis.exceptions.KinesisClientLibDependencyException;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.exceptions.ThrottlingException;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;

/**
 * Makes states durable, away from the processing threads. The order is fixed: every output that the state has emitted, then the
 * snapshot and its pointer, then KCL's checkpoint, so that whatever dies in between only repeats work. A shard has at most one
 * commit under way, which bounds what waits here to one state a shard.
 */
final class Commits implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Commits.class);

    /** Compressing and writing states; two, so that one slow shard does not hold up all others. */
    private static final int THREADS = 2;

    private static final long CLOSE_WITHIN_SECONDS = 5;

    private final SnapshotStore store;
    private final ExecutorService writers;

    Commits(SnapshotStore store) {
        this(store, Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "commit");
            thread.setDaemon(true);
            return thread;
        }));
    }

    /** @param writers runs the commits; shut down with this */
    Commits(SnapshotStore store, ExecutorService writers) {
        this.store = store;
        this.writers = writers;
    }

    /** How a commit ended. */
    enum Outcome {
        /** The state is durable; KCL's checkpoint may lag behind it. */
        DURABLE,
        /** Nothing changed; the next commit makes good for it. */
        FAILED,
        /** Another holder has the shard. */
        FENCED
    }

    /**
     * What to make durable.
     *
     * @param state the state at the end of a batch, that is, of a whole Kinesis record
     * @param delivered the last record that KCL has delivered to this processor, or null: checkpoints beyond it are refused by KCL
     * @param end null while the shard lives
     * @param parents shards whose last states may be needed no more afterwards
     */
    record Request(
            String shardId,
            Claim claim,
            ShardState state,
            @Nullable RecordPosition delivered,
            @Nullable End end,
            List<String> parents) {}

    /**
     * The shard has ended.
     *
     * @param children the shards that go on from its state; empty where it is gone without any
     */
    record End(Set<String> children) {}

    /**
     * Starts a commit.
     *
     * @param outputs completed when the state's outputs are durable
     * @return how it ended; failed where an output can never be durable
     */
    CompletableFuture<Outcome> start(
            Request request, CompletableFuture<Void> outputs, RecordProcessorCheckpointer checkpointer) {
        return outputs.thenApplyAsync(done -> commit(request, checkpointer), writers);
    }

    private Outcome commit(Request request, RecordProcessorCheckpointer checkpointer) {
        try {
            End end = request.end();
            store.commit(request.shardId(), request.claim(), request.state(), end == null ? Set.of() : end.children());
        } catch (FencedException e) {
            LOG.info("{}", e.getMessage());
            return Outcome.FENCED;
        } catch (SnapshotStoreException e) {
            LOG.warn(
                    "The state of shard {} was not saved and is tried again with the next commit: {}",
                    request.shardId(),
                    e.getMessage());
            return Outcome.FAILED;
        }
        retire(request.parents());
        RecordPosition position = request.state().position();
        if (position != null
                && request.delivered() != null
                && position.compareTo(request.delivered()) <= 0
                && request.end() == null) {
            return checkpoint(request.shardId(), position, checkpointer);
        }
        return Outcome.DURABLE;
    }

    private void retire(List<String> parents) {
        for (String parent : parents) {
            try {
                store.retire(parent);
            } catch (SnapshotStoreException e) {
                // It costs a little storage until the next tenure of one of its children comes by.
                LOG.info("{}", e.getMessage());
            }
        }
    }

    private static Outcome checkpoint(
            String shardId, RecordPosition position, RecordProcessorCheckpointer checkpointer) {
        try {
            checkpointer.checkpoint(position.sequenceNumber(), position.subSequenceNumber());
            return Outcome.DURABLE;
        } catch (ShutdownException e) {
            LOG.info("Shard {} was taken over by another worker", shardId);
            return Outcome.FENCED;
        } catch (ThrottlingException | KinesisClientLibDependencyException | InvalidStateException e) {
            // The pointer is the authority; KCL's checkpoint is only a lower bound and moves with the next commit.
            LOG.info("Checkpoint of shard {} lags behind its state: {}", shardId, e.getMessage());
            return Outcome.DURABLE;
        }
    }

    /** Lets what is under way end. */
    @Override
    public void close() {
        writers.shutdown();
        try {
            if (!writers.awaitTermination(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                writers.shutdownNow();
            }
        } catch (InterruptedException e) {
            writers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
