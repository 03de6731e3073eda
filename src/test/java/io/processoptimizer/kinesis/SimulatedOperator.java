package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.event.RecordPosition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * An operator who rewinds shards now and then while the workers are at work, one call of the store after the other, whose command may die
 * between any two and is resumed later; and who evicts shards from their workers. Pointers are moved parents first, leases children first.
 */
final class SimulatedOperator {
    private static final int MAX_REWINDS = 3;

    private final SplittableRandom random;
    private final SimulatedKcl kcl;
    private final SimulatedStream stream;
    private final SimulatedStore.Operator store;
    private final PlantedBug bug;

    /** All rewinds that were begun, in their order. */
    final List<Rewind> rewinds = new ArrayList<>();

    /** What is known of the shard in hand, lost when the command dies. */
    private @Nullable Seen seen;

    private long generations;
    private int deaths;
    private boolean dead;

    private record Seen(@Nullable ShardPointer pointer, long counter) {}

    /** One shard of a rewind, and how far its move is, as it was written down. */
    static final class Move {
        final SimulatedStream.Shard shard;
        final @Nullable Snapshot to;
        final boolean withoutState;
        boolean pinned;
        boolean pointed;
        boolean placed;

        Move(SimulatedStream.Shard shard, @Nullable Snapshot to, boolean withoutState) {
            this.shard = shard;
            this.to = to;
            this.withoutState = withoutState;
        }

        @Override
        public String toString() {
            return shard.id() + " to " + (withoutState ? "nothing" : to);
        }

        /** Whether a record at this position is processed again. */
        boolean covers(RecordPosition position) {
            RecordPosition target = to == null ? null : to.position();
            return target == null || position.compareTo(target) > 0;
        }

        String checkpoint() {
            RecordPosition target = to == null ? null : to.position();
            return target == null ? "TRIM_HORIZON" : target.sequenceNumber();
        }
    }

    /**
     * One rewind.
     *
     * @param processes empty: all
     */
    record Rewind(long generation, Set<String> processes, List<Move> moves) {
        @Nullable
        Move moveOf(String shardId) {
            return moves.stream()
                    .filter(move -> move.shard.id().equals(shardId))
                    .findFirst()
                    .orElse(null);
        }

        boolean names(String processId) {
            return processes.isEmpty() || processes.contains(processId);
        }

        boolean isDone() {
            return moves.stream().allMatch(move -> move.pointed && move.placed);
        }
    }

    SimulatedOperator(
            long seed, SimulatedKcl kcl, SimulatedStream stream, SimulatedStore.Operator store, PlantedBug bug) {
        this.random = new SplittableRandom(~seed);
        this.kcl = kcl;
        this.stream = stream;
        this.store = store;
        this.bug = bug;
    }

    int deaths() {
        return deaths;
    }

    boolean isDone() {
        return rewinds.isEmpty() || last().isDone();
    }

    private Rewind last() {
        return rewinds.get(rewinds.size() - 1);
    }

    /** Perhaps does something. */
    void step() {
        if (random.nextInt(1_500) == 0) {
            evict();
        }
        if (isDone()) {
            if (rewinds.size() < MAX_REWINDS && random.nextInt(700) == 0) {
                begin();
            }
        } else if (dead) {
            dead = random.nextInt(300) != 0;
        } else if (random.nextInt(4) == 0) {
            goOn();
            if (random.nextInt(12) == 0) {
                deaths++;
                dead = true;
                seen = null;
            }
        }
    }

    /** The stream has ended: what was begun is brought to its end. */
    void end() {
        dead = false;
    }

    private void evict() {
        List<SimulatedKcl.Lease> held = stream.shards.keySet().stream()
                .map(kcl::lease)
                .filter(lease -> lease != null && lease.owner != null && !lease.hasEnded())
                .toList();
        if (!held.isEmpty()) {
            kcl.evict(held.get(random.nextInt(held.size())));
        }
    }

    // ---- plan

