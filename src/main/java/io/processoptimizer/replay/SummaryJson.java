package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.event.RecordPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** {@code summary.json}: what went in, what came of it, by which configuration. The same for every run over the same input. */
final class SummaryJson {
    static final String FILE = "summary.json";
    private static final ObjectMapper JSON = new ObjectMapper();

    private SummaryJson() {}

    static void write(Path file, Replay replay) throws IOException {
        String json = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(of(replay)) + "\n";
        WholeFile.write(file, out -> out.write(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static ObjectNode of(Replay replay) {
        ReplayTotals totals = replay.totals();
        ReplaySummary summary = replay.summary();
        ObjectNode node = JSON.createObjectNode();
        ArrayNode inputs = node.putArray("inputs");
        replay.request().inputs().forEach(inputs::add);
        node.put("records", totals.records());
        node.put("accepted", totals.accepted());
        node.put("duplicates", totals.duplicates());
        node.put("cut_claims", totals.cutClaims());
        node.set("refused", counts(totals.refused()));
        node.set("ignored_fields", counts(totals.ignoredFields()));
        ArrayNode damages = node.putArray("damages");
        totals.damages().forEach(damages::add);
        ArrayNode notes = node.putArray("notes");
        totals.notes().forEach(note -> write(note, notes.addObject()));
        node.put("processes", totals.processes());
        node.put("windows", summary.windows());
        node.put("provisional", summary.provisional());
        node.put("revised", summary.revised());
        node.put("adjustments", summary.adjustments());
        node.set("effects", counts(summary.effects()));
        RecordedDesk recorded = replay.request().plan().base().recorded();
        if (recorded != null) {
            ObjectNode advice = node.putObject("recorded_advice");
            advice.put("as_recorded", recorded.asRecorded());
            advice.put("not_recorded", recorded.notRecorded());
        }
        RollUp.write(summary.worstFirst(), replay.request().plan().base().definitions(), node);
        node.put("from", summary.firstStartMillis());
        node.put("to", summary.lastEndMillis());
        node.put("calculation_version", WindowAnalysis.CALCULATION_VERSION);
        ObjectNode settings = node.putObject("settings");
        replay.request().plan().base().changes().forEach(settings::put);
        Comparison comparison = replay.comparison();
        if (comparison != null) {
            node.set("comparison", ComparisonJson.summary(comparison));
        }
        BaselineCheck baseline = replay.baseline();
        if (baseline != null) {
            ObjectNode check = node.putObject("baseline");
            check.put("same", baseline.same());
            check.put("different", baseline.different());
            check.put("missing", baseline.missing());
            check.put("added", baseline.added());
            check.put("not_compared", baseline.notCompared());
            check.put("superseded", baseline.takenBack());
        }
        return node;
    }

    private static void write(InputNote note, ObjectNode node) {
        if (note instanceof InputNote.MissingRecords missing) {
            node.put("kind", "missing_records");
            node.put("recording", missing.recording());
            node.put("shard", missing.shard());
            RecordPosition after = missing.after();
            node.put("after_sequence", after == null ? null : after.sequenceNumber());
            node.put("noticed", missing.noticedMillis());
        } else if (note instanceof InputNote.SelectedShards selected) {
            node.put("kind", "selected_shards");
            node.put("recording", selected.recording());
            ArrayNode shards = node.putArray("shards");
            selected.shards().forEach(shards::add);
        } else if (note instanceof InputNote.Stopped stopped) {
            node.put("kind", "stopped");
            node.put("records", stopped.records());
            node.put("at", stopped.atMillis());
        }
        node.put("text", note.text());
    }

    static ObjectNode counts(Map<String, Long> counts) {
        ObjectNode node = JSON.createObjectNode();
        counts.forEach(node::put);
        return node;
    }
}
