package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.recover.rewind.RewindOperation.Progress;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Shards that have to go back too because of what happened after a rewind was planned: a shard of it was read to its end, so others went
 * on from the state that is to be computed again; or the other parent of one that begins anew was, so its last state may be deleted at
 * any moment.
 */
final class Latecomers {
    private final RecoveryStore store;
    private final LeaseMoves leases;
    private final Map<String, ShardFacts> shards;

    /** @param shards as they were when the rewind was planned, or gone on with */
    Latecomers(RecoveryStore store, LeaseMoves leases, Map<String, ShardFacts> shards) {
        this.store = store;
        this.leases = leases;
        this.shards = shards;
    }

    /**
     * Who has to join a rewind, or go further back than planned, before the pointer of one of its shards moves.
     *
     * @param pointer of that shard, as the move will require it
     * @return in place of those that are planned for the same shards; empty where the rewind is as it must be
     */
    List<Step> of(RewindOperation operation, Step step, ShardPointer pointer) throws InterruptedException {
        Map<String, Step> going = new HashMap<>();
        operation.steps().forEach(planned -> going.put(planned.shardId(), planned));
        List<Step> late = new ArrayList<>();
        for (String child : new TreeSet<>(pointer.children())) {
            Step planned = going.get(child);
            if (planned == null) {
                late.add(step(child, ShardMove.Kind.FROM_PARENTS, null));
            } else if (!operation.undo() && planned.kind() != ShardMove.Kind.FROM_PARENTS) {
                late.add(planned.fromParents());
            }
        }
        if (step.kind() == ShardMove.Kind.FROM_PARENTS) {
            for (String parent : parentsOf(step.shardId())) {
                ShardPointer other = going.containsKey(parent) ? null : store.pointer(parent);
                if (other != null && other.isSealed()) {
                    late.add(
                            descendsFrom(parent, going.keySet())
                                    ? step(parent, ShardMove.Kind.FROM_PARENTS, null)
                                    : step(parent, ShardMove.Kind.SAVEPOINT, newest(parent, other)));
                }
            }
        }
        return late;
    }

    private boolean descendsFrom(String shardId, Set<String> ancestors) throws InterruptedException {
        for (String parent : parentsOf(shardId)) {
            if (ancestors.contains(parent) || descendsFrom(parent, ancestors)) {
                return true;
            }
        }
        return false;
    }

    private Snapshot newest(String shardId, ShardPointer pointer) {
        Snapshot last = pointer.snapshot();
        if (last != null) {
            return last;
        }
        List<Snapshot> savepoints = store.savepoints(shardId);
        if (savepoints.isEmpty()) {
            throw new IllegalStateException(
                    shardId + " was read to its end after the rewind was planned, and neither its"
                            + " last state nor a savepoint of it is left; take the rewind back with --undo, and rewind to a time"
                            + " or to TRIM_HORIZON");
        }
        return savepoints.get(0);
    }

    private static Step step(String shardId, ShardMove.Kind kind, @Nullable Snapshot target) {
        return new Step(
                shardId,
                kind,
                target,
                target == null ? null : target.position(),
                true,
                Set.of(),
                null,
                Set.of(),
                null,
                null,
                Progress.PLANNED);
    }

    /** Parents before their children. */
    List<Step> inOrder(List<Step> steps) throws InterruptedException {
        List<Step> ordered = new ArrayList<>();
        List<Step> left = new ArrayList<>(steps);
        // Each round takes at least one: a shard's parents are older than it.
        while (!left.isEmpty()) {
            List<Step> later = new ArrayList<>();
            for (Step step : left) {
                List<String> parents = parentsOf(step.shardId());
                boolean waits = left.stream().anyMatch(other -> parents.contains(other.shardId()));
                (waits ? later : ordered).add(step);
            }
            if (later.size() == left.size()) {
                throw new IllegalStateException("shards that are their own ancestors: " + later);
            }
            left = later;
        }
        return ordered;
    }

    /** Empty where nobody knows any. */
    private List<String> parentsOf(String shardId) throws InterruptedException {
        ShardFacts facts = shards.get(shardId);
        if (facts != null) {
            return facts.parents();
        }
        ShardLease lease = leases.lease(shardId);
        return lease == null ? List.of() : lease.parents();
    }
}
