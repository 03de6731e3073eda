package io.processoptimizer.pipeline;

import io.processoptimizer.event.RejectReason;
import java.util.EnumMap;
import java.util.Map;

/** What became of the inputs of a shard since its pipeline was made: counts only, not part of the state. */
public final class Tally {
    private long records;
    private long accepted;
    private long duplicates;
    private long claimsCut;
    private long redriven;
    private final Map<RejectReason, Long> rejected = new EnumMap<>(RejectReason.class);

    void record() {
        records++;
    }

    void accepted() {
        accepted++;
    }

    void duplicate() {
        duplicates++;
    }

    void claimCut() {
        claimsCut++;
    }

    void redriven() {
        redriven++;
    }

    void rejected(RejectReason reason) {
        rejected.merge(reason, 1L, Long::sum);
    }

    /** Records offered, those already held excluded. */
    public long records() {
        return records;
    }

    /** Events and snapshots that changed the state. */
    public long acceptedEvents() {
        return accepted;
    }

    /** Events ignored since their event_id was counted before. */
    public long duplicateEvents() {
        return duplicates;
    }

    /** Interval claims whose late part was cut off. */
    public long cutClaims() {
        return claimsCut;
    }

    /** Records that were dead letters once, whatever became of them now. */
    public long redrivenRecords() {
        return redriven;
    }

    /** Refused inputs by reason; reasons without any are absent. */
    public Map<RejectReason, Long> rejectedInputs() {
        return Map.copyOf(rejected);
    }
}
