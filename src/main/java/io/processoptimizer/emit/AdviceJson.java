package io.processoptimizer.emit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON schema of advice and adjustments: items of the advice table, lines of {@code advice.ndjson} and
 * {@code adjustments.ndjson}, detail of the event. Every field is always there, in this order; what is not known is null. Times are
 * epoch milliseconds, ratios 0 … 1, written as in {@link ResultJson}.
 *
 * <table>
 * <caption>Fields of advice</caption>
 * <tr><th>field</th><th>type</th><th>meaning</th></tr>
 * <tr><td>process_id, id</td><td>string</td><td>the item's keys; id is advice#window#end#revision</td></tr>
 * <tr><td>window, window_start, window_end, revision, generation</td><td></td><td>the result it is about</td></tr>
 * <tr><td>outcome</td><td>string</td><td>given or not_asked</td></tr>
 * <tr><td>why, why_text</td><td>string</td><td>of not_asked: switched_off, no_grounds, cooldown, revision; and a sentence</td></tr>
 * <tr><td>source</td><td>string</td><td>of given: rules</td></tr>
 * <tr><td>priority</td><td>string</td><td>low, medium or high</td></tr>
 * <tr><td>summary</td><td>string</td><td>how the process does, in a sentence</td></tr>
 * <tr><td>recommendations</td><td>objects</td><td>lever, step_id, priority, text, loss_share (of planned time),
 *     expected_improvement</td></tr>
 * <tr><td>expected_improvement</td><td>object</td><td>of the first recommendation: estimate (always true), oee_gain (absolute),
 *     throughput_gain (relative), assumption</td></tr>
 * <tr><td>risk</td><td>object</td><td>of the first recommendation: level (low, medium), note</td></tr>
 * </table>
 *
 * <p>An adjustment's event has adjustment_id, process_id, window_start, window_end, priority, mode (advisory, closed_loop), source,
 * oee, constraint (step_id, confidence), recommendations, adjustments (parameter changes: none is proposed yet), the last two as
 * above, and expires_at. Its item has id (adjustment#ID), kind, window, generation and closing_arrival besides.
 */
public final class AdviceJson {
    private static final JsonFactory JSON = new JsonFactory();

    private AdviceJson() {}

    private interface Body {
        void write(JsonGenerator json) throws IOException;
    }

    /** Item and line of one advice record, in UTF-8 without a line end. */
    public static byte[] item(AdviceRecord record) {
        return object(json -> {
            WindowResult result = record.result();
            json.writeStringField("process_id", result.processId());
            json.writeStringField("id", record.id());
            json.writeStringField("window", result.window());
            json.writeNumberField("window_start", result.startMillis());
            json.writeNumberField("window_end", result.endMillis());
            json.writeNumberField("revision", result.revision());
            json.writeNumberField("generation", result.generation());
            Given given = record.outcome() instanceof Given it ? it : null;
            NotAsked notAsked = record.outcome() instanceof NotAsked it ? it : null;
            json.writeStringField("outcome", given != null ? "given" : "not_asked");
            json.writeStringField(
                    "why", notAsked == null ? null : notAsked.why().label());
            json.writeStringField("why_text", notAsked == null ? null : notAsked.detail());
            json.writeStringField("source", given == null ? null : given.source());
            Advice advice = given == null ? null : given.advice();
            json.writeStringField(
                    "priority", advice == null ? null : advice.priority().label());
            json.writeStringField("summary", advice == null ? null : advice.summary());
            recommendations(advice == null ? List.of() : advice.recommendations(), json);
            expected(advice == null ? null : advice.expectedImprovement(), json);
            risk(advice == null ? null : advice.risk(), json);
        });
    }

    /** Item and line of one adjustment. */
    public static byte[] item(Adjustment adjustment) {
        return object(json -> {
            json.writeStringField("id", adjustment.itemId());
            json.writeStringField("kind", Adjustment.KIND);
            json.writeStringField("window", adjustment.grounds().window());
            json.writeNumberField("generation", adjustment.grounds().generation());
            time("closing_arrival", adjustment.closingArrivalMillis(), json);
            event(adjustment, json);
        });
    }

    /** Detail of the event of one adjustment. */
    public static byte[] event(Adjustment adjustment) {
        return object(json -> event(adjustment, json));
    }

    private static void event(Adjustment adjustment, JsonGenerator json) throws IOException {
        WindowResult grounds = adjustment.grounds();
        Advice advice = adjustment.advice();
        json.writeStringField("adjustment_id", adjustment.id());
        json.writeStringField("process_id", grounds.processId());
        json.writeNumberField("window_start", grounds.startMillis());
        json.writeNumberField("window_end", grounds.endMillis());
        json.writeStringField("priority", advice.priority().label());
        json.writeStringField("mode", adjustment.mode().label());
        json.writeStringField("source", adjustment.source());
        number("oee", grounds.analysis().process().factors().oee(), json);
        constraint(grounds.analysis().constraint(), json);
        recommendations(advice.recommendations(), json);
        // The rules propose no parameter changes, whatever the mode.
        json.writeArrayFieldStart("adjustments");
        json.writeEndArray();
        expected(advice.expectedImprovement(), json);
        risk(advice.risk(), json);
        time("expires_at", adjustment.expiresAtMillis(), json);
    }

    private static byte[] object(Body body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            body.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory failed", e);
        }
        return bytes.toByteArray();
    }

    private static void constraint(Constraint constraint, JsonGenerator json) throws IOException {
        Confidence confidence = constraint.confidence();
        json.writeObjectFieldStart("constraint");
        json.writeStringField("step_id", constraint.stepId());
        json.writeStringField("confidence", confidence == null ? null : confidence.label());
        json.writeEndObject();
    }

    private static void recommendations(List<Recommendation> recommendations, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("recommendations");
        for (Recommendation recommendation : recommendations) {
            json.writeStartObject();
            json.writeStringField("lever", recommendation.lever().label());
            json.writeStringField("step_id", recommendation.stepId());
            json.writeStringField("priority", recommendation.priority().label());
            json.writeStringField("text", recommendation.text());
            number("loss_share", recommendation.lossShare(), json);
            expected(recommendation.expected(), json);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void expected(@Nullable ExpectedImprovement expected, JsonGenerator json) throws IOException {
        if (expected == null) {
            json.writeNullField("expected_improvement");
            return;
        }
        json.writeObjectFieldStart("expected_improvement");
        json.writeBooleanField("estimate", true);
        number("oee_gain", expected.oeeGain(), json);
        number("throughput_gain", expected.throughputGain(), json);
        json.writeStringField("assumption", expected.assumption());
        json.writeEndObject();
    }

    private static void risk(Advice.@Nullable Risk risk, JsonGenerator json) throws IOException {
        if (risk == null) {
            json.writeNullField("risk");
            return;
        }
        json.writeObjectFieldStart("risk");
        json.writeStringField("level", risk.level().label());
        json.writeStringField("note", risk.note());
        json.writeEndObject();
    }

    private static void number(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(name);
        } else {
            json.writeFieldName(name);
            json.writeNumber(ResultJson.plain(value));
        }
    }

    private static void time(String name, long millis, JsonGenerator json) throws IOException {
        if (millis == TelemetryEvent.ABSENT) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, millis);
        }
    }
}
