package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.Effect;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts what a replay gave, and folds each process into a line. */
public final class ReplaySummary implements ReplayConsumer {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String defaultWindow;
    private final Map<String, ProcessSummary> processes = new TreeMap<>();
    private long windows;
    private long provisional;
    private long revised;
    private long adjustments;
    private final Map<String, Long> effects = new TreeMap<>();

    ReplaySummary(String defaultWindow) {
        this.defaultWindow = defaultWindow;
    }

    @Override
    public void window(int variant, WindowDigest digest, Slice line, int editions) {
        if (variant != 0) {
            return;
        }
        windows++;
        provisional += digest.isFinal() ? 0 : 1;
        revised += editions > 1 ? 1 : 0;
        if (digest.window().equals(defaultWindow)) {
            process(digest.processId()).add(digest, editions);
        }
    }

    @Override
    public void adjustment(int variant, String processId, Slice line) throws IOException {
        if (variant == 0) {
            adjustments++;
            process(processId).adjustments++;
            JsonNode verdict = JSON.readTree(line.bytes(), line.from(), line.length())
                    .path(AdviceJson.EFFECT)
                    .path("verdict");
            if (verdict.isTextual()) {
                effects.merge(verdict.asText(), 1L, Long::sum);
            }
        }
    }

    /** The process as far as its outputs were handed over. */
    ProcessSummary process(String processId) {
        return processes.computeIfAbsent(processId, ProcessSummary::new);
    }

    boolean has(String processId) {
        return processes.containsKey(processId);
    }

    /** Of all window definitions. */
    public long windows() {
        return windows;
    }

    public long provisional() {
        return provisional;
    }

    public long revised() {
        return revised;
    }

    public long adjustments() {
        return adjustments;
    }

    /** How many adjustments had which effect, by {@link Effect.Verdict#label()}; the others were not measured, the input ended before. */
    public Map<String, Long> effects() {
        return effects;
    }

    /** All processes, the one that falls shortest of its target first; those without an OEE last. */
    List<ProcessSummary> worstFirst() {
        List<ProcessSummary> sorted = new ArrayList<>(processes.values());
        sorted.sort(Comparator.comparingDouble((ProcessSummary process) -> -process.shortfall())
                .thenComparing(process -> process.processId));
        return sorted;
    }

    long firstStartMillis() {
        return processes.values().stream()
                .mapToLong(process -> process.firstStartMillis)
                .min()
                .orElse(0);
    }

    long lastEndMillis() {
        return processes.values().stream()
                .mapToLong(process -> process.lastEndMillis)
                .max()
                .orElse(0);
    }
}