    private void begin() {
        try {
            TreeMap<Integer, Move> moves = plan();
            if (!moves.isEmpty()) {
                rewinds.add(new Rewind(++generations, processes(), List.copyOf(moves.values())));
            }
        } catch (SnapshotStoreException e) {
            // Another time.
            return;
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

    /** By the shards' numbers, in which parents come before their children; empty where there is nothing to rewind. */
    private TreeMap<Integer, Move> plan() {
        TreeMap<Integer, Move> moves = new TreeMap<>();
        List<String> taken = store.pointers().entrySet().stream()
                .filter(entry ->
                        entry.getValue().snapshot() != null || entry.getValue().isSealed())
                .map(java.util.Map.Entry::getKey)
                .toList();
        if (taken.isEmpty()) {
            return moves;
        }
        SimulatedStream.Shard chosen = stream.shard(taken.get(random.nextInt(taken.size())));
        ShardPointer pointer = store.pointer(chosen.id());
        // One beyond where the shard stands is of a time that was rewound, and would leave out what is processed again.
        List<Snapshot> savepoints = store.savepoints(chosen.id()).stream()
                .filter(savepoint -> isReached(savepoint, pointer))
                .toList();
        int kind = random.nextInt(4);
        if (kind == 0 && chosen.parents.isEmpty()) {
            add(new Move(chosen, null, true), moves);
        } else if (kind == 1 && pointer != null && pointer.snapshot() != null) {
            add(new Move(chosen, pointer.snapshot(), false), moves);
        } else if (!savepoints.isEmpty()) {
            add(new Move(chosen, savepoints.get(random.nextInt(savepoints.size())), false), moves);
        }
        return moves;
    }

    private static boolean isReached(Snapshot savepoint, @Nullable ShardPointer pointer) {
        Snapshot present = pointer == null ? null : pointer.snapshot();
        if (present == null || savepoint.position() == null) {
            return pointer != null && pointer.isSealed();
        }
        return present.position() != null && savepoint.position().compareTo(present.position()) <= 0;
    }

    /** With everything that took over from it, and of that the other parents. */
    private void add(Move move, TreeMap<Integer, Move> moves) {
        moves.put(number(move.shard), move);
        if (bug == PlantedBug.CHILDREN_ARE_NOT_REWOUND) {
            return;
        }
        for (String id : move.shard.children) {
            SimulatedStream.Shard child = stream.shard(id);
            if (child.openedAt <= kcl.written() && !isReset(moves.get(number(child)))) {
                add(new Move(child, null, false), moves);
                for (String parent : child.parents) {
                    if (!moves.containsKey(number(stream.shard(parent)))) {
                        addOtherParent(stream.shard(parent), moves);
                    }
                }
            }
        }
    }

    private static boolean isReset(@Nullable Move move) {
        return move != null && move.to == null;
    }

    /** One that has ended must say its last state once more, since that may be deleted at any moment; others have yet to say it. */
    private void addOtherParent(SimulatedStream.Shard parent, TreeMap<Integer, Move> moves) {
        ShardPointer pointer = store.pointer(parent.id());
        if (pointer == null || !pointer.isSealed()) {
            return;
        }
        Snapshot present = pointer.snapshot();
        if (present != null) {
            moves.put(number(parent), new Move(parent, present, false));
        } else {
            add(new Move(parent, store.savepoints(parent.id()).get(0), false), moves);
        }
    }

    private static int number(SimulatedStream.Shard shard) {
        return Integer.parseInt(shard.id().substring("shard-".length()));
    }

    // ---- carry out

    private void goOn() {
        List<Move> parentsFirst = last().moves;
        List<Move> childrenFirst = new ArrayList<>(parentsFirst);
        Collections.reverse(childrenFirst);
        Move toPin = parentsFirst.stream()
                .filter(move -> move.to != null && !move.pinned)
                .findFirst()
                .orElse(null);
        boolean leasesFirst = bug == PlantedBug.LEASES_ARE_REWOUND_FIRST;
        Move toPoint =
                parentsFirst.stream().filter(move -> !move.pointed).findFirst().orElse(null);
        Move toPlace =
                childrenFirst.stream().filter(move -> !move.placed).findFirst().orElse(null);
        try {
            if (toPin != null) {
                pin(toPin);
            } else if (toPoint != null && (toPlace == null || !leasesFirst)) {
                point(toPoint);
            } else if (toPlace != null) {
                place(toPlace, leasesFirst);
            }
        } catch (SnapshotStoreException e) {
            seen = null;
        } catch (PointerMovedException e) {
            seen = null;
        }
    }

    /** Before anything is moved: a state that is only the present one may be gone with the next commit. */
    private void pin(Move move) {
        try {
            store.keep(move.shard.id(), Objects.requireNonNull(move.to), "target of " + last().generation);
            move.pinned = true;
        } catch (PointerMovedException e) {
            if (last().moves.stream().noneMatch(any -> any.pointed)) {
                // It is gone already: to be planned anew.
                rewinds.remove(last());
            } else {
                List<Move> others =
                        last().moves.stream().filter(any -> any != move).toList();
                rewinds.set(rewinds.size() - 1, new Rewind(last().generation, last().processes, others));
            }
        }
    }

    /** One call at a time: look, keep what is there for the way back, move, write down. */
    private void point(Move move) throws PointerMovedException {
        String shardId = move.shard.id();
        Seen known = seen;
        if (known == null) {
            SimulatedKcl.Lease lease = kcl.lease(shardId);
            long counter = lease == null ? 0 : lease.counter;
            ShardPointer pointer = store.pointer(shardId);
            if (isMoved(pointer)) {
                move.pointed = true;
                return;
            }
            if (hasEndedSince(move)) {
                return;
            }
            if (pointer != null && pointer.snapshot() != null && random.nextBoolean()) {
                store.keep(shardId, pointer.snapshot(), "before " + last().generation);
            }
            seen = new Seen(pointer, counter);
            return;
        }
        ShardPointer pointer = known.pointer;
        long epoch =
                Math.max(known.counter, pointer == null ? 0 : pointer.holder().epoch()) + 1;
        store.move(
                shardId,
                pointer,
                Claim.ofOperation(String.valueOf(last().generation), epoch),
                move.to,
                move.withoutState,
                new Reprocessing(last().generation, last().processes, until(move.shard, pointer), false, null));
        seen = null;
    }

    /** Another parent of a child that is to be reset may have ended since the plan was made: it joins the plan. */
    private boolean hasEndedSince(Move move) {
        TreeMap<Integer, Move> moves = new TreeMap<>();
        last().moves.forEach(planned -> moves.put(number(planned.shard), planned));
        int before = moves.size();
        if (move.to == null && bug != PlantedBug.CHILDREN_ARE_NOT_REWOUND) {
            for (String parent : move.shard.parents) {
                if (!moves.containsKey(number(stream.shard(parent)))) {
                    addOtherParent(stream.shard(parent), moves);
                }
            }
        }
        if (moves.size() > before) {
            Rewind old = last();
            rewinds.set(rewinds.size() - 1, new Rewind(old.generation, old.processes, List.copyOf(moves.values())));
        }
        return moves.size() > before;
    }

    private boolean isMoved(@Nullable ShardPointer pointer) {
        return pointer != null
                && pointer.reprocessing() != null
                && pointer.reprocessing().generation() == last().generation;
    }

    private static @Nullable RecordPosition until(SimulatedStream.Shard shard, @Nullable ShardPointer pointer) {
        if (pointer == null) {
            return null;
        }
        if (pointer.isSealed()) {
            return shard.records.isEmpty()
                    ? null
                    : shard.records.get(shard.records.size() - 1).position();
        }
        return pointer.snapshot() == null ? null : pointer.snapshot().position();
    }

    private void place(Move move, boolean whoeverHoldsIt) {
        SimulatedKcl.Lease lease = kcl.lease(move.shard.id());
        ShardPointer pointer = store.pointer(move.shard.id());
        // A worker that took the shard meanwhile has set KCL back itself.
        if (whoeverHoldsIt || (pointer != null && pointer.holder().isOperators())) {
            long epoch = pointer == null ? 0 : pointer.holder().epoch();
            kcl.place(move.shard, move.checkpoint(), Math.max(epoch, lease == null ? 0 : lease.counter) + 1);
        }
        move.placed = true;
    }
}
