package io.processoptimizer.checkpoint;

import io.processoptimizer.event.RecordPosition;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The authority on where a shard stands.
 *
 * @param holder the present or last tenure
 * @param snapshot the state to go on from; null before the first commit, and of an ended shard once nobody needs it
 * @param children not empty: the shard has ended, and these go on from its state; the pointer is sealed
 * @param failure the record that the last tenure could not process, or null
 */
public record ShardPointer(
        Claim holder,
        @Nullable Snapshot snapshot,
        Set<String> children,
        @Nullable Failure failure) {
    /**
     * A record on which processing ended.
     *
     * @param position where it stands
     * @param times how often in a row, ≥ 1
     */
    public record Failure(RecordPosition position, int times) {}

    public ShardPointer {
        children = Set.copyOf(children);
    }

    public boolean isSealed() {
        return !children.isEmpty();
    }
}
