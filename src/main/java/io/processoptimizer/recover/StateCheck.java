package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.NewerSnapshotException;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.StateContents;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a stored state as a worker would: all of its parts, their checksum, and a pipeline that restores it. */
public final class StateCheck {
    private final SnapshotStore store;
    private final PipelineSettings settings;
    private final ProcessDefinitions definitions;

    public StateCheck(SnapshotStore store, PipelineSettings settings, ProcessDefinitions definitions) {
        this.store = store;
        this.settings = settings;
        this.definitions = definitions;
    }

    /**
     * What came of it: one of the two.
     *
     * @param contents what is inside; null where it cannot be read
     * @param fault what is wrong with it; null where it can
     */
    public record Outcome(
            @Nullable StateContents contents, @Nullable String fault) {}

    /** @throws SnapshotStoreException where the store cannot be reached, which says nothing about the state */
    public Outcome check(String shardId, Snapshot snapshot) {
        try {
            ShardPipeline pipeline = new ShardPipeline(settings, definitions, new NoOutputs());
            pipeline.restore(store.load(shardId, snapshot));
            StateContents contents = pipeline.contents();
            if (!Objects.equals(contents.position(shardId), snapshot.position())) {
                return new Outcome(
                        null,
                        "it stands at " + contents.position(shardId) + ", and its item says " + snapshot.position());
            }
            return new Outcome(contents, null);
        } catch (UnreadableSnapshotException | NewerSnapshotException e) {
            return new Outcome(null, String.valueOf(e.getMessage()));
        } catch (SnapshotStoreException e) {
            throw e;
        } catch (RuntimeException e) {
            // The checksum was right, so this is no damage on the way: what wrote it was wrong, or what reads it is.
            return new Outcome(null, "it cannot be restored: " + e);
        }
    }
}
