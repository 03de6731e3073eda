package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A store in memory that notes what happens, and fails when told to. */
final class MemorySnapshotStore implements SnapshotStore {
    final Map<String, Claim> claims = new HashMap<>();
    final Map<String, ShardState> states = new HashMap<>();
    final List<String> sealed = new ArrayList<>();
    int commits;
    boolean unreachable;

    @Override
    public synchronized @Nullable ShardState claim(String shardId, Claim claim) throws FencedException {
        Claim held = claims.get(shardId);
        if (held != null && held.epoch() > claim.epoch()) {
            throw new FencedException(shardId, claim);
        }
        claims.put(shardId, claim);
        return states.get(shardId);
    }

    @Override
    public synchronized void commit(String shardId, Claim claim, ShardState state, boolean seal)
            throws FencedException {
        if (unreachable) {
            throw new SnapshotStoreException("no answer", new IllegalStateException());
        }
        if (!claim.equals(claims.get(shardId))) {
            throw new FencedException(shardId, claim);
        }
        commits++;
        states.put(shardId, state);
        if (seal) {
            sealed.add(shardId);
        }
    }
}
