package io.processoptimizer.replay;

import io.processoptimizer.pipeline.Tally;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What became of the records of a replay, in its base configuration. */
public final class ReplayTotals {
    private long records;
    private long accepted;
    private long duplicates;
    private long cutClaims;
    private int processes;
    private final Map<String, Long> refused = new TreeMap<>();
    private final Map<String, Long> ignoredFields = new TreeMap<>();
    private final Map<String, ReplayOutputs.ProcessQuality> quality = new TreeMap<>();
    private List<String> damages = List.of();
    private List<InputNote> notes = List.of();

    void add(ReplayWorker worker) {
        Tally tally = worker.tally();
        records += tally.records();
        accepted += tally.acceptedEvents();
        duplicates += tally.duplicateEvents();
        cutClaims += tally.cutClaims();
        processes += worker.processes();
        tally.rejectedInputs().forEach((reason, count) -> refused.merge(reason.label(), count, Long::sum));
        worker.ignoredFields().forEach((field, count) -> ignoredFields.merge(field, count, Long::sum));
        quality.putAll(worker.quality());
    }

    void input(RecordSource source) {
        damages = List.copyOf(source.damages());
        notes = List.copyOf(source.notes());
    }

    /** Records read, those that stood twice in the input counted once. */
    public long records() {
        return records;
    }

    public long accepted() {
        return accepted;
    }

    /** Events ignored since their event_id was counted before. */
    public long duplicates() {
        return duplicates;
    }

    public long cutClaims() {
        return cutClaims;
    }

    public int processes() {
        return processes;
    }

    /** Refused inputs by reason. */
    public Map<String, Long> refused() {
        return refused;
    }

    public Map<String, Long> ignoredFields() {
        return ignoredFields;
    }

    Map<String, ReplayOutputs.ProcessQuality> quality() {
        return quality;
    }

    /** What could not be read to its end; empty where all is well. */
    public List<String> damages() {
        return damages;
    }

    /** What is not in the input, though all of it was read. */
    public List<InputNote> notes() {
        return notes;
    }
}
