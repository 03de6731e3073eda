package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.recover.rewind.LeaseMoves;
import io.processoptimizer.recover.rewind.RefusedException;
import io.processoptimizer.recover.rewind.RewindExecutor;
import io.processoptimizer.recover.rewind.RewindOperation;
import io.processoptimizer.recover.rewind.RewindOperation.Phase;
import io.processoptimizer.recover.rewind.RewindOperation.Progress;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import io.processoptimizer.recover.rewind.RewindPlanner;
import io.processoptimizer.recover.rewind.RewindTarget;
import io.processoptimizer.recover.rewind.ShardFacts;
import io.processoptimizer.recover.rewind.ShardMove;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An operator who rewinds shards now and then while the workers are at work, and evicts shards from them. Planner and executor are the
 * real ones; between any two of their calls the workers go on, any call may fail, and the command may die, to be resumed later.
 */
final class SimulatedOperator {
    private static final int MAX_REWINDS = 3;

    /** What the workers do at most between two calls of a command. */
    private static final int MOST_STEPS_BETWEEN = 12;

    private final SplittableRandom random;
    private final SimulatedKcl kcl;
    private final SimulatedStream stream;
    private final RecoveryStore store;
    private final PlantedBug bug;

    /** All rewinds that were begun, in their order, each as it was last written down. */
    final List<RewindOperation> rewinds = new ArrayList<>();

    /** Null: nothing is moved between applications. */
    @Nullable
    SimulatedMover mover;

    private int joined;
    private int deaths;
    private int undos;
    private boolean dead;
    private boolean atWork;
    private boolean ending;

    private static final class DeadException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    SimulatedOperator(
            long seed, SimulatedKcl kcl, SimulatedStream stream, SimulatedStore.Operator store, PlantedBug bug) {
        this.random = new SplittableRandom(~seed);
        this.kcl = kcl;
        this.stream = stream;
        this.store = new Store(store);
        this.bug = bug;
    }

    int deaths() {
        return deaths;
    }

    /** Rewinds that were taken back. */
    int undos() {
        return undos;
    }

    /** Shards that were not planned and had to join. */
    int joined() {
        return joined;
    }

    boolean isDone() {
        return hasNoRewindUnderWay() && (mover == null || mover.isDone());
    }

    private boolean hasNoRewindUnderWay() {
        return rewinds.isEmpty() || last().phase() != Phase.MOVING;
    }

    private boolean rewindsAreDone() {
        return rewinds.stream().allMatch(rewind -> executor().behind(rewind).isEmpty());
    }

    /** From now on exports are taken and put in, and the application is copied. */
    SimulatedMover move(SimulatedKcl empty, Path folder) {
        SimulatedMover made = new SimulatedMover(
                random.split(), kcl, empty, bug, folder, this::worldGoesOn, this::mayDie, this::rewindsAreDone);
        mover = made;
        return made;
    }

    private RewindOperation last() {
        return rewinds.get(rewinds.size() - 1);
    }

    /** Perhaps does something. */
    void step() {
        if (atWork) {
            return;
        }
        if (mover != null) {
            mover.copyGoesOn();
            if (kcl.successor != null) {
                return;
            }
            boolean rewinding = !hasNoRewindUnderWay();
            SimulatedMover moves = mover;
            atWork(() -> moves.step(rewinding));
            if (!mover.isDone() || (mover.isToBeReplaced() && !rewinding) || kcl.successor != null) {
                return;
            }
        }
        if (random.nextInt(1_500) == 0) {
            evict();
        }
        if (hasNoRewindUnderWay()) {
            if (rewinds.size() < MAX_REWINDS && random.nextInt(700) == 0) {
                atWork(this::begin);
            } else if (random.nextInt(2_000) == 0) {
                atWork(this::undo);
            }
        } else if (dead && random.nextInt(900) == 0) {
            atWork(this::undo);
        } else if (dead) {
            dead = random.nextInt(300) != 0;
        } else if (random.nextInt(4) == 0) {
            atWork(this::move);
        }
    }

    /** The stream has ended: what was begun is brought to its end. */
    void end() {
        dead = false;
        ending = true;
    }

    private interface Work {
        void run() throws InterruptedException;
    }

    private void atWork(Work work) {
        atWork = true;
        try {
            work.run();
        } catch (DeadException e) {
            deaths++;
            dead = true;
        } catch (SnapshotStoreException e) {
            // Another time.
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            atWork = false;
        }
    }

    /** Between two calls. */
    private void worldGoesOn() {
        for (int i = random.nextInt(MOST_STEPS_BETWEEN); i > 0; i--) {
            kcl.step();
        }
        mayDie();
    }

