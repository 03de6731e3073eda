package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardPointer.Failure;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A store in memory that notes what happens, and fails when told to. */
final class MemorySnapshotStore implements SnapshotStore {
    final Map<String, ShardPointer> pointers = new HashMap<>();
    final Map<String, byte[]> states = new HashMap<>();
    final Map<String, List<Snapshot>> savepoints = new HashMap<>();
    final List<String> retired = new ArrayList<>();
    int commits;
    boolean unreachable;

    @Nullable
    String configuration;

    /** What happens in the world just before a state is loaded. */
    Runnable beforeLoad = () -> {};

    /** Puts a state as an earlier tenure left it. */
    Snapshot put(String shardId, @Nullable RecordPosition position, byte[] data, String... children) {
        Snapshot snapshot = add(new ShardState(position, data));
        pointers.put(shardId, new ShardPointer(new Claim("before", 0), snapshot, Set.of(children), List.of()));
        return snapshot;
    }

    Snapshot add(ShardState state) {
        String id = String.valueOf(states.size());
        states.put(id, state.data());
        return new Snapshot(id, state.position(), 1, state.data().length, 0);
    }

    @Nullable
    RecordPosition position(String shardId) {
        Snapshot snapshot = Objects.requireNonNull(pointers.get(shardId)).snapshot();
        return snapshot == null ? null : snapshot.position();
    }

    Claim holder(String shardId) {
        return Objects.requireNonNull(pointers.get(shardId)).holder();
    }

    @Override
    public @Nullable String configuration() {
        return configuration;
    }

    @Override
    public synchronized ShardPointer claim(String shardId, Claim claim) throws FencedException {
        reach();
        ShardPointer held = pointers.get(shardId);
        if (held != null && held.holder().epoch() > claim.epoch()) {
            throw new FencedException(shardId, claim);
        }
        ShardPointer taken = held == null ? new ShardPointer(claim, null, Set.of(), List.of()) : held.heldBy(claim);
        pointers.put(shardId, taken);
        return taken;
    }

    @Override
    public synchronized @Nullable ShardPointer pointer(String shardId) {
        reach();
        return pointers.get(shardId);
    }

    @Override
    public synchronized byte[] load(String shardId, Snapshot snapshot) {
        reach();
        beforeLoad.run();
        byte[] state = states.get(snapshot.id());
        if (state == null) {
            throw new UnreadableSnapshotException("the state of " + shardId + " is gone");
        }
        return state;
    }

    @Override
    public synchronized void commit(String shardId, Claim claim, ShardState state, Set<String> children)
            throws FencedException {
        reach();
        ShardPointer held = held(shardId, claim);
        commits++;
        pointers.put(shardId, held.at(add(state), children));
    }

    @Override
    public synchronized List<Snapshot> savepoints(String shardId) {
        return savepoints.getOrDefault(shardId, List.of());
    }

    @Override
    public synchronized void rewind(String shardId, Claim claim, Snapshot savepoint) throws FencedException {
        pointers.put(shardId, held(shardId, claim).at(savepoint, Set.of()));
    }

    @Override
    public synchronized int failed(String shardId, Claim claim, RecordPosition position) throws FencedException {
        reach();
        ShardPointer held = held(shardId, claim);
        List<Failure> failures = held.failuresWith(position);
        pointers.put(shardId, held.failing(failures));
        return held.timesFailed(position) + 1;
    }

    @Override
    public synchronized void retire(String shardId) {
        retired.add(shardId);
    }

    private ShardPointer held(String shardId, Claim claim) throws FencedException {
        ShardPointer held = Objects.requireNonNull(pointers.get(shardId));
        if (!claim.equals(held.holder())) {
            throw new FencedException(shardId, claim);
        }
        return held;
    }

    private void reach() {
        if (unreachable) {
            throw new SnapshotStoreException("no answer", new IllegalStateException());
        }
    }
}
