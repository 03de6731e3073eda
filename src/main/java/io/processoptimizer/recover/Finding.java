package io.processoptimizer.recover;

import org.jspecify.annotations.Nullable;

/**
 * Something that a person should know.
 *
 * @param kind what it is
 * @param shardId the shard that it is about; null: the application
 * @param text one sentence: the thing and its values
 * @param remedy what to do, a command where there is one
 */
public record Finding(Kind kind, @Nullable String shardId, String text, String remedy) {
    /** What can be found, the worst first: the order in which it is said. */
    public enum Kind {
        WRONG_APPLICATION(true),
        WRONG_STREAM(true),
        NEVER_RUN(true),
        NO_STATE_TABLE(true),
        UNFINISHED_OPERATION(true),
        NO_WORKER(true),
        HANDOVER_STUCK(true),
        LEASE_NOT_RENEWED(true),
        LEASE_NOT_OWNED(true),
        NO_LEASE(true),
        STATE_HELD_BY_LATER(true),
        KCL_AHEAD(true),
        PARENT_NOT_SEALED(true),
        RECORDS_TRIMMED(true),
        NEARLY_TRIMMED(true),
        NO_COMMITS(true),
        BEHIND(true),
        WRONG_CONFIGURATION(true),
        MIXED_CONFIGURATION(true),
        HANDOVER(false),
        WAITS_FOR_PARENT(false),
        FAILED_RECORDS(false),
        KCL_BEHIND(false),
        WORKER_SILENT(false),
        NO_SAVEPOINT(false),
        REPROCESSING(false);

        private final boolean problem;

        Kind(boolean problem) {
            this.problem = problem;
        }

        /** Whether all is not well with it; else it is only said. */
        public boolean isProblem() {
            return problem;
        }
    }
}
