package io.processoptimizer.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.event.Place;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.replay.ReplayOutputs.ProcessQuality;
import io.processoptimizer.window.WindowDefinition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what {@link ReportPage} shows, a process after the other; only the worst processes and those that were asked for keep their
 * curves. The schema is documented there.
 */
final class ReportData implements ReplayConsumer {
    /** Processes with curves: about 50 kB each in the page. */
    private static final int MAX_DETAILS = 50;

    private static final JsonFactory JSON = new ObjectMapper().getFactory();
    private static final Loss[] LOSSES = Loss.values();

    private final WindowDefinition window;
    private final Set<String> wanted;
    private final ReplaySummary summary;
    private final PlantCurve plant;
    private final ShiftTable shifts = new ShiftTable();
    private final Map<String, double[]> sparks = new HashMap<>();
    private final Map<String, ProcessDetail> asked = new HashMap<>();

    /** The one to give way first: the least bad, and of equals the later name. */
    private final PriorityQueue<Ranked> worst = new PriorityQueue<>(Comparator.comparingDouble(Ranked::shortfall)
            .thenComparing(ranked -> ranked.detail.processId, Comparator.reverseOrder()));

    private ProcessDetail detail = new ProcessDetail("");

    private record Ranked(double shortfall, ProcessDetail detail) {}

    /** @param summary is handed the same outputs, before this */
    ReportData(WindowDefinition window, Collection<String> wanted, ReplaySummary summary) {
        this.window = window;
        this.summary = summary;
        this.wanted = new HashSet<>(wanted);
        plant = new PlantCurve(window.slideMillis());
    }

    @Override
    public void window(int variant, WindowDigest digest, Slice line, int editions) {
        if (variant != 0) {
            return;
        }
        if (digest.shift() != null) {
            shifts.add(digest);
            enter(digest.processId());
            detail.addShift(digest);
        }
        if (!digest.window().equals(window.name())) {
            return;
        }
        enter(digest.processId());
        plant.add(digest);
        detail.add(digest, window.slideMillis());
    }

    @Override
    public void adjustment(int variant, String processId, Slice line) throws IOException {
        if (variant == 0) {
            enter(processId);
            detail.add(line);
        }
    }

    private void enter(String processId) {
        if (!detail.processId.equals(processId)) {
            detail = new ProcessDetail(processId);
        }
    }

    @Override
    public void processEnded(String processId) {
        if (!detail.processId.equals(processId)) {
            return;
        }
        sparks.put(processId, detail.spark());
        if (wanted.contains(processId)) {
            asked.put(processId, detail);
        } else {
            worst.add(new Ranked(summary.process(processId).shortfall(), detail));
            if (worst.size() > MAX_DETAILS) {
                worst.remove();
            }
        }
    }

