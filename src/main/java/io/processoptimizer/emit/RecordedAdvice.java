package io.processoptimizer.emit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.Advice.Risk;
import io.processoptimizer.emit.Advice.RiskLevel;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.AdviceRecord.Outcome;
import io.processoptimizer.emit.AdviceRecord.Why;
import io.processoptimizer.emit.Consultation.Fallback;
import io.processoptimizer.emit.Consultation.Stripped;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.TelemetryEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What {@link AdviceJson} wrote of an advice record, read back: what was recorded once is what a re-run goes by.
 *
 * @param id of the record, unique within its process
 */
public record RecordedAdvice(
        String processId,
        String id,
        Outcome outcome,
        @Nullable Efficiency efficiency) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /**
     * @param json item or line of the record
     * @param result the result that it is about
     * @throws IOException where it is no record that this version can read
     */
    public static AdviceRecord read(byte[] json, WindowResult result) throws IOException {
        JsonNode node = MAPPER.readTree(json);
        try {
            return new AdviceRecord(result, outcome(node), efficiency(node.path("efficiency")));
        } catch (IllegalArgumentException e) {
            throw new IOException(
                    "the recorded advice on " + result.processId() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads one whose result is not at hand yet.
     *
     * @param json item or line of the record
     * @throws IOException where it is no record that this version can read
     */
    public static RecordedAdvice parse(byte[] json) throws IOException {
        JsonNode node = MAPPER.readTree(json);
        try {
            return new RecordedAdvice(
                    text(node, "process_id"), text(node, "id"), outcome(node), efficiency(node.path("efficiency")));
        } catch (IllegalArgumentException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        }
    }

    /** The record that it is, given the result that it is about. */
    public AdviceRecord about(WindowResult result) {
        return new AdviceRecord(result, outcome, efficiency);
    }

    private static Outcome outcome(JsonNode node) {
        return switch (text(node, "outcome")) {
            case "given" -> given(node);
            case "not_asked" -> new NotAsked(labelled(Why.values(), Why::label, node, "why"), text(node, "why_text"));
            default -> throw new IllegalArgumentException("outcome is neither given nor not_asked");
        };
    }

    private static Given given(JsonNode node) {
        List<Recommendation> recommendations = new ArrayList<>();
        for (JsonNode item : node.path("recommendations")) {
            recommendations.add(new Recommendation(
                    labelled(Lever.values(), Lever::label, item, "lever"),
                    item.path("step_id").textValue(),
                    labelled(Priority.values(), Priority::label, item, "priority"),
                    text(item, "text"),
                    number(item, "loss_share"),
                    expected(item.path(AdviceJson.EXPECTED)),
                    evidence(item)));
        }
        List<Change> changes = new ArrayList<>();
        for (JsonNode item : node.path("changes")) {
            changes.add(new Change(
                    text(item, "parameter"),
                    item.path("step_id").textValue(),
                    number(item, "current"),
                    number(item, "proposed"),
                    number(item, "min"),
                    number(item, "max"),
                    text(item, "reason"),
                    evidence(item)));
        }
        JsonNode risk = node.path("risk");
        return new Given(
                text(node, "source"),
                new Advice(
                        labelled(Priority.values(), Priority::label, node, "priority"),
                        text(node, "summary"),
                        recommendations,
                        new Risk(labelled(RiskLevel.values(), RiskLevel::label, risk, "level"), text(risk, "note")),
                        changes),
                consultation(node.path("consultation")));
    }

    private static List<Evidence> evidence(JsonNode node) {
        List<Evidence> evidence = new ArrayList<>();
        for (JsonNode figure : node.path("evidence")) {
            evidence.add(new Evidence(text(figure, "figure"), number(figure, "value")));
        }
        return evidence;
    }

    private static @Nullable ExpectedImprovement expected(JsonNode node) {
        return node.isObject()
                ? new ExpectedImprovement(
                        number(node, "oee_gain"), number(node, "throughput_gain"), text(node, "assumption"))
                : null;
    }

    private static @Nullable Consultation consultation(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        List<Stripped> stripped = new ArrayList<>();
        for (JsonNode part : node.path("stripped")) {
            stripped.add(new Stripped(text(part, "part"), text(part, "why")));
        }
        JsonNode fallback = node.path("fallback");
        return new Consultation(
                text(node, "model"),
                node.path("prompt_version").intValue(),
                node.path("input_tokens").longValue(),
                node.path("output_tokens").longValue(),
                stripped,
                fallback.isObject()
                        ? new Fallback(
                                labelled(Consultation.Reason.values(), Consultation.Reason::label, fallback, "reason"),
                                text(fallback, "text"))
                        : null);
    }

    private static @Nullable Efficiency efficiency(JsonNode node) {
        if (!node.isObject()) {
            return null;
        }
        JsonNode horizon = node.path("horizon_ms");
        return new Efficiency(
                number(node, "efficiency_score"),
                number(node, "throughput"),
                number(node, "cycle_time"),
                horizon.isNumber() ? horizon.longValue() : TelemetryEvent.ABSENT,
                text(node, "source"));
    }

    private static String text(JsonNode node, String field) {
        String text = node.path(field).textValue();
        if (text == null) {
            throw new IllegalArgumentException("it has no text in " + field);
        }
        return text;
    }

    /** NaN where null is written. */
    private static double number(JsonNode node, String field) {
        JsonNode number = node.path(field);
        return number.isNumber() ? number.doubleValue() : Double.NaN;
    }

    private static <T> T labelled(T[] values, Function<T, String> label, JsonNode node, String field) {
        String text = text(node, field);
        for (T value : values) {
            if (label.apply(value).equals(text)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                field + " (" + text + ") is of no version that is known here; a newer worker may have written it");
    }
}
