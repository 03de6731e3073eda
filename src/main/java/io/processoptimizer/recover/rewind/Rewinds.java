package io.processoptimizer.recover.rewind;

import io.processoptimizer.aws.Supersession;
import io.processoptimizer.aws.Supersession.Count;
import io.processoptimizer.aws.Supersession.Stretch;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.kinesis.LeasePlaces;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.recover.StateCheck;
import io.processoptimizer.recover.rewind.RewindOperation.Phase;
import io.processoptimizer.recover.rewind.RewindOperation.Progress;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import io.processoptimizer.recover.rewind.RewindPlan.ShardPlan;
import io.processoptimizer.window.WindowPolicy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A rewind from its beginning to its end: begin, move, wait for the workers, mark what they did not decide again; and the way back. */
public final class Rewinds {
    private static final long LOOK_EVERY_MILLIS = 1_000;

    private final Parts parts;
    private final RewindExecutor executor;
    private final StateReading states;

    /**
     * What it works with.
     *
     * @param check reads states as a worker would
     * @param shards what was known when the command began
     */
    public record Parts(
            RecoveryStore store,
            OperationLog log,
            LeaseTable leases,
            LeasePlaces places,
            Supersession outputs,
            WindowPolicy windows,
            StateCheck check,
            List<ShardFacts> shards,
            Clock clock) {
        public Parts {
            shards = List.copyOf(shards);
        }
    }

    /** Told while workers read again. */
    public interface Watcher {
        /**
         * How far they are.
         *
         * @param done shards that are where they stood before
         * @param all shards that go back
         * @param owned of those that are not, how many a worker has taken
         */
        void reprocessing(int done, int all, int owned);
    }

    public Rewinds(Parts parts) {
        this(parts, () -> {});
    }

    Rewinds(Parts parts, Runnable beforeEachWrite) {
        this.parts = parts;
        Map<String, ShardFacts> byId = new HashMap<>();
        parts.shards().forEach(shard -> byId.put(shard.shardId(), shard));
        executor = new RewindExecutor(
                parts.store(), parts.log()::save, LeaseMoves.of(parts.leases(), parts.places()), byId, beforeEachWrite);
        states = new StateReading(parts.check());
    }

    /**
     * Writes down what is to be done; nothing is moved yet.
     *
     * @param id of the operation
     * @param operator user@host
     * @param backup the file with leases and pointers
     * @throws RefusedException where another operation is under way
     */
    public RewindOperation begin(RewindPlan plan, String id, String operator, String backup) throws RefusedException {
        Map<String, ShardFacts> byId = new HashMap<>();
        parts.shards().forEach(shard -> byId.put(shard.shardId(), shard));
        List<Step> steps = new ArrayList<>();
        for (ShardPlan shard : plan.shards()) {
            ShardMove move = shard.move();
            steps.add(new Step(
                    move.shardId(),
                    move.kind(),
                    move.savepoint(),
                    move.to(),
                    move.kind() != ShardMove.Kind.WITHOUT_STATE,
                    Set.of(),
                    null,
                    Set.of(),
                    move.from(),
                    shard.firstArrival(),
                    Progress.PLANNED));
        }
        RewindOperation operation = new RewindOperation(
                id,
                operator,
                parts.clock().millis(),
                plan.to(),
                parts.log().nextGeneration(),
                plan.processes(),
                plan.publish(),
                plan.configuration(),
                steps,
                backup,
                null,
                Phase.MOVING);
        parts.log().begin(operation);
        return operation;
    }

    /** Moves what is not moved yet. */
    public RewindOperation move(RewindOperation operation) throws InterruptedException {
        if (operation.phase() != Phase.MOVING) {
            return operation;
        }
        RewindOperation moved = executor.move(operation);
        RewindOperation undone = moved.undoes();
        if (undone == null) {
            return moved;
        }
        liftMarks(undone, moved);
        return done(moved);
    }

    /** What the undone generation had not decided again counts once more: nothing that replaces it is left. */
    private void liftMarks(RewindOperation undone, RewindOperation undo) throws InterruptedException {
        List<StateContents> reached = new ArrayList<>();
        for (RewindOperation one : List.of(undone, undo)) {
            for (Step step : one.steps()) {
                add(step.shardId(), step.backup(), reached);
            }
        }
        for (Stretch stretch : recomputed(undone).until(reached, undone.processes())) {
            parts.outputs().lift(stretch, undone.generation());
        }
    }