    /** @param createdMillis when the report is made */
    byte[] toJson(Replay replay, String product, long createdMillis) throws IOException {
        Map<String, ProcessDetail> details = new HashMap<>(asked);
        worst.forEach(ranked -> details.put(ranked.detail.processId, ranked.detail));
        List<ProcessSummary> processes = summary.worstFirst();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField(
                    "title", "Replay of " + String.join(", ", replay.request().inputs()));
            json.writeStringField("product", product);
            json.writeNumberField("created", createdMillis);
            json.writeObjectField("inputs", replay.request().inputs());
            json.writeNumberField("from", summary.firstStartMillis());
            json.writeNumberField("to", summary.lastEndMillis());
            json.writeObjectFieldStart("window");
            json.writeStringField("name", window.name());
            json.writeNumberField("size_ms", window.sizeMillis());
            json.writeNumberField("slide_ms", window.slideMillis());
            json.writeEndObject();
            json.writeObjectField("settings", replay.request().plan().base().changes());
            totals(replay.totals(), processes, json);
            plant(processes, json);
            ProcessDefinitions definitions = replay.request().plan().base().definitions();
            places(processes, definitions, json);
            json.writeObjectField("shifts", shifts.toJson());
            json.writeNumberField("shifts_left_out", shifts.leftOut());
            json.writeArrayFieldStart("processes");
            Map<String, ProcessQuality> quality = replay.totals().quality();
            int detailed = 0;
            for (ProcessSummary folded : processes) {
                Integer index = details.containsKey(folded.processId) ? Integer.valueOf(detailed++) : null;
                process(folded, RollUp.placeOf(folded, definitions), quality.get(folded.processId), index, json);
            }
            json.writeEndArray();
            json.writeArrayFieldStart("details");
            for (ProcessSummary folded : processes) {
                ProcessDetail shown = details.get(folded.processId);
                if (shown != null) {
                    detail(shown, folded, quality.get(folded.processId), json);
                }
            }
            json.writeEndArray();
            comparison(replay.comparison(), json);
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private void totals(ReplayTotals totals, List<ProcessSummary> processes, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("totals");
        json.writeNumberField("records", totals.records());
        json.writeNumberField("accepted", totals.accepted());
        json.writeNumberField("duplicates", totals.duplicates());
        json.writeNumberField("cut_claims", totals.cutClaims());
        json.writeArrayFieldStart("notes");
        for (String damage : totals.damages()) {
            json.writeString(damage);
        }
        for (InputNote note : totals.notes()) {
            json.writeString(note.text());
        }
        json.writeEndArray();
        json.writeObjectField("refused", totals.refused());
        json.writeObjectField("ignored_fields", totals.ignoredFields());
        json.writeNumberField(
                "gaps",
                totals.quality().values().stream()
                        .mapToLong(quality -> quality.gapCount)
                        .sum());
        json.writeNumberField("windows", summary.windows());
        json.writeNumberField("provisional", summary.provisional());
        json.writeNumberField("revised", summary.revised());
        json.writeNumberField("processes", processes.size());
        json.writeNumberField(
                "below_target",
                processes.stream().filter(process -> process.shortfall() > 0).count());
        json.writeNumberField("adjustments", summary.adjustments());
        json.writeObjectField("effects", summary.effects());
        json.writeEndObject();
    }

    private void plant(List<ProcessSummary> processes, JsonGenerator json) throws IOException {
        Collection<PlantCurve.Point> points = plant.points().values();
        json.writeObjectFieldStart("plant");
        json.writeObjectField("t", plant.points().keySet());
        ratios("p10", points.stream().mapToDouble(point -> point.quantile(0.1)).toArray(), json);
        ratios(
                "median",
                points.stream().mapToDouble(point -> point.quantile(0.5)).toArray(),
                json);
        ratios("p90", points.stream().mapToDouble(point -> point.quantile(0.9)).toArray(), json);
        json.writeObjectField(
                "below_target",
                points.stream().mapToInt(point -> point.belowTarget).toArray());
        json.writeObjectField(
                "processes", points.stream().mapToInt(point -> point.processes).toArray());
        losses(processes, json);
        json.writeEndObject();
    }

    private static void places(List<ProcessSummary> processes, ProcessDefinitions definitions, JsonGenerator json)
            throws IOException {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        RollUp.byPlace(processes, definitions).forEach((place, sums) -> {
            ObjectNode node = nodes.addObject().put("site", place.site()).put("area", place.area());
            sums.write(node);
        });
        json.writeObjectField("places", nodes);
    }

    private static void losses(List<ProcessSummary> processes, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("losses");
        for (Loss loss : LOSSES) {
            json.writeNumberField(
                    loss.label(),
                    processes.stream()
                            .mapToDouble(process -> process.lossMillis(loss))
                            .sum());
        }
        json.writeEndObject();
        json.writeNumberField(
                "planned_ms",
                processes.stream().mapToLong(ProcessSummary::plannedMillis).sum());
        json.writeNumberField(
                "fully_productive_ms",
                processes.stream().mapToDouble(ProcessSummary::productiveMillis).sum());
    }

    private void process(
            ProcessSummary summary,
            Place place,
            @Nullable ProcessQuality quality,
            @Nullable Integer detailIndex,
            JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", summary.processId);
        json.writeStringField("site", place.site());
        json.writeStringField("area", place.area());
        ratio("oee", summary.oee(), json);
        ratio("availability", summary.availability(), json);
        ratio("performance", summary.performance(), json);
        ratio("quality", summary.quality(), json);
        ratio("target", summary.targetOee, json);
        json.writeNumberField("windows", summary.windows);
        json.writeNumberField("below", summary.belowTarget);
        ratio("worst_oee", summary.worstOee, json);
        json.writeNumberField("worst_at", summary.worstAtMillis);
        Loss loss = summary.largestLoss();
        json.writeStringField("largest_loss", loss == null ? null : loss.label());
        ratio(
                "largest_loss_share",
                loss == null || summary.plannedMillis() == 0
                        ? Double.NaN
                        : summary.lossMillis(loss) / summary.plannedMillis(),
                json);
        String constraint = summary.constraint();
        json.writeStringField("constraint", constraint);
        ratio("constraint_share", constraint == null ? Double.NaN : summary.constraintShare(constraint), json);
        json.writeNumberField("adjustments", summary.adjustments);
        long late = quality == null ? 0 : quality.refused.getOrDefault(RejectReason.LATE.label(), 0L);
        long refused = quality == null
                ? 0
                : quality.refused.values().stream().mapToLong(Long::longValue).sum();
        json.writeNumberField("late", late);
        json.writeNumberField("refused", refused);
        json.writeNumberField("gaps", quality == null ? 0 : quality.gapCount);
        ratios("spark", sparks.getOrDefault(summary.processId, new double[0]), json);
        json.writeObjectField("detail", detailIndex);
        json.writeEndObject();
    }

    private void detail(
            ProcessDetail shown, ProcessSummary summary, @Nullable ProcessQuality quality, JsonGenerator json)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("id", shown.processId);
        ratio("target", summary.targetOee, json);
        json.writeObjectField("steps", shown.states.keySet());
        json.writeObjectField(
                "t",
                shown.points.stream().mapToLong(ProcessDetail.Point::endMillis).toArray());
        ratios(
                "oee",
                shown.points.stream().mapToDouble(ProcessDetail.Point::oee).toArray(),
                json);
        ratios(
                "a",
                shown.points.stream()
                        .mapToDouble(ProcessDetail.Point::availability)
                        .toArray(),
                json);
        ratios(
                "p",
                shown.points.stream()
                        .mapToDouble(ProcessDetail.Point::performance)
                        .toArray(),
                json);
        ratios(
                "q",
                shown.points.stream().mapToDouble(ProcessDetail.Point::quality).toArray(),
                json);
        json.writeObjectField(
                "final",
                shown.points.stream().mapToInt(point -> point.isFinal() ? 1 : 0).toArray());
        losses(List.of(summary), json);
        json.writeArrayFieldStart("constraint");
        for (ProcessDetail.Stretch stretch : shown.constraints) {
            json.writeStartObject();
            json.writeNumberField("from", stretch.fromMillis());
            json.writeNumberField("to", stretch.toMillis());
            json.writeStringField("step", stretch.step());
            json.writeStringField(
                    "confidence",
                    stretch.confidence() == null ? null : stretch.confidence().label());
            json.writeEndObject();
        }
        json.writeEndArray();
        states(shown, json);
        shifts(shown, json);
        adjustments(shown, json);
        json.writeArrayFieldStart("gaps");
        for (long from : quality == null ? List.<Long>of() : quality.gaps) {
            json.writeStartArray();
            json.writeNumber(from);
            json.writeObject(shown.endOfSilence(from, window.slideMillis()));
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeObjectField("refused", quality == null ? Map.of() : quality.refused);
        json.writeEndObject();
    }

    private static void states(ProcessDetail shown, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("states");
        for (Map.Entry<String, List<ProcessDetail.Run>> step : shown.states.entrySet()) {
            json.writeArrayFieldStart(step.getKey());
            for (ProcessDetail.Run run : step.getValue()) {
                json.writeStartArray();
                json.writeNumber(run.fromMillis());
                json.writeNumber(run.toMillis());
                json.writeString(run.state().name());
                json.writeEndArray();
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static void shifts(ProcessDetail shown, JsonGenerator json) throws IOException {
        ArrayNode nodes = JsonNodeFactory.instance.arrayNode();
        for (WindowDigest shift : shown.shifts) {
            ObjectNode node = nodes.addObject()
                    .put("day", shift.day())
                    .put("shift", shift.shift())
                    .put("from", shift.startMillis())
                    .put("to", shift.endMillis())
                    .put("target", shift.targetOee())
                    .put("constraint", shift.constraint())
                    .put("provisional", shift.isFinal() ? 0 : 1);
            RollUp alone = new RollUp();
            alone.add(shift);
            alone.write(node);
        }
        json.writeObjectField("shifts", nodes);
    }

    private static void adjustments(ProcessDetail shown, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("adjustments");
        for (ProcessDetail.Adjusted adjusted : shown.adjustments) {
            json.writeStartObject();
            json.writeNumberField("at", adjusted.atMillis());
            json.writeStringField("id", adjusted.id());
            json.writeStringField("step", adjusted.step());
            json.writeStringField("lever", adjusted.lever());
            json.writeStringField("text", adjusted.text());
            json.writeStringField("priority", adjusted.priority());
            json.writeStringField("source", adjusted.source());
            json.writeObjectField(AdviceJson.EXPECTED, adjusted.expected());
            json.writeObjectField(AdviceJson.EFFECT, adjusted.effect());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void comparison(@Nullable Comparison comparison, JsonGenerator json) throws IOException {
        if (comparison == null) {
            json.writeNullField("comparison");
            return;
        }
        json.writeObjectFieldStart("comparison");
        json.writeArrayFieldStart("variants");
        for (Variant variant : comparison.variants()) {
            json.writeStartObject();
            json.writeStringField("name", variant.name());
            json.writeObjectField("settings", variant.changes());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeObjectField("summary", ComparisonJson.summary(comparison));
        json.writeArrayFieldStart("changes");
        for (Comparison.Change change : comparison.kept()) {
            json.writeStartObject();
            json.writeStringField("variant", change.variant());
            json.writeStringField("process", change.processId());
            json.writeNumberField("window_end", change.windowEndMillis());
            json.writeStringField("what", change.what().label());
            json.writeStringField("base", change.base());
            json.writeStringField("variant_value", change.other());
            json.writeStringField("why", change.why());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeNumberField("changes_left_out", comparison.leftOut());
        json.writeEndObject();
    }

    private static void ratios(String name, double[] values, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart(name);
        for (double value : values) {
            if (Double.isNaN(value)) {
                json.writeNull();
            } else {
                json.writeNumber(rounded(value));
            }
        }
        json.writeEndArray();
    }

    private static void ratio(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, value);
        }
    }

    /** A curve needs no more than what the eye sees; the exact figures are in windows.ndjson. */
    private static double rounded(double ratio) {
        return Math.round(ratio * 1e4) / 1e4;
    }
}
