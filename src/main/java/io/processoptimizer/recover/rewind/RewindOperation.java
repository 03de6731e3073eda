package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rewind under way, as it is stored: whoever takes it up finds here what is done. An undo is a rewind too, whose steps go to the states
 * before.
 *
 * @param id names it, and the holder of the pointers that it has moved
 * @param operator who began it, user@host
 * @param startedMillis when, epoch milliseconds
 * @param to the target as it was written
 * @param generation of the results from now on
 * @param processes concerned; empty: all
 * @param publish whether adjustments that are decided again are sent
 * @param configuration fingerprint that workers must have, or null
 * @param steps parents before their children
 * @param backup the file that leases and pointers were written to before; null where there is none
 * @param undoes the operation that this one takes back; null: it is none that takes one back
 * @param phase how far it is
 */
public record RewindOperation(
        String id,
        String operator,
        long startedMillis,
        String to,
        long generation,
        Set<String> processes,
        boolean publish,
        @Nullable String configuration,
        List<Step> steps,
        @Nullable String backup,
        @Nullable RewindOperation undoes,
        Phase phase) {
    /** How far an operation is. */
    public enum Phase {
        /** Leases and pointers are being moved. */
        MOVING,
        /** Workers read again. */
        REPROCESSING,
        /** What was not decided again is being marked. */
        SUPERSEDING,
        /** Nothing is left to do. */
        DONE
    }

    /** What is done of a step. */
    public enum Progress {
        /** Nothing. */
        PLANNED,
        /** The present state is kept and named in the step. */
        KEPT,
        /** The pointer stands at the target. */
        POINTED,
        /** So does the lease. */
        MOVED
    }

    /**
     * One shard of it.
     *
     * @param target the state to go on from; null: none
     * @param to the last record that is not read again; null: none
     * @param whole false where records before the target are missing in it
     * @param children not empty: only the lease is put to the end of the shard, from which these went on; of an undo
     * @param backup the state before; null: there was none
     * @param childrenBefore not empty: it had ended before
     * @param until where it stood before; null: nowhere
     * @param firstArrival when the first record that is read again arrived, epoch milliseconds; null: unknown
     */
    public record Step(
            String shardId,
            ShardMove.Kind kind,
            @Nullable Snapshot target,
            @Nullable RecordPosition to,
            boolean whole,
            Set<String> children,
            @Nullable Snapshot backup,
            Set<String> childrenBefore,
            @Nullable RecordPosition until,
            @Nullable Long firstArrival,
            Progress progress) {
        public Step {
            children = Set.copyOf(children);
            childrenBefore = Set.copyOf(childrenBefore);
        }

        Step kept(@Nullable Snapshot state, Set<String> sealedFor, @Nullable RecordPosition stoodAt) {
            return new Step(
                    shardId, kind, target, to, whole, children, state, sealedFor, stoodAt, firstArrival, Progress.KEPT);
        }

        /** To begin anew instead, even where its pointer has been moved already. */
        Step fromParents() {
            return new Step(
                    shardId,
                    ShardMove.Kind.FROM_PARENTS,
                    null,
                    null,
                    true,
                    children,
                    backup,
                    childrenBefore,
                    until,
                    firstArrival,
                    Progress.PLANNED);
        }

        Step at(Progress next) {
            return new Step(
                    shardId, kind, target, to, whole, children, backup, childrenBefore, until, firstArrival, next);
        }
    }

    public RewindOperation {
        processes = Set.copyOf(processes);
        steps = List.copyOf(steps);
    }

    /** Whether it takes an earlier one back. */
    public boolean undo() {
        return undoes != null;
    }

    /** The holder of pointers that it has moved, until a worker takes them. */
    public String holder() {
        return "recover:" + id;
    }

    RewindOperation with(Step changed) {
        List<Step> all = steps.stream()
                .map(step -> step.shardId().equals(changed.shardId()) ? changed : step)
                .toList();
        return with(all);
    }

    RewindOperation with(List<Step> all) {
        return new RewindOperation(
                id,
                operator,
                startedMillis,
                to,
                generation,
                processes,
                publish,
                configuration,
                all,
                backup,
                undoes,
                phase);
    }

    RewindOperation in(Phase next) {
        return new RewindOperation(
                id,
                operator,
                startedMillis,
                to,
                generation,
                processes,
                publish,
                configuration,
                steps,
                backup,
                undoes,
                next);
    }
}
