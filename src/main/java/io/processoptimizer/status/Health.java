package io.processoptimizer.status;

import java.util.List;
import java.util.Locale;

/**
 * How a worker is.
 *
 * @param isLive false where only a restart helps: the scheduler has ended, or a shard stands still
 * @param problems why it is not live, in sentences that name the shard; empty where it is
 * @param warnings what somebody should look at although a restart does not help
 */
public record Health(boolean isLive, Phase phase, List<String> problems, List<String> warnings) {
    public Health {
        problems = List.copyOf(problems);
        warnings = List.copyOf(warnings);
    }

    /** Whether it takes part in the work: a rolling update may go on. */
    public boolean isReady() {
        return isLive && phase == Phase.RUNNING;
    }

    /** What a worker is doing. */
    public enum Phase {
        /** It waits for the stream, makes tables, and joins the other workers. */
        STARTING,
        /** It takes shards and processes them. */
        RUNNING,
        /** It writes its last states and gives its shards back. */
        STOPPING;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }
}
