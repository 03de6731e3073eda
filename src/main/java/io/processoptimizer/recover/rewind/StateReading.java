package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.pipeline.StateContents;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Looks into stored states, each as far as is needed, and the same one once. */
final class StateReading implements RewindPlanner.States {
    /** Contents name every process of a state: those of so many states at once are a few megabytes. */
    private static final int KEPT = 64;

    private final RecoveryStore store;
    private final Function<byte[], StateContents> reader;
    private final Map<String, @Nullable Long> readUpTo = new HashMap<>();
    private final Map<String, StateContents> contents = new LinkedHashMap<>();

    /** @param reader of a state's bytes; fails with {@link UnreadableSnapshotException} where they are damaged */
    StateReading(RecoveryStore store, Function<byte[], StateContents> reader) {
        this.store = store;
        this.reader = reader;
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
     * @throws io.processoptimizer.checkpoint.NewerSnapshotException where a newer version wrote it
     */
    @Nullable
    StateContents contents(String shardId, Snapshot state) {
        String name = shardId + "/" + state.id();
        StateContents known = contents.get(name);
        if (known != null) {
            return known;
        }
        try {
            StateContents found = reader.apply(store.load(shardId, state));
            if (contents.size() >= KEPT) {
                contents.remove(contents.keySet().iterator().next());
            }
            contents.put(name, found);
            return found;
        } catch (UnreadableSnapshotException e) {
            return null;
        }
    }
}
