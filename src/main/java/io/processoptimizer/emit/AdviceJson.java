package io.processoptimizer.emit;

import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.Consultation.Fallback;
import io.processoptimizer.emit.Consultation.Stripped;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Arrays;
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
 *     efficiency_score (OEE), throughput (parts per hour), cycle_time (s), horizon_ms (null where the model does not say),
 *     source (local, sagemaker; fallback: the local model instead of SageMaker)</td></tr>
 * <tr><td>outcome</td><td>string</td><td>given or not_asked</td></tr>
 * <tr><td>why, why_text</td><td>string</td><td>of not_asked: switched_off, no_grounds, cooldown, revision; and a sentence</td></tr>
 * <tr><td>source</td><td>string</td><td>of given: rules; bedrock (a model there); fallback (the rules instead of it)</td></tr>
 * <tr><td>consultation</td><td>object or null</td><td>where a model was to be asked: model, prompt_version, input_tokens,
 *     output_tokens, stripped (objects with part and why: what of the answer was left out), fallback (null, or reason and text)</td></tr>
 * <tr><td>priority</td><td>string</td><td>low, medium or high</td></tr>
 * <tr><td>summary</td><td>string</td><td>how the process does, in a sentence</td></tr>
 * <tr><td>recommendations</td><td>objects</td><td>lever, step_id, priority, text, loss_share (of planned time),
 *     expected_improvement, evidence (objects with figure and value: what a model pointed at)</td></tr>
 * <tr><td>changes</td><td>objects</td><td>of parameters, as a model proposed them within what the process's definition allows:
 *     parameter, step_id, current, proposed, min, max, reason, evidence</td></tr>
 * <tr><td>expected_improvement</td><td>object</td><td>of the first recommendation: estimate (always true), oee_gain (absolute),
 *     throughput_gain (relative), assumption</td></tr>
 * <tr><td>risk</td><td>object</td><td>of the first recommendation: level (low, medium, high), note</td></tr>
 * </table>
 *
 * <p>An adjustment's event has adjustment_id, process_id, window_start, window_end, priority, mode (advisory, closed_loop), source,
 * oee, constraint (step_id, confidence), recommendations, adjustments (parameter, current, proposed, min, max of each
 * change; empty in advisory mode), expected_improvement and risk as above, and expires_at. Its item has id (adjustment#ID), kind, window, generation and closing_arrival before, and effect behind: what was
 * observed afterwards, null until it is measured.
 *
 * <table>
 * <caption>Fields of effect</caption>
 * <tr><th>field</th><th>type</th><th>meaning</th></tr>
 * <tr><td>verdict, why</td><td>string</td><td>better, worse, unclear (no more than two standard errors) or not_comparable; why not</td></tr>
 * <tr><td>oee_gain, oee_gain_error</td><td>number</td><td>absolute, and its standard error</td></tr>
 * <tr><td>throughput_gain</td><td>number</td><td>relative</td></tr>
 * <tr><td>before, after</td><td>object</td><td>from, to, windows (that do not overlap), oee and throughput (parts per hour) over all of
 *     them, products of the output step</td></tr>
 * <tr><td>advised_meanwhile</td><td>number</td><td>further windows that were advised on before the end: their effects are in it</td></tr>
 * <tr><td>generation, measured_at</td><td></td><td>of the result that completed it, and the end of its window</td></tr>
 * </table>
 */
public final class AdviceJson {
    /** Field of an adjustment's item. */
    public static final String EFFECT = "effect";

    /** What an adjustment promises, beside what was observed. */
    public static final String EXPECTED = "expected_improvement";

    private static final String UNKNOWN_EFFECT_END = "null}";

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
        consultation(given == null ? null : given.consultation(), json);
        Advice advice = given == null ? null : given.advice();
        json.field("priority").value(advice == null ? null : advice.priority().label());
        json.field("summary").value(advice == null ? null : advice.summary());
        recommendations(advice == null ? List.of() : advice.recommendations(), json);
        changes(advice == null ? List.of() : advice.changes(), json);
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
        time("horizon_ms", efficiency.horizonMillis(), json);
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
        json.field(EFFECT).nothing();
        return json.endObject().toBytes();
    }

    /**
     * The line of an adjustment with its effect.
     *
     * @param item as {@link #item(Adjustment)} gives it
     * @param effect as {@link #effect} gives it
     */
    public static byte[] withEffect(byte[] item, byte[] effect) {
        // The effect is the last field: null until here.
        int head = item.length - UNKNOWN_EFFECT_END.length();
        byte[] line = Arrays.copyOf(item, head + effect.length + 1);
        System.arraycopy(effect, 0, line, head, effect.length);
        line[line.length - 1] = '}';
        return line;
    }

    /** What was observed after an adjustment. */
    public static byte[] effect(Effect effect) {
        JsonText json = new JsonText().beginObject();
        json.field("verdict").value(effect.verdict().label());
        json.field("why").value(effect.incomparable());
        json.field("oee_gain").value(effect.oeeGain());
        json.field("oee_gain_error").value(effect.oeeGainError());
        json.field("throughput_gain").value(effect.throughputGain());
        stretch("before", effect.before(), json);
        stretch("after", effect.after(), json);
        json.field("advised_meanwhile").value(effect.advisedMeanwhile());
        json.field("generation").value(effect.generation());
        json.field("measured_at").value(effect.end());
        return json.endObject().toBytes();
    }

    private static void stretch(String name, Effect.Stretch stretch, JsonText json) {
        json.field(name).beginObject();
        time("from", stretch.fromMillis(), json);
        time("to", stretch.toMillis(), json);
        json.field("windows").value(stretch.windows());
        json.field("oee").value(stretch.oee());
        json.field("throughput").value(stretch.throughputPerHour());
        json.field("products").beginArray();
        stretch.products().forEach(json::value);
        json.endArray();
        json.field("shifts").beginArray();
        stretch.shifts().forEach(json::value);
        json.endArray();
        json.endObject();
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
        json.field("adjustments").beginArray();
        if (adjustment.mode() == Adjustment.Mode.CLOSED_LOOP) {
            for (Change change : advice.changes()) {
                bounded(change, json.beginObject());
                json.endObject();
            }
        }
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
            evidence(recommendation.evidence(), json);
            json.endObject();
        }
        json.endArray();
    }

    private static void evidence(List<Evidence> evidence, JsonText json) {
        json.field("evidence").beginArray();
        for (Evidence figure : evidence) {
            json.beginObject();
            json.field("figure").value(figure.figure());
            json.field("value").value(figure.value());
            json.endObject();
        }
        json.endArray();
    }

    private static void changes(List<Change> changes, JsonText json) {
        json.field("changes").beginArray();
        for (Change change : changes) {
            bounded(change, json.beginObject());
            json.field("step_id").value(change.stepId());
            json.field("reason").value(change.reason());
            evidence(change.evidence(), json);
            json.endObject();
        }
        json.endArray();
    }

    private static void bounded(Change change, JsonText json) {
        json.field("parameter").value(change.parameter());
        json.field("current").value(change.current());
        json.field("proposed").value(change.proposed());
        json.field("min").value(change.min());
        json.field("max").value(change.max());
    }

    private static void consultation(@Nullable Consultation consultation, JsonText json) {
        if (consultation == null) {
            json.field("consultation").nothing();
            return;
        }
        json.field("consultation").beginObject();
        json.field("model").value(consultation.model());
        json.field("prompt_version").value(consultation.promptVersion());
        json.field("input_tokens").value(consultation.inputTokens());
        json.field("output_tokens").value(consultation.outputTokens());
        json.field("stripped").beginArray();
        for (Stripped stripped : consultation.stripped()) {
            json.beginObject();
            json.field("part").value(stripped.part());
            json.field("why").value(stripped.why());
            json.endObject();
        }
        json.endArray();
        Fallback fallback = consultation.fallback();
        if (fallback == null) {
            json.field("fallback").nothing();
        } else {
            json.field("fallback").beginObject();
            json.field("reason").value(fallback.reason().label());
            json.field("text").value(fallback.detail());
            json.endObject();
        }
        json.endObject();
    }

    private static void expected(@Nullable ExpectedImprovement expected, JsonText json) {
        if (expected == null) {
            json.field(EXPECTED).nothing();
            return;
        }
        json.field(EXPECTED).beginObject();
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
