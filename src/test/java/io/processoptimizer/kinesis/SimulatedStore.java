package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The store of states, shared by all workers; a call may fail before or after it had its effect. */
final class SimulatedStore {
    private final SplittableRandom random;
    private final PlantedBug bug;
    private final Map<String, ShardPointer> pointers = new HashMap<>();
    private final Map<String, List<byte[]>> states = new HashMap<>();
    private final Map<String, List<Snapshot>> histories = new HashMap<>();
    private final Map<String, List<Snapshot>> savepoints = new HashMap<>();
    private final Set<String> damaged = new HashSet<>();
    private int ids;

    /** When an operator moved a shard: the number of the next state. By shard and the generation that it was moved for. */
    private final Map<String, Map<Long, Integer>> moves = new HashMap<>();

    /** Generations whose move a shard went back behind later, since its state could not be read or an operator sent it. */
    private final Map<String, Set<Long>> undone = new HashMap<>();

    /** Whether a shard came from no other. */
    Predicate<String> isFirst = shardId -> false;

    private int failed;

    /** What may happen in the world between the reading of a lease and the claim. */
    Runnable beforeClaim = () -> {};

    boolean calm;

    SimulatedStore(SplittableRandom random, PlantedBug bug) {
        this.random = random;
        this.bug = bug;
    }

    /** The store as one worker sees it. */
    final class View implements SnapshotStore {
        /** With a planted bug: what was reported durable and is not yet. */
        private final List<Runnable> late = new ArrayList<>();

        @Override
        public ShardPointer claim(String shardId, Claim claim) throws FencedException {
            beforeClaim.run();
            failBefore();
            ShardPointer held = pointers.get(shardId);
            boolean fenced = held != null
                    && !held.holder().equals(claim)
                    && held.holder().epoch() >= claim.epoch();
            if (fenced && bug != PlantedBug.CLAIMS_ARE_NOT_FENCED) {
                throw new FencedException(shardId, claim);
            }
            ShardPointer taken = held == null ? new ShardPointer(claim, null, Set.of(), List.of()) : held.heldBy(claim);
            pointers.put(shardId, taken);
            failAfter();
            return taken;
        }

        @Override
        public @Nullable ShardPointer pointer(String shardId) {
            failBefore();
            return pointers.get(shardId);
        }

        @Override
        public byte[] load(String shardId, Snapshot snapshot) {
            failBefore();
            List<Snapshot> history = histories.getOrDefault(shardId, List.of());
            Snapshot loaded = bug == PlantedBug.STALE_STATE_IS_LOADED && history.size() > 1
                    ? history.get(history.size() - 2)
                    : snapshot;
            return joined(parts(shardId, loaded.id(), loaded.parts()));
        }

        @Override
        public void commit(String shardId, Claim claim, ShardState state, Set<String> children) throws FencedException {
            failBefore();
            ShardPointer held = pointers.get(shardId);
            boolean fenced = held == null || !claim.equals(held.holder());
            if (fenced && bug != PlantedBug.COMMITS_ARE_NOT_FENCED) {
                throw new FencedException(shardId, claim);
            }
            if (claim.epoch() < takenFrom.getOrDefault(shardId, 0L)) {
                wrong.add("a state counts that a tenure wrote which an import had ended: " + shardId);
            }
            String id = String.format(Locale.ROOT, "%019d-%06d", claim.epoch(), ids++);
            Snapshot snapshot = new Snapshot(id, state.position(), 1, state.data().length, 0);
            Runnable point = () -> {
                keep(shardId, snapshot, state, children);
                histories.computeIfAbsent(shardId, k -> new ArrayList<>()).add(snapshot);
                // As an update of the present item: with a planted bug it may not be the one that was read.
                ShardPointer now = pointers.get(shardId);
                ShardPointer base = now == null ? new ShardPointer(claim, null, Set.of(), List.of()) : now;
                pointers.put(shardId, base.at(snapshot, children));
            };
            if (bug == PlantedBug.CHECKPOINT_BEFORE_SNAPSHOT && children.isEmpty() && !calm) {
                late.add(point);
                return;
            }
            point.run();
            failAfter();
        }

        private void keep(String shardId, Snapshot snapshot, ShardState state, Set<String> children) {
            List<Snapshot> saved = savepoints.computeIfAbsent(shardId, k -> new ArrayList<>());
            states.put(place(shardId, snapshot.id()), List.of(state.data()));
            if (bug != PlantedBug.STALE_STATE_IS_LOADED) {
                deleteOldStates(shardId, snapshot.id());
            }
            int fate = calm ? 9 : random.nextInt(10);
            if (fate < 3 || saved.stream().noneMatch(savepoint -> isAtMost(savepoint, snapshot))) {
                saved.add(0, snapshot);
            } else if (fate == 3 && children.isEmpty()) {
                // Unless it is a shard's last, some are damaged; savepoints are not.
                damaged.add(snapshot.id());
            }
        }

        /** With a planted bug: the oldest write that was reported durable becomes so. */
        void settle() {
            if (!late.isEmpty()) {
                late.remove(0).run();
            }
        }

