package io.processoptimizer.status;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the page knows of one process: the figures of its newest window, and a little history. About 1 KB. One thread at a time.
 *
 * <pre>{@code
 * {"id", "shard", "end": of the newest window, "final", "complete", "oee", "a", "p", "q", "target", "status",
 *  "planned_ms", "productive_ms", "losses": {"breakdowns_ms": …},
 *  "constraint": {"step", "confidence", "share"} or null,
 *  "constraints": [[from, to, step, confidence]]   oldest first
 *  "trend": [OEE of the windows up to trend_to, a slide apart], "trend_to",
 *  "silent": since when no record comes, or null,
 *  "adjustments": [{"at", "id", "what", "text", "priority", "source", "expected", "effect": {"verdict","gain","error","why"} or null}]}
 * }</pre>
 *
 * <p>Times are epoch or plain milliseconds, ratios plain numbers, what is not known null.
 */
final class ProcessCard {
    /** Half an hour at the default slide: what a sparkline shows. */
    static final int TREND = 30;

    private static final int MAX_CONSTRAINTS = 12;
    private static final int MAX_ADJUSTMENTS = 5;

    /** A recommendation has one or two sentences. */
    private static final int MAX_TEXT = 300;

    private static final double MICROS_PER_MILLI = 1e3;
    private static final double NANOS = 1e9;
    private static final double DIGITS = 1e4;

    private final String processId;
    private final long slideMillis;
    private long endMillis = Long.MIN_VALUE;
    private boolean isFinal;
    private boolean isComplete = true;
    private double oee = Double.NaN;
    private double availability = Double.NaN;
    private double performance = Double.NaN;
    private double quality = Double.NaN;
    private double target = Double.NaN;
    private String status = "";
    private long plannedMillis;
    private double productiveMillis = Double.NaN;
    private final Map<Loss, Double> losses = new EnumMap<>(Loss.class);
    private @Nullable String step;
    private @Nullable String confidence;
    private double share = Double.NaN;
    private final Deque<Stretch> constraints = new ArrayDeque<>();

    /** The last is of {@link #trendTo}. */
    private final double[] trend = new double[TREND];

    private long trendTo = Long.MIN_VALUE;
    private long silentFrom = TelemetryEvent.ABSENT;
    private final Deque<Adjusted> adjustments = new ArrayDeque<>();

    private record Stretch(
            long fromMillis,
            long toMillis,
            String step,
            @Nullable String confidence) {}

    private record Adjusted(
            long atMillis,
            String id,
            String what,
            String text,
            String priority,
            String source,
            double expected,
            @Nullable Observed effect) {}

    private record Observed(
            String verdict,
            double gain,
            double error,
            @Nullable String why) {}

    ProcessCard(String processId, long slideMillis) {
        this.processId = processId;
        this.slideMillis = slideMillis;
        Arrays.fill(trend, Double.NaN);
    }

    long endMillis() {
        return endMillis;
    }

    // ---- what comes

    void result(WindowResult result) {
        ProcessOee process = result.analysis().process();
        trend(result.endMillis(), process.factors().oee());
        boolean isOlder =
                result.endMillis() < endMillis || (result.endMillis() == endMillis && isFinal && !result.isFinal());
        if (isOlder) {
            return;
        }
        endMillis = result.endMillis();
        isFinal = result.isFinal();
        isComplete = result.complete();
        silentFrom = TelemetryEvent.ABSENT;
        oee = process.factors().oee();
        availability = process.factors().availability();
        performance = process.factors().performance();
        quality = process.factors().quality();
        target = process.targetOeeNano() / NANOS;
        status = process.status().label();
        plannedMillis = process.times().plannedMillis();
        productiveMillis = millis(process.kpis().fullyProductiveMicros());
        for (Loss loss : Loss.values()) {
            losses.put(loss, millis(process.losses().micros(loss)));
        }
        constraint(result.analysis().constraint());
    }

    private static double millis(long micros) {
        return micros == TelemetryEvent.ABSENT ? Double.NaN : micros / MICROS_PER_MILLI;
    }

    private void trend(long end, double value) {
        if (trendTo == Long.MIN_VALUE || end > trendTo) {
            long steps = trendTo == Long.MIN_VALUE ? TREND : (end - trendTo) / slideMillis;
            int shift = (int) Math.min(TREND, Math.max(1, steps));
            System.arraycopy(trend, shift, trend, 0, TREND - shift);
            Arrays.fill(trend, TREND - shift, TREND, Double.NaN);
            trendTo = end;
        }
        long back = (trendTo - end) / slideMillis;
        if (back < TREND) {
            trend[TREND - 1 - (int) back] = value;
        }
    }

