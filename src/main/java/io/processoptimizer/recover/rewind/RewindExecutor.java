package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeasePlaces;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.recover.rewind.RewindOperation.Phase;
import io.processoptimizer.recover.rewind.RewindOperation.Progress;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Moves pointers and leases, one conditional write after the other, and writes down what is done: whoever calls {@link #move} again goes
 * on where the last one ended, however it ended.
 *
 * <p>Pointers first, parents before their children; then leases, children before their parents. A pointer that is moved fences the tenure
 * that holds it, and a worker that takes it before its lease is moved sets KCL back itself. The lease of a parent that had ended comes
 * last of its lineage, so it is not read again before all that is to take over from it waits for it: else it could end anew, and its
 * state be deleted, while a child still had its own.
 *
 * <p>Before anything moves every target is kept: it may be a present state, which is gone with the next commit. And workers go on while
 * the pointers move: a shard that comes into the way of the rewind meanwhile joins it ({@link Latecomers}).
 */
public final class RewindExecutor {
    /** A lease is renewed every few seconds and a pointer moves with each commit; an update takes milliseconds. */
    private static final int MAX_TRIES = 50;

    /** Behind every record of a shard; numbers have some 56 digits. */
    private static final RecordPosition BEHIND_ALL = new RecordPosition("9".repeat(128), Long.MAX_VALUE);

    /** Labels the states that a rewind leaves behind. */
    static final String BEFORE = "before rewind ";

    private final RecoveryStore store;
    private final Consumer<RewindOperation> log;
    private final LeaseMoves leases;
    private final Map<String, ShardFacts> shards;
    private final Latecomers latecomers;
    private final Runnable beforeEachWrite;

    /**
     * @param log stores how far an operation is
     * @param shards by id, for leases that have to be made again
     */
    public RewindExecutor(
            RecoveryStore store,
            Consumer<RewindOperation> log,
            LeaseMoves leases,
            Map<String, ShardFacts> shards,
            Runnable beforeEachWrite) {
        this.store = store;
        this.log = log;
        this.leases = leases;
        this.shards = Map.copyOf(shards);
        this.latecomers = new Latecomers(store, leases, this.shards);
        this.beforeEachWrite = beforeEachWrite;
    }

    /**
     * Does what is left of the moves.
     *
     * @return the operation with all its steps moved
     * @throws IllegalStateException where a shard changes faster than it can be moved; call again
     */
    public RewindOperation move(RewindOperation operation) throws InterruptedException {
        RewindOperation now = operation;
        for (Step step : operation.steps()) {
            if (step.progress().compareTo(Progress.POINTED) < 0) {
                keepPlannedTarget(now, step);
            }
        }
        now = pointAll(now);
        for (List<Step> again = latecomers.endedAgain(now); !again.isEmpty(); again = latecomers.endedAgain(now)) {
            now = pointAll(joined(now, again));
        }
        List<Step> childrenFirst = new ArrayList<>(now.steps());
        Collections.reverse(childrenFirst);
        for (Step step : childrenFirst) {
            if (step.progress() != Progress.MOVED) {
                placeLease(now, step);
                now = saved(now.with(step.at(Progress.MOVED)));
            }
        }
        return saved(now.in(Phase.REPROCESSING));
    }

    private RewindOperation pointAll(RewindOperation operation) throws InterruptedException {
        RewindOperation now = operation;
        for (Step next = toPoint(now); next != null; next = toPoint(now)) {
            now = point(now, next);
        }
        return now;
    }

    private static @Nullable Step toPoint(RewindOperation operation) {
        for (Step step : operation.steps()) {
            if (step.progress().compareTo(Progress.POINTED) < 0) {
                return step;
            }
        }
        return null;
    }

    private RewindOperation saved(RewindOperation operation) {
        beforeEachWrite.run();
        log.accept(operation);
        return operation;
    }

    // ---- the pointer

    /** Moves the pointer of one shard, or lets others join that have to be moved too. */
    private RewindOperation point(RewindOperation operation, Step planned) throws InterruptedException {
        RewindOperation now = operation;
        Step step = planned;
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            ShardPointer pointer = store.pointer(step.shardId());
            boolean isMoved = generation(pointer) == operation.generation();
            // Where nothing of the move is written down it has to be moved once more.
            boolean onceMore = isMoved && planned.progress() == Progress.PLANNED;
            RecordPosition processed = pointer == null ? processedUpTo(step.shardId()) : null;
            if ((pointer == null && processed == null) || (isMoved && !onceMore)) {
                // It was never taken, or was moved by a command that died before it could write that down.
                return saved(now.with(step.at(Progress.POINTED)));
            }
            List<Step> late = pointer == null ? List.of() : latecomers.of(now, step, pointer);
            if (!late.isEmpty()) {
                return joined(now, late);
            }
            try {
                if (pointer == null) {
                    step = step.kept(null, Set.of(), processed);
                    now = saved(now.with(step));
                } else if (!onceMore) {
                    keepBefore(operation, step, pointer);
                    step = step.kept(pointer.snapshot(), pointer.children(), stoodAt(step, pointer));
                    now = saved(now.with(step));
                }
                beforeEachWrite.run();
                store.move(
                        step.shardId(),
                        pointer,
                        new Claim(operation.holder(), nextEpoch(step.shardId(), pointer)),
                        step.target(),
                        !step.whole(),
                        new Reprocessing(
                                operation.generation(),
                                operation.processes(),
                                step.until(),
                                operation.publish(),
                                operation.configuration()));
                return saved(now.with(step.at(Progress.POINTED)));
            } catch (PointerMovedException e) {
                // Its worker has committed meanwhile: what was kept is not the state before any more.
                release(operation, step);
            }
        }
        throw busy(step.shardId());
    }

    /** Where KCL stands in a shard whose pointer is lost, or null where it has not begun or is done. */
    private @Nullable RecordPosition processedUpTo(String shardId) throws InterruptedException {
        ShardLease lease = leases.lease(shardId);
        return lease == null || !lease.isUnderWay() ? null : new RecordPosition(lease.checkpoint(), 0);
    }

    private void release(RewindOperation operation, Step step) {
        Snapshot kept = step.backup();
        if (kept != null && before(operation).equals(label(step.shardId(), kept))) {
            store.release(step.shardId(), kept);
        }
    }

    /** Of a savepoint that is kept; an operator's own label stays as it is. */
    private @Nullable String label(String shardId, Snapshot state) {
        for (Snapshot savepoint : store.savepoints(shardId)) {
            if (savepoint.id().equals(state.id())) {
                return savepoint.label();
            }
        }
        return null;
    }

    /** The same operation where a state has changed meanwhile: then it is to be looked anew who has to join. */
    private RewindOperation joined(RewindOperation operation, List<Step> late) throws InterruptedException {
        for (Step step : late) {
            try {
                keepTarget(operation, step);
            } catch (PointerMovedException e) {
                return operation;
            }
        }
        Map<String, Step> all = new LinkedHashMap<>();
        operation.steps().forEach(step -> all.put(step.shardId(), step));
        late.forEach(step -> all.put(step.shardId(), step));
        return saved(operation.with(latecomers.inOrder(List.copyOf(all.values()))));
    }

    /** The label of the states before an operation. */
    public static String before(RewindOperation operation) {
        return BEFORE + operation.id() + (operation.undo() ? " was taken back" : "");
    }

    /** For the way back. */
    private void keepBefore(RewindOperation operation, Step step, ShardPointer pointer) throws PointerMovedException {
        Snapshot before = pointer.snapshot();
        if (before != null && label(step.shardId(), before) == null) {
            beforeEachWrite.run();
            store.keep(step.shardId(), before, before(operation));
        }
    }

    private void keepPlannedTarget(RewindOperation operation, Step step) {
        try {
            keepTarget(operation, step);
        } catch (PointerMovedException e) {
            String target = step.target() == null ? "" : step.target().id();
            throw new IllegalStateException(
                    "the state " + target + " of " + step.shardId()
                            + " is no longer kept; take the operation back with --undo, and choose another target",
                    e);
        }
    }

    /** Beyond the next commit, and beyond the time that savepoints are kept for. */
    private void keepTarget(RewindOperation operation, Step step) throws PointerMovedException {
        Snapshot target = step.target();
        if (target != null && !target.isKept() && label(step.shardId(), target) == null) {
            beforeEachWrite.run();
            store.keep(step.shardId(), target, targetLabel(operation));
        }
    }

    static String targetLabel(RewindOperation operation) {
        return "target of rewind " + operation.id();
    }

    private @Nullable RecordPosition stoodAt(Step step, ShardPointer pointer) {
        Snapshot state = pointer.snapshot();
        if (pointer.isSealed() && state == null) {
            ShardFacts facts = shards.get(step.shardId());
            String end = facts == null ? null : facts.endingSequence();
            return end == null ? BEHIND_ALL : new RecordPosition(end, Long.MAX_VALUE);
        }
        RecordPosition position = state == null ? null : state.position();
        Reprocessing asked = pointer.reprocessing();
        RecordPosition earlier = asked == null ? null : asked.until();
        boolean further = earlier != null && (position == null || earlier.compareTo(position) > 0);
        return further ? earlier : position;
    }

    /** Above that of the present tenure, and below that of the next, whose lease counter is greater than all observed ones. */
    private long nextEpoch(String shardId, @Nullable ShardPointer pointer) throws InterruptedException {
        ShardLease lease = leases.lease(shardId);
        long held = pointer == null ? 0 : pointer.holder().epoch();
        return Math.max(lease == null ? 0 : lease.counter(), held) + 1;
    }

    private static long generation(@Nullable ShardPointer pointer) {
        Reprocessing asked = pointer == null ? null : pointer.reprocessing();
        return asked == null ? 0 : asked.generation();
    }

    // ---- the lease

    private void placeLease(RewindOperation operation, Step step) throws InterruptedException {
        String checkpoint = step.children().isEmpty() ? LeasePlaces.checkpoint(step.to()) : LeasePlaces.SHARD_END;
        RecordPosition to = step.to();
        long sub = to == null || !step.children().isEmpty() ? 0 : to.subSequenceNumber();
        for (int attempt = 0; attempt < MAX_TRIES; attempt++) {
            // In this order: a worker that takes the shard after its pointer was looked at has moved the lease's
            // counter.
            ShardLease lease = leases.lease(step.shardId());
            ShardPointer pointer = store.pointer(step.shardId());
            if (generation(pointer) > operation.generation()) {
                throw new IllegalStateException(step.shardId() + " was moved by a later operation than "
                        + operation.id() + "; nothing more is done to it");
            }
            boolean taken = pointer != null && !pointer.holder().isOperators();
            if ((taken && step.children().isEmpty()) || (pointer == null && lease == null)) {
                // A worker that took it meanwhile has set KCL back itself, or may even have come to the end again.
                return;
            }
            long epoch = pointer == null ? 0 : pointer.holder().epoch();
            beforeEachWrite.run();
            if (lease == null) {
                if (make(step.shardId(), checkpoint, sub, epoch + 1)) {
                    return;
                }
            } else if (leases.place(lease, checkpoint, sub, Math.max(lease.counter(), epoch) + 1)) {
                return;
            }
        }
        throw busy(step.shardId());
    }

    private boolean make(String shardId, String checkpoint, long sub, long counter) throws InterruptedException {
        ShardFacts facts = shards.get(shardId);
        if (facts == null) {
            throw new IllegalStateException("neither the stream nor the lease table knows " + shardId
                    + " any more; undo the operation with --undo");
        }
        return leases.make(
                new LeasePlaces.NewLease(
                        shardId, facts.parents(), facts.startingHashKey(), facts.endingHashKey(), counter),
                checkpoint,
                sub);
    }

    private static IllegalStateException busy(String shardId) {
        return new IllegalStateException(shardId + " changed " + MAX_TRIES
                + " times while it was being moved; 'recover rewind --resume' tries again");
    }

    // ---- how far the workers are

    /** The steps whose shards have not come back to where they stood. */
    public List<Step> behind(RewindOperation operation) {
        List<Step> behind = new ArrayList<>();
        for (Step step : operation.steps()) {
            ShardPointer pointer = store.pointer(step.shardId());
            boolean overtaken = generation(pointer) > operation.generation();
            if (!overtaken && !RewindPlanner.isPast(pointer, step.until())) {
                behind.add(step);
            }
        }
        return behind;
    }

    // ---- the way back

    /**
     * The steps that bring back what an operation has moved. What the new generation has replaced meanwhile stays replaced.
     *
     * @return empty where nothing was moved
     */
    public List<Step> undone(RewindOperation operation) {
        List<Step> steps = new ArrayList<>();
        for (Step step : operation.steps()) {
            ShardPointer pointer = store.pointer(step.shardId());
            if (generation(pointer) != operation.generation() || step.progress() == Progress.PLANNED) {
                continue;
            }
            Snapshot backup = step.backup();
            // Of a shard that had ended and whose last state was deleted only the lease is put to its end again.
            boolean endOnly = backup == null && !step.childrenBefore().isEmpty();
            steps.add(new Step(
                    step.shardId(),
                    backup == null ? ShardMove.Kind.FROM_PARENTS : ShardMove.Kind.SAVEPOINT,
                    backup,
                    backup == null ? null : backup.position(),
                    backup != null || endOnly || step.whole(),
                    endOnly ? step.childrenBefore() : Set.of(),
                    null,
                    Set.of(),
                    step.until(),
                    null,
                    endOnly ? Progress.POINTED : Progress.PLANNED));
        }
        return steps;
    }
}