        @Override
        public List<Snapshot> savepoints(String shardId) {
            failBefore();
            return List.copyOf(savepoints.getOrDefault(shardId, List.of()));
        }

        @Override
        public void rewind(String shardId, Claim claim, Snapshot savepoint) throws FencedException {
            failBefore();
            ShardPointer held = held(shardId, claim);
            goesBack(shardId, savepoint);
            pointers.put(shardId, held.at(savepoint, Set.of()));
            failAfter();
        }

        /** Answers always: where not even a failure can be noted, the worker stops. */
        @Override
        public int failed(String shardId, Claim claim, RecordPosition position) throws FencedException {
            failed++;
            ShardPointer held = held(shardId, claim);
            if (bug != PlantedBug.FAILURES_ARE_FORGOTTEN) {
                pointers.put(shardId, held.failing(held.failuresWith(position)));
            }
            return held.timesFailed(position) + 1;
        }

        private ShardPointer held(String shardId, Claim claim) throws FencedException {
            ShardPointer held = pointers.get(shardId);
            if (held == null || !claim.equals(held.holder())) {
                throw new FencedException(shardId, claim);
            }
            return held;
        }

        private boolean goesOnByItself(String child) {
            ShardPointer pointer = pointers.get(child);
            return pointer != null && (pointer.snapshot() != null || pointer.isSealed());
        }

        @Override
        public void retire(String shardId) {
            failBefore();
            ShardPointer ended = pointers.get(shardId);
            if (ended == null || ended.snapshot() == null || !ended.isSealed()) {
                return;
            }
            boolean all = ended.children().stream().allMatch(this::goesOnByItself);
            if (all || bug == PlantedBug.PARENTS_ARE_RETIRED_EARLY) {
                if (!isSaved(shardId, ended.snapshot())) {
                    states.remove(place(shardId, ended.snapshot().id()));
                }
                pointers.put(shardId, ended.at(null, ended.children()));
            }
            failAfter();
        }
    }

    private static String place(String shardId, String id) {
        return shardId + " " + id;
    }

    private static byte[] joined(List<byte[]> parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        parts.forEach(all::writeBytes);
        return all.toByteArray();
    }

    private static int number(Snapshot snapshot) {
        return Integer.parseInt(snapshot.id().substring(snapshot.id().indexOf('-') + 1));
    }

    private static void sort(List<Snapshot> saved) {
        saved.sort(Comparator.comparingInt(SimulatedStore::number).reversed());
    }

    private List<byte[]> parts(String shardId, String id, int count) {
        List<byte[]> state = states.get(place(shardId, id));
        if (state == null || state.size() < count || damaged.contains(id)) {
            throw new UnreadableSnapshotException("state " + id + " of " + shardId + " is gone");
        }
        return state.subList(0, count);
    }

    /** As the real one does: those before that neither the pointer nor a savepoint names. */
    private void deleteOldStates(String shardId, String before) {
        String from = place(shardId, "");
        states.keySet()
                .removeIf(key -> key.startsWith(from)
                        && key.substring(from.length()).compareTo(before) < 0
                        && !isSaved(shardId, key.substring(from.length())));
    }

    private boolean isSaved(String shardId, String id) {
        return savepoints.getOrDefault(shardId, List.of()).stream()
                .anyMatch(savepoint -> savepoint.id().equals(id));
    }

    private boolean isSaved(String shardId, Snapshot snapshot) {
        return isSaved(shardId, snapshot.id());
    }

    private static boolean isAtMost(Snapshot savepoint, Snapshot snapshot) {
        RecordPosition position = savepoint.position();
        RecordPosition limit = snapshot.position();
        return position == null || (limit != null && position.compareTo(limit) <= 0);
    }

    /** The store as the operator sees it. */
    final class Operator implements RecoveryStore {
        private final View view = new View();

        @Override
        public SortedMap<String, ShardPointer> pointers() {
            failBefore();
            return new TreeMap<>(pointers);
        }

        @Override
        public @Nullable ShardPointer pointer(String shardId) {
            return view.pointer(shardId);
        }

        @Override
        public List<Snapshot> savepoints(String shardId) {
            return view.savepoints(shardId);
        }

        @Override
        public byte[] load(String shardId, Snapshot snapshot) {
            return view.load(shardId, snapshot);
        }

        @Override
        public Snapshot keep(String shardId, Snapshot snapshot, String label) throws PointerMovedException {
            failBefore();
            ShardPointer now = pointers.get(shardId);
            boolean isPresent =
                    now != null && now.snapshot() != null && now.snapshot().id().equals(snapshot.id());
            if (!isPresent && !isSaved(shardId, snapshot)) {
                throw new PointerMovedException(shardId, "the state is neither present nor a savepoint");
            }
            Snapshot kept = snapshot.labelled(label);
            List<Snapshot> saved = savepoints.computeIfAbsent(shardId, k -> new ArrayList<>());
            saved.removeIf(savepoint -> savepoint.id().equals(snapshot.id()));
            saved.add(kept);
            sort(saved);
            failAfter();
            return kept;
        }

