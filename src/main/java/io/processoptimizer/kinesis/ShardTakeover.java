package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardPointer.Failure;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
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

        NotSealedYetException(String shardId, String parent) {
            super("the last state of " + parent + ", the parent of " + shardId
                    + ", is not in the store although KCL has ended or lost the lease of " + parent
                    + "; bring its item 'pointer' or its lease back from a backup of the table, or wait: once the stream has deleted "
                    + parent + ", " + shardId + " goes on without and marks its windows incomplete");
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
        if (isForAnotherConfiguration(shardId, pointer)) {
            context.tryAgain().accept(shardId);
            return new ShardLife.Stopped(shardId, "it waits for a worker with another configuration");
        }
        context.progress().taken(shardId);
        ShardEngine engine = withItsState(lease, pointer);
        if (engine == null) {
            return new ShardLife.Stopped(shardId, "it is taken anew");
        }
        if (pointer.reprocessing() != null) {
            engine.reprocess(pointer.reprocessing());
        }
        TrimmedRecords.check(shardId, engine, context);
        for (Failure failure : pointer.failures()) {
            if (failure.times() >= MAX_TRIES) {
                engine.refuse(failure.position());
            }
        }
        return new ShardLife.Working(
                shardId, claim, engine, context.newCadence(), engine.position(), null, lease.parents());
    }

    /** Null where the shard comes anew. */
    private @Nullable ShardEngine withItsState(ShardLease lease, ShardPointer pointer)
            throws FencedException, NotSealedYetException, InterruptedException {
        if (pointer.withoutState() || pointer.isReset()) {
            return fromTheBeginning(lease, pointer);
        }
        boolean hadState = pointer.snapshot() != null || lease.isUnderWay();
        return hadState ? withOwnState(lease, pointer) : withStatesOfParents(lease);
    }

    // ---- rewound by an operator

    /**
     * The operator moved the pointer first and the lease then: where that is still to come, or never will, KCL is set back here.
     *
     * @return null where it was
     */
    private @Nullable ShardEngine fromTheBeginning(ShardLease lease, ShardPointer pointer)
            throws NotSealedYetException, InterruptedException {
        if (!lease.checkpoint().equals("TRIM_HORIZON")) {
            LOG.warn(
                    "{} was rewound to its beginning and KCL stands at {}; it is set back",
                    lease.shardId(),
                    lease.checkpoint());
            setBack(lease.shardId(), null);
            return null;
        }
        if (!pointer.withoutState()) {
            return withStatesOfParents(lease);
        }
        ShardEngine engine = context.engines().open(lease);
        LOG.warn(
                "{} was rewound to the oldest record of the stream, for which there is no state: windows that may lack facts are"
                        + " marked incomplete (state_lost), and replace no whole ones",
                lease.shardId());
        engine.stateLost();
        return engine;
    }

    /** Whether what is processed again is to be processed by a worker that is configured otherwise. */
    private boolean isForAnotherConfiguration(String shardId, ShardPointer pointer) {
        Reprocessing asked = pointer.reprocessing();
        Snapshot snapshot = pointer.snapshot();
        if (asked == null
                || asked.configuration() == null
                || store.computesAs(asked.configuration())
                || !asked.isUnderWay(snapshot == null ? null : snapshot.position())) {
            return false;
        }
        if (context.progress()
                .leftToOthers(shardId, asked.configuration(), context.clock().millis())) {
            LOG.error(
                    "{} waits: it was rewound to be processed again with the configuration {}, and this worker has {}; deploy the"
                            + " settings and process definitions that were named to 'recover rewind --new-config'",
                    shardId,
                    asked.configuration(),
                    store.configuration());
        }
        return true;
    }

    /** Whether an operator has rewound it, so that it will be processed to its end again as long as the stream has it. */
    private boolean isProcessedAgain(String shardId, @Nullable ShardPointer pointer) throws InterruptedException {
        return pointer != null
                && !pointer.isSealed()
                && pointer.reprocessing() != null
                && context.lineage().parentsOf(shardId) != null;
    }

    // ---- the shard's own state

    /** Null where the lease was set back to the state, and the shard comes anew from there. */
    private @Nullable ShardEngine withOwnState(ShardLease lease, ShardPointer pointer)
            throws FencedException, InterruptedException {
        String shardId = lease.shardId();
        ShardEngine engine = restored(lease, pointer.snapshot());
        if (engine == null) {
            if (goBackToSavepoint(lease, pointer.holder())) {
                return null;
            }
            engine = context.engines().open(lease);
            LOG.error(
                    "The state of {} is lost and no savepoint of it can be read: it starts empty, and windows that may lack"
                            + " facts are marked incomplete (state_lost); 'replay' over a recording of the time before gives"
                            + " them whole",
                    shardId);
            engine.stateLost();
            return engine;
        }
        RecordPosition position = engine.position();
        // A state of before the first record is left behind too, but a shard that is to begin at the tip has none
        // other.
        if (position == null ? lease.isUnderWay() : lease.isBeyond(position)) {
            // Records between the two would never be read: as where KCL is to begin at the tip, and its first
            // checkpoint failed.
            LOG.warn("KCL stands at {} in {}, beyond its state; it is set back", lease.checkpoint(), shardId);
            setBack(shardId, position);
            return null;
        }
        return engine;
    }

    /** Null where the state cannot be read; a half-read engine is not used again. */
    private @Nullable ShardEngine restored(ShardLease lease, @Nullable Snapshot snapshot) {
        if (snapshot == null) {
            return null;
        }
        ShardEngine engine = context.engines().open(lease);
        try {
            engine.restore(store.load(lease.shardId(), snapshot));
            return engine;
        } catch (UnreadableSnapshotException e) {
            LOG.error("The state {} of {} cannot be read: {}", snapshot.id(), lease.shardId(), e.getMessage());
            return null;
        }
    }

    /**
     * KCL is set back before the pointer is: a death in between leaves the pointer at the state that cannot be read, so the next tenure
     * comes here again. The other way round KCL would go on behind records that the savepoint lacks.
     *
     * @return whether there is a savepoint that can be read
     * @throws FencedException where the state is gone because a later tenure has replaced it
     */
    private boolean goBackToSavepoint(ShardLease lease, Claim claim) throws FencedException, InterruptedException {
        String shardId = lease.shardId();
        ShardPointer now = store.pointer(shardId);
        if (now == null || !now.holder().equals(claim)) {
            throw new FencedException(shardId, claim);
        }
        for (Snapshot savepoint : store.savepoints(shardId)) {
            if (!isUndone(savepoint, now) && restored(lease, savepoint) != null) {
                LOG.error(
                        "{} goes back to its savepoint of {}",
                        shardId,
                        Instant.ofEpochMilli(savepoint.writtenMillis()));
                if (setBack(shardId, savepoint.position())) {
                    store.rewind(shardId, claim, savepoint);
                }
                return true;
            }
        }
        return false;
    }

    /** Whether a savepoint is of the time that an operator has rewound: the shard has not come so far again. */
    private static boolean isUndone(Snapshot savepoint, ShardPointer now) {
        Snapshot present = now.snapshot();
        RecordPosition reached = present == null ? null : present.position();
        RecordPosition position = savepoint.position();
        return now.reprocessing() != null && position != null && (reached == null || position.compareTo(reached) > 0);
    }

    /** Whether the lease was still ours; it is nobody's then, and KCL hands it out anew. */
    private boolean setBack(String shardId, @Nullable RecordPosition position) throws InterruptedException {
        boolean ours = context.leases().rewind(shardId, context.workerId(), position);
        LOG.debug("The lease of {} was {}set back", shardId, ours ? "" : "not ours and not ");
        return ours;
    }

    // ---- reshard

    /**
     * Takes over the parents' states, of each what belongs to the shard.
     *
     * @return null where that cannot be done yet and the shard was given back: KCL lets a child begin although a parent has no lease, and
     *     a parent of a merge may have none yet because its own parents are still being processed
     */
    private @Nullable ShardEngine withStatesOfParents(ShardLease lease)
            throws NotSealedYetException, InterruptedException {
        List<byte[]> states = new ArrayList<>();
        boolean stateLost = false;
        boolean recordsLost = false;
        for (String parent : lease.parents()) {
            ShardPointer pointer = store.pointer(parent);
            ShardLease parentLease = context.leases().lease(parent);
            if (pointer == null && parentLease == null && !descendsFromOurs(parent, MAX_GENERATIONS)) {
                continue; // an old reshard: the parent was never ours
            }
            boolean isOpen = parentLease == null ? pointer == null : !parentLease.hasEnded();
            if (isOpen || isProcessedAgain(parent, pointer)) {
                LOG.warn(
                        "{} waits: its parent {} is not processed to its end yet{}",
                        lease.shardId(),
                        parent,
                        isOpen
                                ? ""
                                : "; if that does not begin within a minute, 'recover rewind --resume' moves its lease");
                context.tryAgain().accept(lease.shardId());
                return null;
            }
            if (pointer == null || !pointer.isSealed()) {
                if (context.lineage().parentsOf(parent) != null) {
                    throw new NotSealedYetException(lease.shardId(), parent);
                }
                LOG.error(
                        "The stream has deleted {}, the parent of {}, before it was read to its end: windows that may lack facts"
                                + " are marked incomplete (state_lost)",
                        parent,
                        lease.shardId());
                recordsLost = true;
            }
            byte[] state = stateOf(parent, pointer == null ? null : pointer.snapshot());
            if (state == null) {
                stateLost = true;
            } else {
                states.add(state);
            }
        }
        ShardEngine engine = adopting(lease, states);
        if (recordsLost) {
            engine.recordsLost();
        }
        if (stateLost) {
            sayStateOfParentLost(lease, engine);
        }
        return engine;
    }

    private byte @Nullable [] stateOf(String parent, @Nullable Snapshot snapshot) {
        if (snapshot == null) {
            LOG.error("The last state of {} is not in the store", parent);
            return null;
        }
        try {
            return store.load(parent, snapshot);
        } catch (UnreadableSnapshotException e) {
            LOG.error("{}", e.getMessage());
            return null;
        }
    }

    private ShardEngine adopting(ShardLease lease, List<byte[]> states) {
        ShardEngine engine = context.engines().open(lease);
        for (byte[] state : states) {
            try {
                engine.adopt(state);
            } catch (UnreadableSnapshotException e) {
                LOG.error("{}", e.getMessage());
                // A part of it may have been taken over: the others anew.
                ShardEngine others = adopting(
                        lease, states.stream().filter(other -> other != state).toList());
                sayStateOfParentLost(lease, others);
                return others;
            }
        }
        return engine;
    }

    private static void sayStateOfParentLost(ShardLease lease, ShardEngine engine) {
        LOG.error(
                "{} goes on without the state of a parent: windows that may lack facts are marked incomplete (state_lost);"
                        + " 'replay' over a recording of the time before gives them whole",
                lease.shardId());
        engine.stateLost();
    }

    private boolean descendsFromOurs(String shardId, int generations) throws InterruptedException {
        List<String> parents = generations == 0 ? null : context.lineage().parentsOf(shardId);
        for (String parent : parents == null ? List.<String>of() : parents) {
            if (store.pointer(parent) != null
                    || context.leases().lease(parent) != null
                    || descendsFromOurs(parent, generations - 1)) {
                return true;
            }
        }
        return false;
    }
}
