package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.TelemetryEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a tenure of a shard begins: the lease must be ours, the pointer is claimed under the lease's counter, and the state comes from the
 * first of these that there is: the shard's own snapshot; the sealed snapshots of its parents, of each what belongs to the shard; its
 * newest readable savepoint, to which lease and pointer are then rewound. Where there was a state and none of these can be read, the
 * shard starts empty and says so in every result that may lack facts.
 */
final class ShardTakeover {
    private static final Logger LOG = LoggerFactory.getLogger(ShardTakeover.class);

    /** Tries at one record, each from the last state, before it becomes a dead letter. */
    static final int MAX_TRIES = 3;

    /** Reshards in a row of which none was read yet; a stream is not resharded more often within its retention. */
    private static final int MAX_GENERATIONS = 20;

    private final ShardProcessorContext context;
    private final SnapshotStore store;

    ShardTakeover(ShardProcessorContext context) {
        this.context = context;
        this.store = context.store();
    }

    /** A parent's state is not there yet: it is still being written, or never will be. */
    static final class NotSealedYetException extends Exception {
        private static final long serialVersionUID = 1L;

        NotSealedYetException(String message) {
            super(message);
        }
    }

    /**
     * Takes the shard.
     *
     * @return how its life begins: working, or stopped where it is not ours, is to be taken later, or begins anew at a savepoint
     * @throws FencedException where the state is held by a later tenure
     * @throws NotSealedYetException where a parent's last state is missing; repeat
     */
    ShardLife take(String shardId) throws FencedException, NotSealedYetException, InterruptedException {
        ShardLease lease = context.leases().lease(shardId);
        if (lease == null || !context.workerId().equals(lease.owner())) {
            return new ShardLife.Stopped(shardId, "the lease is not ours");
        }
        Claim claim = new Claim(context.workerId(), lease.counter());
        ShardPointer pointer = store.claim(shardId, claim);
        Snapshot snapshot = pointer.snapshot();
        ShardEngine engine = context.engines().open(lease);
        if (snapshot != null) {
            try {
                engine.restore(store.load(shardId, snapshot));
            } catch (UnreadableSnapshotException e) {
                LOG.error("{}", e.getMessage());
                if (rewindToSavepoint(shardId, claim)) {
                    return new ShardLife.Stopped(shardId, "it begins anew at a savepoint");
                }
                engine = context.engines().open(lease);
                startWithout(shardId, engine);
            }
            warnOfTrimmedRecords(shardId, engine);
        } else if (isUnderWay(lease)) {
            startWithout(shardId, engine);
        } else {
            String early = adoptParents(lease, engine);
            if (early != null) {
                context.tryAgain().accept(shardId);
                return new ShardLife.Stopped(shardId, early);
            }
        }
        ShardPointer.Failure failure = pointer.failure();
        if (failure != null && failure.times() >= MAX_TRIES) {
            engine.refuse(failure.position());
        }
        return new ShardLife.Working(
                shardId, claim, engine, context.newCadence(), engine.position(), null, lease.parents());
    }

    /** Whether KCL has a position in the shard: then there was a state once. */
    private static boolean isUnderWay(ShardLease lease) {
        return !lease.checkpoint().isEmpty()
                && Character.isDigit(lease.checkpoint().charAt(0));
    }

    private static void startWithout(String shardId, ShardEngine engine) {
        LOG.error(
                "The state of {} is lost and no savepoint of it can be read: it starts empty, and windows that may lack facts are"
                        + " marked incomplete (state_lost); 'replay' over a recording of the time before gives them whole",
                shardId);
        engine.stateLost();
    }

    private void warnOfTrimmedRecords(String shardId, ShardEngine engine) {
        long readUpTo = engine.readUpToMillis();
        long retention = context.retentionMillis().getAsLong();
        if (readUpTo != TelemetryEvent.ABSENT && context.clock().millis() - readUpTo > retention) {
            LOG.error(
                    "{} was last read {} h ago and its stream keeps records for {} h: some may be gone unread, and windows that"
                            + " may lack facts are marked incomplete (state_lost)",
                    shardId,
                    (context.clock().millis() - readUpTo) / 3_600_000,
                    retention / 3_600_000);
            engine.recordsLost();
        }
    }

    // ---- savepoints

    private boolean rewindToSavepoint(String shardId, Claim claim) throws FencedException, InterruptedException {
        Snapshot savepoint = newestReadable(shardId);
        if (savepoint == null) {
            return false;
        }
        LOG.error("{} goes back to its savepoint of {}", shardId, Instant.ofEpochMilli(savepoint.writtenMillis()));
        store.rewind(shardId, claim, savepoint);
        boolean ours = context.leases().rewind(shardId, context.workerId(), savepoint.position());
        LOG.debug("The lease of {} was {} set back", shardId, ours ? "" : "not");
        return true;
    }

    private @Nullable Snapshot newestReadable(String shardId) {
        for (Snapshot savepoint : store.savepoints(shardId)) {
            try {
                byte[] unused = store.load(shardId, savepoint);
                return savepoint;
            } catch (UnreadableSnapshotException e) {
                LOG.error("{}", e.getMessage());
            }
        }
        return null;
    }

    // ---- reshard

    /**
     * Takes over the parents' states.
     *
     * @return why that cannot be done yet, or null. KCL lets a child begin although a parent has no lease, and a parent of a merge may
     *     have none yet because its own parents are still being processed.
     */
    private @Nullable String adoptParents(ShardLease lease, ShardEngine engine)
            throws NotSealedYetException, InterruptedException {
        List<byte[]> states = new ArrayList<>();
        boolean lost = false;
        for (String parent : lease.parents()) {
            ShardPointer pointer = store.pointer(parent);
            ShardLease parentLease = context.leases().lease(parent);
            if (pointer == null && parentLease == null && !descendsFromOurs(parent, MAX_GENERATIONS)) {
                continue; // an old reshard: the parent was never ours
            }
            if (parentLease == null ? pointer == null : !parentLease.hasEnded()) {
                return "its parent " + parent + " is not processed to its end yet";
            }
            if (pointer == null || !pointer.isSealed()) {
                throw new NotSealedYetException("the last state of its parent " + parent + " is not in the state table"
                        + "; restore that table to a time after the reshard, then start again");
            }
            Snapshot snapshot = pointer.snapshot();
            try {
                if (snapshot == null) {
                    throw new UnreadableSnapshotException("the last state of " + parent + " was retired");
                }
                states.add(store.load(parent, snapshot));
            } catch (UnreadableSnapshotException e) {
                LOG.error("{}", e.getMessage());
                lost = true;
            }
        }
        for (byte[] state : states) {
            engine.adopt(state);
        }
        if (lost) {
            startWithout(lease.shardId(), engine);
        }
        return null;
    }

    private boolean descendsFromOurs(String shardId, int generations) throws InterruptedException {
        for (String parent :
                generations == 0 ? List.<String>of() : context.lineage().parentsOf(shardId)) {
            if (store.pointer(parent) != null
                    || context.leases().lease(parent) != null
                    || descendsFromOurs(parent, generations - 1)) {
                return true;
            }
        }
        return false;
    }
}