    private void mayDie() {
        if (!ending && random.nextInt(30) == 0) {
            throw new DeadException();
        }
    }

    private void evict() {
        List<SimulatedLease> held = stream.shards.keySet().stream()
                .map(kcl::lease)
                .filter(lease -> lease != null && lease.owner != null && !lease.hasEnded())
                .toList();
        if (!held.isEmpty()) {
            kcl.evict(held.get(random.nextInt(held.size())));
        }
    }

    // ---- plan

    private void begin() throws InterruptedException {
        Map<String, ShardFacts> facts = facts();
        List<String> taken = facts.values().stream()
                .filter(shard -> shard.state() != null || shard.isSealed())
                .map(ShardFacts::shardId)
                .sorted()
                .toList();
        if (taken.isEmpty()) {
            return;
        }
        String chosen = taken.get(random.nextInt(taken.size()));
        List<Snapshot> savepoints = store.savepoints(chosen);
        RewindTarget target = target(savepoints);
        Set<String> wanted =
                random.nextInt(4) == 0 && !(target instanceof RewindTarget.Savepoint) ? Set.of() : Set.of(chosen);
        RewindPlanner.Decision decision;
        try {
            decision = new RewindPlanner(facts.values(), this::readUpTo, random.nextBoolean(), target).plan(wanted);
        } catch (RefusedException e) {
            return;
        }
        List<Step> steps = new ArrayList<>();
        for (ShardMove move : decision.moves()) {
            if (bug != PlantedBug.CHILDREN_ARE_NOT_REWOUND || move.kind() != ShardMove.Kind.FROM_PARENTS) {
                steps.add(step(move));
            }
        }
        if (steps.isEmpty()) {
            return;
        }
        long generation = ++kcl.store.generations;
        rewinds.add(new RewindOperation(
                String.valueOf(generation),
                "anna@plant",
                0,
                target.toString(),
                generation,
                processes(),
                false,
                null,
                steps,
                null,
                null,
                Phase.MOVING));
    }

    /** Takes the last rewind back, done or not. */
    private void undo() {
        if (rewinds.isEmpty() || last().undo()) {
            return;
        }
        RewindOperation undone = last();
        List<Step> steps = executor().undone(undone);
        undos++;
        rewinds.add(new RewindOperation(
                undone.id(),
                undone.operator(),
                0,
                "undo of " + undone.to(),
                ++kcl.store.generations,
                undone.processes(),
                false,
                null,
                steps,
                null,
                undone,
                Phase.MOVING));
        dead = false;
    }

    private RewindExecutor executor() {
        return new RewindExecutor(store, this::save, new Moves(), facts(), () -> {});
    }

    private RewindTarget target(List<Snapshot> savepoints) {
        int kind = random.nextInt(8);
        if (kind == 0) {
            return new RewindTarget.TrimHorizon();
        } else if (kind == 1) {
            return new RewindTarget.Latest();
        } else if (kind < 4 || savepoints.isEmpty()) {
            long read = stream.all.get(Math.max(0, kcl.written() - 1)).arrivalMillis();
            return new RewindTarget.Time(SimulatedStream.START + random.nextLong(read - SimulatedStream.START + 1));
        }
        return new RewindTarget.Savepoint(
                savepoints.get(random.nextInt(savepoints.size())).id());
    }

    private static Step step(ShardMove move) {
        return new Step(
                move.shardId(),
                move.kind(),
                move.savepoint(),
                move.to(),
                move.kind() != ShardMove.Kind.WITHOUT_STATE,
                Set.of(),
                null,
                Set.of(),
                move.from(),
                null,
                Progress.PLANNED);
    }

    private Map<String, ShardFacts> facts() {
        Map<String, ShardFacts> facts = new HashMap<>();
        List<SimulatedStream.Shard> youngestFirst = new ArrayList<>(stream.shards.values());
        Collections.reverse(youngestFirst);
        for (SimulatedStream.Shard shard : youngestFirst) {
            if (shard.openedAt <= kcl.written()) {
                boolean closed = shard.closedAt <= kcl.written();
                facts.put(
                        shard.id(),
                        new ShardFacts(
                                shard.id(),
                                true,
                                shard.parents,
                                shard.range.startingHashKey(),
                                shard.range.endingHashKey(),
                                closed ? String.valueOf(shard.endingSequence()) : null,
                                kcl.shardLease(shard.id()),
                                store.pointer(shard.id()),
                                store.savepoints(shard.id())));
            }
        }
        return facts;
    }

