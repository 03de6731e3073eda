package io.processoptimizer.window;

import io.processoptimizer.event.RejectReason;
import org.jspecify.annotations.Nullable;

/** What became of an event that was offered to its process. */
public enum Acceptance {
    ACCEPTED(null, ""),
    /** An event of this id was counted before: ignored. */
    DUPLICATE(null, ""),
    /** The claim began in panes past their lateness and was cut; the event stated nothing else. */
    CLAIM_CUT(null, ""),
    /** The claim was cut and kept; the event's other facts belong to its beginning and are refused. */
    FACTS_LATE(
            RejectReason.LATE,
            "the event's beginning is past the allowed lateness: its state was kept from the first open pane on, its other facts"
                    + " were refused"),
    LATE(RejectReason.LATE, "the event is past the allowed lateness of its pane"),
    FUTURE(RejectReason.FUTURE_TIMESTAMP, "the timestamp is further ahead of the record's arrival than is plausible"),
    TOO_MANY_PROCESSES(
            RejectReason.TOO_MANY_PROCESSES, "the shard has as many processes as limits.processes_per_shard allows"),
    TOO_MANY_STEPS(RejectReason.TOO_MANY_STEPS, "the process has as many steps as limits.steps_per_process allows"),
    TOO_MANY_SAMPLES(
            RejectReason.TOO_MANY_SAMPLES, "the step has as many retained events as limits.samples_per_step allows");

    private final @Nullable RejectReason reason;
    private final String detail;

    Acceptance(@Nullable RejectReason reason, String detail) {
        this.reason = reason;
        this.detail = detail;
    }

    /** Why the event, or a part of it, goes to the dead letters; null where nothing does. */
    public @Nullable RejectReason reason() {
        return reason;
    }

    /** Whether a refusal that was explained so was of a part only: the state was taken. */
    public static boolean isStateKept(String detail) {
        return detail.endsWith(RefusedTime.STATE_KEPT);
    }

    /** One sentence for a person; empty where there is no reason. {@link ShardWindows#detail} adds the figures of the case. */
    public String detail() {
        return detail;
    }
}