    private void constraint(Constraint constraint) {
        step = constraint.stepId();
        confidence =
                constraint.confidence() == null ? null : constraint.confidence().label();
        share = constraint.share();
        if (step == null) {
            return;
        }
        Stretch last = constraints.peekLast();
        long from = endMillis - slideMillis;
        if (last != null && last.toMillis() >= endMillis) {
            // A provisional result gives way to the final one.
            constraints.removeLast();
            if (last.fromMillis() < from) {
                constraints.addLast(new Stretch(last.fromMillis(), from, last.step(), last.confidence()));
            }
            last = constraints.peekLast();
        }
        if (last != null && last.toMillis() == from && last.step().equals(step)) {
            constraints.removeLast();
            from = last.fromMillis();
        }
        constraints.addLast(new Stretch(from, endMillis, step, confidence));
        if (constraints.size() > MAX_CONSTRAINTS) {
            constraints.removeFirst();
        }
    }

    void gap(long fromMillis) {
        silentFrom = fromMillis;
    }

    void adjustment(Adjustment adjustment) {
        if (adjustment.advice().recommendations().isEmpty()) {
            return;
        }
        Recommendation first = adjustment.advice().recommendations().get(0);
        String lever = first.lever().label().replace('_', ' ');
        Recommendation.ExpectedImprovement expected = adjustment.advice().expectedImprovement();
        String id = adjustment.id();
        adjustments.removeIf(known -> known.id().equals(id));
        adjustments.addFirst(new Adjusted(
                adjustment.grounds().endMillis(),
                id,
                first.stepId() == null ? lever : lever + " @ " + first.stepId(),
                shortened(first.text()),
                adjustment.advice().priority().label(),
                adjustment.source(),
                expected == null ? Double.NaN : expected.oeeGain(),
                null));
        if (adjustments.size() > MAX_ADJUSTMENTS) {
            adjustments.removeLast();
        }
    }

    void effect(Effect effect) {
        Adjusted of = null;
        for (Adjusted known : adjustments) {
            if (known.id().equals(effect.adjustmentId())) {
                of = known;
            }
        }
        if (of == null) {
            return;
        }
        Observed observed =
                new Observed(effect.verdict().label(), effect.oeeGain(), effect.oeeGainError(), effect.incomparable());
        Deque<Adjusted> same = new ArrayDeque<>();
        for (Adjusted known : adjustments) {
            same.addLast(known.id().equals(of.id()) ? withEffect(known, observed) : known);
        }
        adjustments.clear();
        adjustments.addAll(same);
    }

    private static Adjusted withEffect(Adjusted of, Observed effect) {
        return new Adjusted(
                of.atMillis(), of.id(), of.what(), of.text(), of.priority(), of.source(), of.expected(), effect);
    }