        @Override
        public void release(String shardId, Snapshot savepoint) {
            savepoints
                    .getOrDefault(shardId, List.of())
                    .replaceAll(held -> held.id().equals(savepoint.id()) ? held.labelled(null) : held);
        }

        @Override
        public boolean deleteSavepoint(String shardId, Snapshot savepoint) {
            return savepoints
                    .getOrDefault(shardId, List.of())
                    .removeIf(held -> held.id().equals(savepoint.id()));
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
            failBefore();
            ShardPointer now = pointers.get(shardId);
            boolean isAsExpected = expected == null
                    ? now == null
                    : now != null
                            && now.holder().equals(expected.holder())
                            && Objects.equals(now.snapshot(), expected.snapshot());
            if (!isAsExpected) {
                throw new PointerMovedException(shardId, "the pointer has moved");
            }
            if (to != null) {
                keep(shardId, to, operator.owner());
            }
            boolean told = withoutState && bug != PlantedBug.WITHOUT_STATE_IS_FORGOTTEN;
            ShardPointer moved = ShardPointer.moved(expected, operator, to, told, asked);
            if (asked != null && bug == PlantedBug.EARLIER_GENERATIONS_ARE_FORGOTTEN) {
                moved = new ShardPointer(operator, to, Set.of(), List.of(), told, asked);
            }
            if (expected != null && bug == PlantedBug.REWINDS_DO_NOT_FENCE) {
                pointers.put(shardId, moved.heldBy(expected.holder()));
            } else {
                pointers.put(shardId, moved);
            }
            boolean wholeFromStart = to == null && !withoutState && isFirst.test(shardId);
            if (to != null || wholeFromStart) {
                goesBack(shardId, to);
            }
            if (asked != null) {
                moves.computeIfAbsent(shardId, k -> new HashMap<>()).put(asked.generation(), ids);
            }
            failAfter();
            return moved;
        }
    }

    private void goesBack(String shardId, @Nullable Snapshot savepoint) {
        int number = savepoint == null ? -1 : number(savepoint);
        moves.getOrDefault(shardId, Map.of()).forEach((generation, next) -> {
            if (number < next) {
                undone.computeIfAbsent(shardId, k -> new HashSet<>()).add(generation);
            }
        });
    }

    /** Whether an operator has moved a shard for a generation. */
    boolean isMoved(String shardId, long generation) {
        return moves.getOrDefault(shardId, Map.of()).containsKey(generation);
    }

    /** Whether a shard went back later to a state of before an operator moved it for a generation. */
    boolean wentBehind(String shardId, long generation) {
        return undone.getOrDefault(shardId, Set.of()).contains(generation);
    }

    /** For a message. */
    String pointerOf(String shardId) {
        return String.valueOf(pointers.get(shardId));
    }

    // ---- as whoever moves applications sees it: items, and states as they are stored

    /** Epochs that an import gave to pointers: what tenures before have committed since does not count. */
    private final Map<String, Long> takenFrom = new HashMap<>();

    /** What must not happen. */
    final List<String> wrong = new ArrayList<>();

    /** The count of generations. */
    long generations;

    /** States as they are stored; a part here is as long as a store likes. */
    SnapshotParts parts(int maxPartBytes) {
        return new SnapshotParts() {
            @Override
            public int maxPartBytes() {
                return maxPartBytes;
            }

            @Override
            public void put(String shardId, String id, List<byte[]> parts) {
                states.put(place(shardId, id), List.copyOf(parts));
            }

            @Override
            public List<byte[]> get(String shardId, String id, int count) {
                return SimulatedStore.this.parts(shardId, id, count);
            }

            @Override
            public List<String> ids(String shardId) {
                throw new UnsupportedOperationException();
            }

            @Override
            public void delete(String shardId, String id) {
                throw new UnsupportedOperationException();
            }
        };
    }

    /** Null where there is none. */
    @Nullable
    ShardPointer rawPointer(String shardId) {
        return pointers.get(shardId);
    }

    List<Snapshot> rawSavepoints(String shardId) {
        return List.copyOf(savepoints.getOrDefault(shardId, List.of()));
    }

    void putSavepoint(String shardId, Snapshot savepoint) {
        List<Snapshot> saved = savepoints.computeIfAbsent(shardId, k -> new ArrayList<>());
        saved.removeIf(held -> held.id().equals(savepoint.id()));
        saved.add(savepoint);
        sort(saved);
    }

    /** Whoever puts it has checked that it may. */
    void putPointer(String shardId, ShardPointer pointer) {
        ShardPointer before = pointers.put(shardId, pointer);
        if (before != null) {
            takenFrom.put(shardId, before.holder().epoch() + 1);
            goesBack(shardId, pointer.snapshot());
        }
    }

    /** Tenures that ended on a record. */
    int failed() {
        return failed;
    }

    private void failBefore() {
        if (!calm && random.nextInt(25) == 0) {
            throw new SnapshotStoreException("throttled", new IllegalStateException());
        }
    }

    private void failAfter() {
        if (!calm && random.nextInt(25) == 0) {
            throw new SnapshotStoreException("done, but the answer was lost", new IllegalStateException());
        }
    }
}
