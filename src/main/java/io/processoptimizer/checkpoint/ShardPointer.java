package io.processoptimizer.checkpoint;

import io.processoptimizer.event.RecordPosition;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The authority on where a shard stands.
 *
 * @param holder the present or last tenure
 * @param snapshot the state to go on from; null before the first commit, and of an ended shard once nobody needs it
 * @param children not empty: the shard has ended, and these go on from its state; the pointer is sealed
 * @param failures the records that could not be processed since the last commit, in the order of the shard
 */
public record ShardPointer(Claim holder, @Nullable Snapshot snapshot, Set<String> children, List<Failure> failures) {
    /** More records than this at once are not poison: something else is wrong. */
    public static final int MAX_FAILURES = 100;

    /**
     * A record on which processing ended.
     *
     * @param position where it stands
     * @param times how often, ≥ 1
     */
    public record Failure(RecordPosition position, int times) {}

    public ShardPointer {
        children = Set.copyOf(children);
        failures = failures.stream()
                .sorted(Comparator.comparing(Failure::position))
                .toList();
    }

    public boolean isSealed() {
        return !children.isEmpty();
    }

    /** How often processing has ended on a record since the last commit, 0 or more. */
    public int timesFailed(RecordPosition position) {
        for (Failure failure : failures) {
            if (failure.position().equals(position)) {
                return failure.times();
            }
        }
        return 0;
    }

    /**
     * The failures when processing ends on a record once more.
     *
     * @throws IllegalStateException where that are too many records
     */
    public List<Failure> failuresWith(RecordPosition position) {
        List<Failure> all = new ArrayList<>(failures);
        all.removeIf(failure -> failure.position().equals(position));
        if (all.size() >= MAX_FAILURES) {
            throw new IllegalStateException("more than " + MAX_FAILURES
                    + " records could not be processed since the last commit; the log has the error of each");
        }
        all.add(new Failure(position, timesFailed(position) + 1));
        return all;
    }
}