    private static String shortened(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    // ---- as JSON

    void write(JsonGenerator json, String shardId) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", processId);
        json.writeStringField("shard", shardId);
        time("end", endMillis, json);
        json.writeBooleanField("final", isFinal);
        json.writeBooleanField("complete", isComplete);
        ratio("oee", oee, json);
        ratio("a", availability, json);
        ratio("p", performance, json);
        ratio("q", quality, json);
        ratio("target", target, json);
        json.writeStringField("status", status);
        json.writeNumberField("planned_ms", plannedMillis);
        whole("productive_ms", productiveMillis, json);
        json.writeObjectFieldStart("losses");
        for (Map.Entry<Loss, Double> loss : losses.entrySet()) {
            whole(loss.getKey().label(), loss.getValue(), json);
        }
        json.writeEndObject();
        if (step == null) {
            json.writeNullField("constraint");
        } else {
            json.writeObjectFieldStart("constraint");
            json.writeStringField("step", step);
            json.writeStringField("confidence", confidence);
            ratio("share", share, json);
            json.writeEndObject();
        }
        json.writeArrayFieldStart("constraints");
        for (Stretch stretch : constraints) {
            json.writeStartArray();
            json.writeNumber(stretch.fromMillis());
            json.writeNumber(stretch.toMillis());
            json.writeString(stretch.step());
            json.writeString(stretch.confidence());
            json.writeEndArray();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("trend");
        int first = 0;
        while (first < TREND && Double.isNaN(trend[first])) {
            first++;
        }
        for (int i = first; i < TREND; i++) {
            number(trend[i], json);
        }
        json.writeEndArray();
        time("trend_to", trendTo, json);
        time("silent", silentFrom, json);
        json.writeArrayFieldStart("adjustments");
        for (Adjusted adjusted : adjustments) {
            write(adjusted, json);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private static void write(Adjusted adjusted, JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeNumberField("at", adjusted.atMillis());
        json.writeStringField("id", adjusted.id());
        json.writeStringField("what", adjusted.what());
        json.writeStringField("text", adjusted.text());
        json.writeStringField("priority", adjusted.priority());
        json.writeStringField("source", adjusted.source());
        ratio("expected", adjusted.expected(), json);
        Observed effect = adjusted.effect();
        if (effect == null) {
            json.writeNullField("effect");
        } else {
            json.writeObjectFieldStart("effect");
            json.writeStringField("verdict", effect.verdict());
            ratio("gain", effect.gain(), json);
            ratio("error", effect.error(), json);
            json.writeStringField("why", effect.why());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private static void time(String name, long millis, JsonGenerator json) throws IOException {
        if (millis == Long.MIN_VALUE) { // ABSENT, too
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, millis);
        }
    }

    private static void ratio(String name, double value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        number(value, json);
    }

    /** Four digits are more than the page shows. */
    private static void number(double value, JsonGenerator json) throws IOException {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            json.writeNull();
        } else {
            json.writeNumber(Math.round(value * DIGITS) / DIGITS);
        }
    }

    private static void whole(String name, double value, JsonGenerator json) throws IOException {
        if (Double.isNaN(value)) {
            json.writeNullField(name);
        } else {
            json.writeNumberField(name, Math.round(value));
        }
    }

    /** History that an earlier holder of the shard has written: trend, constraints and adjustments; the newest window, too. */
    static ProcessCard read(JsonNode node, long slideMillis) {
        ProcessCard card = new ProcessCard(node.path("id").asText(), slideMillis);
        card.endMillis = node.path("end").asLong(Long.MIN_VALUE);
        card.isFinal = node.path("final").asBoolean();
        card.isComplete = node.path("complete").asBoolean(true);
        card.oee = node.path("oee").asDouble(Double.NaN);
        card.availability = node.path("a").asDouble(Double.NaN);
        card.performance = node.path("p").asDouble(Double.NaN);
        card.quality = node.path("q").asDouble(Double.NaN);
        card.target = node.path("target").asDouble(Double.NaN);
        card.status = node.path("status").asText("");
        card.plannedMillis = node.path("planned_ms").asLong();
        card.productiveMillis = node.path("productive_ms").asDouble(Double.NaN);
        for (Loss loss : Loss.values()) {
            card.losses.put(loss, node.path("losses").path(loss.label()).asDouble(Double.NaN));
        }
        card.step = node.path("constraint").path("step").asText(null);
        card.confidence = node.path("constraint").path("confidence").asText(null);
        card.share = node.path("constraint").path("share").asDouble(Double.NaN);
        for (JsonNode stretch : node.path("constraints")) {
            card.constraints.addLast(new Stretch(
                    stretch.path(0).asLong(),
                    stretch.path(1).asLong(),
                    stretch.path(2).asText(),
                    stretch.path(3).asText(null)));
        }
        card.trendTo = node.path("trend_to").asLong(Long.MIN_VALUE);
        JsonNode trend = node.path("trend");
        for (int i = 0; i < Math.min(TREND, trend.size()); i++) {
            card.trend[TREND - 1 - i] = trend.path(trend.size() - 1 - i).asDouble(Double.NaN);
        }
        card.silentFrom = node.path("silent").asLong(TelemetryEvent.ABSENT);
        for (JsonNode adjusted : node.path("adjustments")) {
            card.adjustments.addLast(adjusted(adjusted));
        }
        trim(card.constraints.iterator(), card.constraints.size() - MAX_CONSTRAINTS);
        return card;
    }

    private static void trim(Iterator<?> oldest, int tooMany) {
        for (int i = 0; i < tooMany; i++) {
            oldest.next();
            oldest.remove();
        }
    }

    private static Adjusted adjusted(JsonNode node) {
        JsonNode effect = node.path("effect");
        return new Adjusted(
                node.path("at").asLong(),
                node.path("id").asText(),
                node.path("what").asText(),
                node.path("text").asText(),
                node.path("priority").asText(),
                node.path("source").asText(),
                node.path("expected").asDouble(Double.NaN),
                effect.isObject()
                        ? new Observed(
                                effect.path("verdict").asText(),
                                effect.path("gain").asDouble(Double.NaN),
                                effect.path("error").asDouble(Double.NaN),
                                effect.path("why").asText(null))
                        : null);
    }
}
