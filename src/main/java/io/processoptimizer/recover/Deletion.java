package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.Snapshot;
import org.jspecify.annotations.Nullable;

/** Whether a savepoint may be deleted: pure. */
public final class Deletion {
    private Deletion() {}

    /**
     * Why it is not deleted and what to do instead; null: it may be.
     *
     * @param present whether its shard stands there
     * @param operation of an operator, that is not done; null: none
     */
    public static @Nullable String refusal(
            Snapshot savepoint, boolean present, Sighting.@Nullable Operation operation) {
        if (operation != null) {
            return "the operation " + operation.id() + " of " + operation.operator()
                    + " is not done and may need it; complete it first (recover rewind --resume, or --undo)";
        }
        if (present) {
            return "it is the state where the shard stands; the next commit replaces that, then try again";
        }
        return savepoint.isKept()
                ? "it is kept ('" + savepoint.label() + "'); recover savepoints release " + savepoint.id() + " first"
                : null;
    }
}
