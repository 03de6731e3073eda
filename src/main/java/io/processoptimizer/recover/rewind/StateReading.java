package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.recover.StateCheck;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks into stored states, and remembers what it saw. */
final class StateReading implements RewindPlanner.States {
    /** Contents name every process of a state: those of so many states at once are a few megabytes. */
    private static final int KEPT = 64;

    private final StateCheck check;
    private final Map<String, @Nullable Long> readUpTo = new HashMap<>();
    private final Map<String, StateContents> contents = new LinkedHashMap<>();

    StateReading(StateCheck check) {
        this.check = check;
    }

    @Override
    public @Nullable Long readUpTo(String shardId, Snapshot state) {
        String name = shardId + "/" + state.id();
        if (!readUpTo.containsKey(name)) {
            StateContents found = contents(shardId, state);
            readUpTo.put(name, found == null ? null : Long.valueOf(found.readUpToMillis()));
        }
        return readUpTo.get(name);
    }

    /**
     * What is inside.
     *
     * @return null where it cannot be read
     * @throws io.processoptimizer.checkpoint.SnapshotStoreException where the store does not answer
     */
    @Nullable
    StateContents contents(String shardId, Snapshot state) {
        String name = shardId + "/" + state.id();
        StateContents known = contents.get(name);
        if (known != null) {
            return known;
        }
        StateContents found = check.check(shardId, state).contents();
        if (found != null) {
            if (contents.size() >= KEPT) {
                contents.remove(contents.keySet().iterator().next());
            }
            contents.put(name, found);
        }
        return found;
    }
}
