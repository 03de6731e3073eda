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
 * @param withoutState whether an operator sent the shard back to the oldest record of the stream, for which there is no state; up to the
 *     next commit
 * @param reprocessing what the last rewind asks for; null where the shard was never rewound by an operator
 */
public record ShardPointer(
        Claim holder,
        @Nullable Snapshot snapshot,
        Set<String> children,
        List<Failure> failures,
        boolean withoutState,
        @Nullable Reprocessing reprocessing) {
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

    /** Of a shard that was never rewound. */
    public ShardPointer(Claim holder, @Nullable Snapshot snapshot, Set<String> children, List<Failure> failures) {
        this(holder, snapshot, children, failures, false, null);
    }

    public boolean isSealed() {
        return !children.isEmpty();
    }

    /** Whether an operator took the shard's state away so that it begins anew, with what its parents leave to it. */
    public boolean isReset() {
        return snapshot == null && !isSealed() && !withoutState && reprocessing != null;
    }

    /** The same under another tenure. */
    public ShardPointer heldBy(Claim claim) {
        return new ShardPointer(claim, snapshot, children, failures, withoutState, reprocessing);
    }

    /** After a commit of the holder's: what failed is forgotten, what a rewind asks for is not. */
    public ShardPointer at(@Nullable Snapshot state, Set<String> goesOn) {
        return new ShardPointer(holder, state, goesOn, List.of(), false, reprocessing);
    }

    /** The same with other failures. */
    public ShardPointer failing(List<Failure> now) {
        return new ShardPointer(holder, snapshot, children, now, withoutState, reprocessing);
    }

    /**
     * After an operator's move. Who holds the shard now is fenced, and where it was sealed it is processed to its end again.
     *
     * @param from null: the shard was never taken
     * @param asked null: what an earlier rewind asked for stays
     * @throws IllegalArgumentException where the operator's epoch does not fence the holder's, or a move to no state asks for nothing
     */
    public static ShardPointer moved(
            @Nullable ShardPointer from,
            Claim operator,
            @Nullable Snapshot to,
            boolean toWithoutState,
            @Nullable Reprocessing asked) {
        if (from != null && operator.epoch() <= from.holder.epoch()) {
            throw new IllegalArgumentException("the epoch " + operator.epoch() + " does not fence "
                    + from.holder.owner() + ", whose epoch is " + from.holder.epoch() + "; it must be greater");
        }
        if (to == null ? asked == null : toWithoutState) {
            throw new IllegalArgumentException(
                    "a move to no state says what to reprocess, and no other is without state");
        }
        Reprocessing before = from == null ? null : from.reprocessing;
        return new ShardPointer(
                operator, to, Set.of(), List.of(), toWithoutState, asked == null ? before : asked.after(before));
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
