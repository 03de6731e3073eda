package io.processoptimizer.emit;

import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.TelemetryEvent;
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
 * <tr><td>process_id, id</td><td>string</td><td>the item's keys; id is advice#window#end#revision, of a
 *     generation above 0 with #gGENERATION behind it</td></tr>
 * <tr><td>window, window_start, window_end, revision, generation</td><td></td><td>the result it is about</td></tr>
 * <tr><td>efficiency</td><td>object or null</td><td>what a model expects one horizon_ms later if nothing is done:
 *     efficiency_score (OEE), throughput (parts per hour), cycle_time (s), source (local)</td></tr>
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
    private AdviceJson() {}

    /** Item and line of one advice record, in UTF-8 without a line end. */
    public static byte[] item(AdviceRecord record) {
        JsonText json = new JsonText();
        write(record, json);
        return json.toBytes();
    }

    /** Writes item or line of one advice record, without a line end. */
    public static void write(AdviceRecord record, JsonText json) {
        json.beginObject();
        WindowResult result = record.result();
        json.field("process_id").value(result.processId());
        json.field("id").value(record.id());
        json.field("window").value(result.window());
        json.field("window_start").value(result.startMillis());
        json.field("window_end").value(result.endMillis());
        json.field("revision").value(result.revision());
        json.field("generation").value(result.generation());
        Given given = record.outcome() instanceof Given it ? it : null;
        NotAsked notAsked = record.outcome() instanceof NotAsked it ? it : null;
        efficiency(record.efficiency(), json);
        json.field("outcome").value(given != null ? "given" : "not_asked");
        json.field("why").value(notAsked == null ? null : notAsked.why().label());
        json.field("why_text").value(notAsked == null ? null : notAsked.detail());
        json.field("source").value(given == null ? null : given.source());
        Advice advice = given == null ? null : given.advice();
        json.field("priority").value(advice == null ? null : advice.priority().label());
        json.field("summary").value(advice == null ? null : advice.summary());
        recommendations(advice == null ? List.of() : advice.recommendations(), json);
        expected(advice == null ? null : advice.expectedImprovement(), json);
        risk(advice == null ? null : advice.risk(), json);
        json.endObject();
    }

    private static void efficiency(@Nullable Efficiency efficiency, JsonText json) {
        if (efficiency == null) {
            json.field("efficiency").nothing();
            return;
        }
        json.field("efficiency").beginObject();
        json.field("efficiency_score").value(efficiency.score());
        json.field("throughput").value(efficiency.throughput());
        json.field("cycle_time").value(efficiency.cycleTimeSeconds());
        json.field("horizon_ms").value(efficiency.horizonMillis());
        json.field("source").value(efficiency.source());
        json.endObject();
    }

    /** Item and line of one adjustment. */
    public static byte[] item(Adjustment adjustment) {
        JsonText json = new JsonText().beginObject();
        json.field("id").value(adjustment.itemId());
        json.field("kind").value(Adjustment.KIND);
        json.field("window").value(adjustment.grounds().window());
        json.field("generation").value(adjustment.grounds().generation());
        time("closing_arrival", adjustment.closingArrivalMillis(), json);
        event(adjustment, json);
        return json.endObject().toBytes();
    }

    /** Detail of the event of one adjustment. */
    public static byte[] event(Adjustment adjustment) {
        JsonText json = new JsonText().beginObject();
        event(adjustment, json);
        return json.endObject().toBytes();
    }

    private static void event(Adjustment adjustment, JsonText json) {
        WindowResult grounds = adjustment.grounds();
        Advice advice = adjustment.advice();
        json.field("adjustment_id").value(adjustment.id());
        json.field("process_id").value(grounds.processId());
        json.field("window_start").value(grounds.startMillis());
        json.field("window_end").value(grounds.endMillis());
        json.field("priority").value(advice.priority().label());
        json.field("mode").value(adjustment.mode().label());
        json.field("source").value(adjustment.source());
        json.field("oee").value(grounds.analysis().process().factors().oee());
        constraint(grounds.analysis().constraint(), json);
        recommendations(advice.recommendations(), json);
        // The rules propose no parameter changes, whatever the mode.
        json.field("adjustments").beginArray();
        json.endArray();
        expected(advice.expectedImprovement(), json);
        risk(advice.risk(), json);
        time("expires_at", adjustment.expiresAtMillis(), json);
    }

    private static void constraint(Constraint constraint, JsonText json) {
        Confidence confidence = constraint.confidence();
        json.field("constraint").beginObject();
        json.field("step_id").value(constraint.stepId());
        json.field("confidence").value(confidence == null ? null : confidence.label());
        json.endObject();
    }

    private static void recommendations(List<Recommendation> recommendations, JsonText json) {
        json.field("recommendations").beginArray();
        for (Recommendation recommendation : recommendations) {
            json.beginObject();
            json.field("lever").value(recommendation.lever().label());
            json.field("step_id").value(recommendation.stepId());
            json.field("priority").value(recommendation.priority().label());
            json.field("text").value(recommendation.text());
            json.field("loss_share").value(recommendation.lossShare());
            expected(recommendation.expected(), json);
            json.endObject();
        }
        json.endArray();
    }

    private static void expected(@Nullable ExpectedImprovement expected, JsonText json) {
        if (expected == null) {
            json.field("expected_improvement").nothing();
            return;
        }
        json.field("expected_improvement").beginObject();
        json.field("estimate").value(true);
        json.field("oee_gain").value(expected.oeeGain());
        json.field("throughput_gain").value(expected.throughputGain());
        json.field("assumption").value(expected.assumption());
        json.endObject();
    }

    private static void risk(Advice.@Nullable Risk risk, JsonText json) {
        if (risk == null) {
            json.field("risk").nothing();
            return;
        }
        json.field("risk").beginObject();
        json.field("level").value(risk.level().label());
        json.field("note").value(risk.note());
        json.endObject();
    }

    private static void time(String name, long millis, JsonText json) {
        json.field(name);
        if (millis == TelemetryEvent.ABSENT) {
            json.nothing();
        } else {
            json.value(millis);
        }
    }
}