    /** Waits until every shard is where it stood before; without a bound, since workers may be stopped. */
    public void await(RewindOperation operation, Watcher watcher) throws InterruptedException {
        while (true) {
            List<Step> behind = executor.behind(operation);
            int owned = 0;
            for (Step step : behind) {
                var lease = parts.leases().lease(step.shardId());
                owned += lease != null && lease.owner() != null ? 1 : 0;
            }
            int all = operation.steps().size();
            watcher.reprocessing(all - behind.size(), all, owned);
            if (behind.isEmpty()) {
                return;
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
        }
    }

    /** Whether every shard is where it stood before. */
    public boolean hasCaughtUp(RewindOperation operation) {
        return executor.behind(operation).isEmpty();
    }

    /**
     * Marks what was not decided again, and ends the operation.
     *
     * @return what is stored of the time that was computed again, up to where the shards stood before
     */
    public Count supersede(RewindOperation operation) throws InterruptedException {
        RewindOperation marking = operation.in(Phase.SUPERSEDING);
        parts.log().save(marking);
        RecomputedTime time = recomputed(marking);
        List<StateContents> before = new ArrayList<>();
        List<StateContents> now = new ArrayList<>();
        PresentStates present = new PresentStates(parts.store()::pointer, states);
        for (Step step : marking.steps()) {
            add(step.shardId(), step.backup(), before);
            add(step.shardId(), present.now(step.shardId()), now);
        }
        Count count = Count.NONE;
        for (Stretch stretch : time.until(before, marking.processes())) {
            count = count.plus(parts.outputs().mark(stretch, marking.generation()));
        }
        // With what the fenced workers wrote after their last commit.
        Count whole = Count.NONE;
        for (Stretch stretch : time.until(now, marking.processes())) {
            whole = whole.plus(parts.outputs().mark(stretch, marking.generation()));
        }
        done(marking);
        return count.markedAsIn(whole);
    }

    private RewindOperation done(RewindOperation operation) {
        String targets = RewindExecutor.targetLabel(operation);
        for (Step step : operation.steps()) {
            for (Snapshot kept : parts.store().savepoints(step.shardId())) {
                if (targets.equals(kept.label())) {
                    parts.store().release(step.shardId(), kept);
                }
            }
        }
        RewindOperation done = operation.in(Phase.DONE);
        parts.log().save(done);
        return done;
    }

    private RecomputedTime recomputed(RewindOperation operation) {
        RecomputedTime time = new RecomputedTime(parts.windows());
        for (Step step : operation.steps()) {
            StateContents target = contents(step.shardId(), step.target());
            if (target != null) {
                time.goesOnFrom(target);
            }
            if (!step.whole()) {
                time.isMissingBefore(step.firstArrival());
            }
        }
        return time;
    }

    private void add(String shardId, @Nullable Snapshot state, List<StateContents> to) {
        StateContents found = contents(shardId, state);
        if (found != null) {
            to.add(found);
        }
    }

    private @Nullable StateContents contents(String shardId, @Nullable Snapshot state) {
        return state == null ? null : states.contents(shardId, state);
    }

    /**
     * Begins to take an operation back; to be moved as any other. It takes the place of that operation, done or not.
     *
     * @throws RefusedException where there is nothing to take back
     */
    public RewindOperation beginUndo(RewindOperation operation, String operator) throws RefusedException {
        List<Step> steps = undone(operation);
        RewindOperation undo = new RewindOperation(
                operation.id(),
                operator,
                parts.clock().millis(),
                "undo of " + operation.to(),
                parts.log().nextGeneration(),
                operation.processes(),
                false,
                null,
                steps,
                operation.backup(),
                operation,
                Phase.MOVING);
        parts.log().begin(undo);
        return undo;
    }

    /**
     * Refuses what {@link #beginUndo} would, and changes nothing.
     *
     * @throws RefusedException where there is nothing to take back
     */
    public void requireUndoable(RewindOperation operation) throws RefusedException {
        undone(operation);
    }

    private List<Step> undone(RewindOperation operation) throws RefusedException {
        if (operation.undo() && operation.phase() != Phase.DONE) {
            throw new RefusedException("the rewind " + operation.id()
                    + " is being taken back already, which is not done; go on with 'recover rewind --resume'");
        }
        if (operation.undo()) {
            throw new RefusedException("the last operation (" + operation.id()
                    + ") took another one back already; rewind again where that was wrong");
        }
        List<Step> steps = executor.undone(operation);
        if (steps.isEmpty() && operation.phase() == Phase.DONE) {
            throw new RefusedException("nothing of " + operation.id()
                    + " is left to take back: its shards have been moved by a later operation");
        }
        return steps;
    }

    /** The file that leases and pointers are kept in, as text. */
    public static String backup(String application, String id, List<ShardFacts> shards) {
        Map<String, Object> all = new java.util.LinkedHashMap<>();
        all.put("application", Objects.requireNonNull(application));
        all.put("operation", id);
        all.put("shards", shards);
        return OperationLog.json(all);
    }
}
