package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads where shards stand while their workers commit: each commit deletes the state before it, so that one which the pointer named a
 * moment ago may be gone, and the shard stands at the next one.
 */
final class PresentStates {
    /** A commit takes longer than a look, so the second is enough; more are for many that follow each other closely. */
    private static final int LOOKS = 5;

    private final Function<String, @Nullable ShardPointer> pointers;
    private final RewindPlanner.States states;

    /** @param pointers of a shard by its id, as it is stored now; null where it was never taken */
    PresentStates(Function<String, @Nullable ShardPointer> pointers, RewindPlanner.States states) {
        this.pointers = pointers;
        this.states = states;
    }

    /**
     * The shard with a state that could be read.
     *
     * @return as it was seen where that can be read, or where the shard still stands there and the state is damaged
     */
    ShardFacts readable(ShardFacts seen) {
        ShardPointer pointer = seen.pointer();
        ShardPointer readable = pointer == null ? null : readable(seen.shardId(), pointer);
        return Objects.equals(readable, pointer) ? seen : seen.standing(readable);
    }

    /** The state where a shard stands now, which may be damaged; null where it has none. */
    @Nullable
    Snapshot now(String shardId) {
        ShardPointer pointer = pointers.apply(shardId);
        return pointer == null ? null : readable(shardId, pointer).snapshot();
    }

    private ShardPointer readable(String shardId, ShardPointer seen) {
        ShardPointer pointer = seen;
        for (int look = 0; look < LOOKS; look++) {
            Snapshot state = pointer.snapshot();
            if (state == null || states.readUpTo(shardId, state) != null) {
                return pointer;
            }
            ShardPointer next = pointers.apply(shardId);
            Snapshot later = next == null ? null : next.snapshot();
            if (next == null || (later != null && later.id().equals(state.id()))) {
                return pointer;
            }
            pointer = next;
        }
        return pointer;
    }
}