    private @Nullable Long readUpTo(String shardId, Snapshot state) {
        try {
            ShardPipeline pipeline = kcl.pipeline();
            pipeline.restore(store.load(shardId, state));
            return pipeline.readUpToMillis();
        } catch (UnreadableSnapshotException e) {
            return null;
        }
    }

    private Set<String> processes() {
        Set<String> named = new TreeSet<>();
        if (random.nextBoolean()) {
            for (String process : stream.processes) {
                if (random.nextInt(3) == 0) {
                    named.add(process);
                }
            }
        }
        return named;
    }

    // ---- carry out

    private void move() throws InterruptedException {
        RewindOperation operation = last();
        if (bug == PlantedBug.LEASES_ARE_REWOUND_FIRST) {
            placeLeases(operation);
        }
        try {
            executor().move(operation);
        } catch (IllegalStateException e) {
            boolean isPlanned = last().steps().stream().allMatch(step -> step.progress() == Progress.PLANNED);
            if (!isPlanned || !String.valueOf(e.getMessage()).contains("no longer kept")) {
                throw e;
            }
            // Its target went before anything was moved.
            rewinds.remove(rewinds.size() - 1);
        }
    }

    private void save(RewindOperation operation) {
        worldGoesOn();
        joined += operation.steps().size() - last().steps().size();
        rewinds.set(rewinds.size() - 1, operation);
    }

    private void placeLeases(RewindOperation operation) {
        for (Step step : operation.steps()) {
            SimulatedLease lease = kcl.lease(step.shardId());
            if (lease != null && step.progress() == Progress.PLANNED) {
                kcl.place(stream.shard(step.shardId()), LeasePlaces.checkpoint(step.to()), lease.counter + 1);
                worldGoesOn();
            }
        }
    }

    private final class Moves implements LeaseMoves {
        @Override
        public @Nullable ShardLease lease(String shardId) {
            worldGoesOn();
            return kcl.shardLease(shardId);
        }

        @Override
        public boolean place(ShardLease observed, String checkpoint, long subSequenceNumber, long counter) {
            worldGoesOn();
            SimulatedLease lease = kcl.lease(observed.shardId());
            if (lease == null || lease.counter != observed.counter()) {
                return false;
            }
            kcl.place(lease.shard, checkpoint, counter);
            return true;
        }

        @Override
        public boolean make(LeasePlaces.NewLease lease, String checkpoint, long subSequenceNumber) {
            worldGoesOn();
            if (kcl.lease(lease.shardId()) != null) {
                return false;
            }
            kcl.place(stream.shard(lease.shardId()), checkpoint, lease.counter());
            return true;
        }
    }

    /** The store, while the world goes on before every call. */
    private final class Store implements RecoveryStore {
        private final SimulatedStore.Operator store;

        Store(SimulatedStore.Operator store) {
            this.store = store;
        }

        @Override
        public SortedMap<String, ShardPointer> pointers() {
            worldGoesOn();
            return store.pointers();
        }

        @Override
        public @Nullable ShardPointer pointer(String shardId) {
            worldGoesOn();
            ShardPointer pointer = store.pointer(shardId);
            return pointer != null && bug == PlantedBug.CHILDREN_ARE_NOT_REWOUND ? withoutChildren(pointer) : pointer;
        }

        private ShardPointer withoutChildren(ShardPointer pointer) {
            return new ShardPointer(
                    pointer.holder(),
                    pointer.snapshot(),
                    Set.of(),
                    pointer.failures(),
                    pointer.withoutState(),
                    pointer.reprocessing());
        }

        @Override
        public List<Snapshot> savepoints(String shardId) {
            worldGoesOn();
            return store.savepoints(shardId);
        }

        @Override
        public byte[] load(String shardId, Snapshot snapshot) {
            worldGoesOn();
            return store.load(shardId, snapshot);
        }

        @Override
        public Snapshot keep(String shardId, Snapshot snapshot, String label) throws PointerMovedException {
            worldGoesOn();
            return store.keep(shardId, snapshot, label);
        }

        @Override
        public void release(String shardId, Snapshot savepoint) {
            worldGoesOn();
            store.release(shardId, savepoint);
        }

        @Override
        public boolean deleteSavepoint(String shardId, Snapshot savepoint) {
            worldGoesOn();
            return store.deleteSavepoint(shardId, savepoint);
        }

        @Override
        public ShardPointer move(
                String shardId,
                @Nullable ShardPointer expected,
                Claim operator,
                @Nullable Snapshot to,
                boolean withoutState,
                @Nullable Reprocessing asked)
                throws PointerMovedException {
            worldGoesOn();
            return store.move(shardId, expected, operator, to, withoutState, asked);
        }
    }
}
