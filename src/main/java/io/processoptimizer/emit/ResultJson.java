package io.processoptimizer.emit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.io.NumberOutput;
import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Method;
import io.processoptimizer.analyse.bottleneck.Resources;
import io.processoptimizer.analyse.bottleneck.StepActivity;
import io.processoptimizer.analyse.oee.Energy;
import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Kpis;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.Losses;
import io.processoptimizer.analyse.oee.PartTotals;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.analyse.oee.Reason;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one JSON schema of a window's result: an item of the metrics table, a line of {@code windows.ndjson}, what
 * {@code analyze} prints. Every field is always there, in this order; a figure that is not known is {@code null}.
 *
 * <p>Numbers: times are epoch milliseconds, durations milliseconds (losses with up to three decimals: they are exact to the
 * microsecond), ratios 0 … 1 and not percent. A ratio is the shortest decimal that reads back as the same double, without an
 * exponent, a trailing zero or a sign before zero: the form in which DynamoDB gives numbers back, the same on every Java version.
 *
 * <table>
 * <caption>Fields of a result</caption>
 * <tr><th>field</th><th>type</th><th>meaning</th></tr>
 * <tr><td>process_id</td><td>string</td><td>the process</td></tr>
 * <tr><td>window_start</td><td>integer</td><td>start of the window, inclusive, epoch ms</td></tr>
 * <tr><td>window_end</td><td>integer</td><td>end of the window, exclusive, epoch ms</td></tr>
 * <tr><td>window</td><td>string</td><td>name of the window definition</td></tr>
 * <tr><td>revision</td><td>integer</td><td>0 at first, + 1 each time that late facts change the result</td></tr>
 * <tr><td>generation</td><td>integer</td><td>rises when an operator rewinds the process to reprocess</td></tr>
 * <tr><td>final</td><td>boolean</td><td>false: provisional, closed without the process's own records, to be replaced</td></tr>
 * <tr><td>complete</td><td>boolean</td><td>false: facts of the window were lost with the state</td></tr>
 * <tr><td>profile</td><td>string</td><td>how A, P and Q are formed: iso22400, classic or simple</td></tr>
 * <tr><td>basis</td><td>string</td><td>what times, losses and OEE stand on: constraint, rollup or step:ID; in profile simple
 *     the factors are the record's and only times and losses stand on it</td></tr>
 * <tr><td>step_order</td><td>string</td><td>configured, or assumed: the natural sort of the step ids</td></tr>
 * <tr><td>output_step</td><td>string</td><td>the step whose parts are the process's</td></tr>
 * <tr><td>planned_ms</td><td>integer</td><td>PBT, planned busy time: the next seven but planned_stop_ms</td></tr>
 * <tr><td>running_ms, setup_ms, down_ms, starved_ms, blocked_ms, idle_ms, planned_stop_ms, unknown_ms</td><td>integer</td>
 *     <td>time by state</td></tr>
 * <tr><td>good, reject, startup_reject, rework</td><td>integer</td><td>parts in planned time; startup_reject is contained in
 *     reject</td></tr>
 * <tr><td>unplanned_good</td><td>integer</td><td>good parts made outside planned time, in none of the others</td></tr>
 * <tr><td>availability, performance, quality, oee</td><td>ratio</td><td>OEE is a division of its own, not the product of the
 *     rounded factors; performance and OEE above 1 are kept</td></tr>
 * <tr><td>target_oee</td><td>ratio</td><td>the process's target</td></tr>
 * <tr><td>status</td><td>string</td><td>meeting_target, below_target or no_data</td></tr>
 * <tr><td>reasons</td><td>strings</td><td>why a figure is missing or suspect: the labels of
 *     {@link io.processoptimizer.analyse.oee.Reason}; silent_steps says that steps are left out which no definition names and which
 *     hold nothing in the window</td></tr>
 * <tr><td>losses</td><td>object</td><td>breakdowns_ms, setup_ms, minor_stops_ms, reduced_speed_ms, startup_rejects_ms,
 *     production_rejects_ms, no_signal_ms: sum to planned_ms − kpis.fully_productive_ms; reduced_speed_ms may be negative</td></tr>
 * <tr><td>constraint</td><td>object</td><td>step_id; confidence (high, medium, low); share of the window as bottleneck; impact;
 *     methods; method (whose vote was taken); now (the step that is active longest at the window's end)</td></tr>
 * <tr><td>constraint.impact</td><td>object or null</td><td>estimate (always true), relief (fraction of the cycle taken away),
 *     throughput_gain (relative), capped (the next step limits it)</td></tr>
 * <tr><td>constraint.methods</td><td>object</td><td>the step that each method votes for: utilization, active_period, shifting,
 *     turning_point, effective_cycle (used where no step is starved or blocked)</td></tr>
 * <tr><td>bottlenecks</td><td>objects</td><td>steps above the utilization threshold: step_id, utilization, impact (high)</td></tr>
 * <tr><td>resources</td><td>object</td><td>avg_utilization, min_utilization, max_utilization, utilization_spread (max − min),
 *     least_utilized, most_utilized (step ids)</td></tr>
 * <tr><td>steps</td><td>objects</td><td>those that hold anything in the window or are named by the definition, in line order: step_id, utilization (stated, else running / planned), active_share,
 *     availability, performance, quality, oee, the parts, the times, reasons, losses, failures, cycle_time (running time per part,
 *     s), observed_cycle_time (mean of the stated, s), learned_ideal_cycle_time (5th percentile of the stated, s: an estimate that
 *     no figure uses), sole_ms, shifting_ms and bottleneck_share (of the shifting bottleneck), mean_active_period_ms,
 *     energy_kwh</td></tr>
 * <tr><td>kpis</td><td>object</td><td>nee, technical_efficiency, setup_ratio, utilization_efficiency, allocation_efficiency,
 *     scrap_ratio, rework_ratio, failures, mtbf_s, mttr_s, teep, throughput (parts per hour), cycle_time (s),
 *     fully_productive_ms</td></tr>
 * <tr><td>energy</td><td>object</td><td>total_kwh, kwh_per_good, idle_share (while not RUNNING)</td></tr>
 * <tr><td>efficiency</td><td>object</td><td>empty: what the efficiency model says comes here</td></tr>
 * <tr><td>calculation_version</td><td>string</td><td>names the formulas</td></tr>
 * <tr><td>config_version</td><td>string</td><td>version of the process definition that was used</td></tr>
 * </table>
 */
public final class ResultJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final Loss[] LOSSES = Loss.values();

    /** Losses and decimals of milliseconds are kept in microseconds. */
    private static final int MICROS_SCALE = 3;

    private static final long MICROS_PER_MILLI = 1_000;
    private static final double NANO = TelemetryEvent.NANO;

    /** A result of five steps takes about 4 kB. */
    private static final int TYPICAL_BYTES = 4096;

    private ResultJson() {}

    /** One JSON object in UTF-8, without a line end. */
    public static byte[] toBytes(WindowResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(TYPICAL_BYTES);
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            write(result, json);
        } catch (IOException e) {
            throw new UncheckedIOException("a result of " + result.processId() + " cannot be written to memory", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Writes one JSON object.
     *
     * @param json for text; ratios are written as encoded decimals, which binary formats do not take
     */
    public static void write(WindowResult result, JsonGenerator json) throws IOException {
        WindowAnalysis analysis = result.analysis();
        ProcessOee process = analysis.process();
        json.writeStartObject();
        json.writeStringField("process_id", result.processId());
        json.writeNumberField("window_start", result.startMillis());
        json.writeNumberField("window_end", result.endMillis());
        json.writeStringField("window", result.window());
        json.writeNumberField("revision", result.revision());
        json.writeNumberField("generation", result.generation());
        json.writeBooleanField("final", result.isFinal());
        json.writeBooleanField("complete", result.complete());
        json.writeStringField("profile", process.profile().name().toLowerCase(Locale.ROOT));
        json.writeStringField("basis", process.basis());
        json.writeStringField("step_order", analysis.stepOrderAssumed() ? "assumed" : "configured");
        json.writeStringField("output_step", process.outputStep());
        times(process.times(), json);
        parts(process.parts(), json);
        factors(process.factors(), json);
        number("target_oee", process.targetOeeNano() / NANO, json);
        json.writeStringField("status", process.status().label());
        reasons(process.reasons(), result.complete(), json);
        losses(process.losses(), json);
        constraint(analysis.constraint(), json);
        bottlenecks(analysis.bottlenecks(), json);
        resources(analysis.resources(), json);
        json.writeArrayFieldStart("steps");
        for (StepAnalysis step : analysis.steps()) {
            step(step, json);
        }
        json.writeEndArray();
        kpis(process.kpis(), json);
        energy(analysis.energy(), json);
        json.writeObjectFieldStart("efficiency");
        json.writeEndObject();
        json.writeStringField("calculation_version", WindowAnalysis.CALCULATION_VERSION);
        json.writeStringField("config_version", analysis.configVersion());
        json.writeEndObject();
    }

    private static void times(StateTimes times, JsonGenerator json) throws IOException {
        json.writeNumberField("planned_ms", times.plannedMillis());
        json.writeNumberField("running_ms", times.runningMillis());
        json.writeNumberField("setup_ms", times.setupMillis());
        json.writeNumberField("down_ms", times.downMillis());
        json.writeNumberField("starved_ms", times.starvedMillis());
        json.writeNumberField("blocked_ms", times.blockedMillis());
        json.writeNumberField("idle_ms", times.idleMillis());
        json.writeNumberField("planned_stop_ms", times.plannedStopMillis());
        json.writeNumberField("unknown_ms", times.unknownMillis());
    }

    private static void parts(PartTotals parts, JsonGenerator json) throws IOException {
        json.writeNumberField("good", parts.good());
        json.writeNumberField("reject", parts.reject());
        json.writeNumberField("startup_reject", parts.startupReject());
        json.writeNumberField("rework", parts.rework());
        json.writeNumberField("unplanned_good", parts.unplannedGood());
    }

    private static void factors(Factors factors, JsonGenerator json) throws IOException {
        number("availability", factors.availability(), json);
        number("performance", factors.performance(), json);
        number("quality", factors.quality(), json);
        number("oee", factors.oee(), json);
    }

    private static void reasons(List<Reason> reasons, boolean complete, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("reasons");
        for (Reason reason : reasons) {
            json.writeString(reason.label());
        }
        if (!complete) {
            json.writeString(Reason.STATE_LOST.label());
        }
        json.writeEndArray();
    }

    private static void losses(Losses losses, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("losses");
        for (Loss loss : LOSSES) {
            micros(loss.label(), losses.micros(loss), json);
        }
        json.writeEndObject();
    }

    private static void constraint(Constraint constraint, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("constraint");
        json.writeStringField("step_id", constraint.stepId());
        json.writeStringField(
                "confidence",
                constraint.confidence() == null ? null : constraint.confidence().label());
        number("share", constraint.share(), json);
        impact(constraint.impact(), json);
        Constraint.Votes votes = constraint.votes();
        json.writeObjectFieldStart("methods");
        json.writeStringField(Method.UTILIZATION.label(), votes.utilization());
        json.writeStringField(Method.ACTIVE_PERIOD.label(), votes.activePeriod());
        json.writeStringField(Method.SHIFTING.label(), votes.shifting());
        json.writeStringField(Method.TURNING_POINT.label(), votes.turningPoint());
        json.writeStringField(Method.EFFECTIVE_CYCLE.label(), votes.effectiveCycle());
        json.writeEndObject();
        json.writeStringField(
                "method",
                constraint.method() == null ? null : constraint.method().label());
        json.writeStringField("now", constraint.now());
        json.writeEndObject();
    }

    private static void impact(Constraint.@Nullable Impact impact, JsonGenerator json) throws IOException {
        if (impact == null) {
            json.writeNullField("impact");
            return;
        }
        json.writeObjectFieldStart("impact");
        json.writeBooleanField("estimate", true);
        number("relief", impact.relief(), json);
        number("throughput_gain", impact.throughputGain(), json);
        json.writeBooleanField("capped", impact.capped());
        json.writeEndObject();
    }

    private static void bottlenecks(List<HighUtilization> bottlenecks, JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("bottlenecks");
        for (HighUtilization bottleneck : bottlenecks) {
            json.writeStartObject();
            json.writeStringField("step_id", bottleneck.stepId());
            number("utilization", bottleneck.utilization(), json);
            json.writeStringField("impact", HighUtilization.IMPACT);
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void resources(Resources resources, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("resources");
        number("avg_utilization", resources.averageUtilization(), json);
        number("min_utilization", resources.minUtilization(), json);
        number("max_utilization", resources.maxUtilization(), json);
        number("utilization_spread", resources.utilizationSpread(), json);
        json.writeStringField("least_utilized", resources.leastUtilized());
        json.writeStringField("most_utilized", resources.mostUtilized());
        json.writeEndObject();
    }

    private static void step(StepAnalysis analysis, JsonGenerator json) throws IOException {
        StepOee step = analysis.oee();
        StepActivity activity = analysis.activity();
        json.writeStartObject();
        json.writeStringField("step_id", step.stepId());
        number("utilization", step.utilization().value(), json);
        number("active_share", step.activeShare(), json);
        factors(step.factors(), json);
        parts(step.parts(), json);
        times(step.times(), json);
        reasons(step.reasons(), true, json);
        losses(step.losses(), json);
        json.writeNumberField("failures", step.failures());
        number("cycle_time", step.cycles().actualSeconds(), json);
        number("observed_cycle_time", step.cycles().observedSeconds(), json);
        number("learned_ideal_cycle_time", step.cycles().learnedIdealSeconds(), json);
        json.writeNumberField("sole_ms", activity.soleMillis());
        json.writeNumberField("shifting_ms", activity.shiftingMillis());
        number("bottleneck_share", activity.share(), json);
        number("mean_active_period_ms", activity.meanActivePeriodMillis(), json);
        number("energy_kwh", step.energyKwh(), json);
        json.writeEndObject();
    }

    private static void kpis(Kpis kpis, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("kpis");
        number("nee", kpis.nee(), json);
        number("technical_efficiency", kpis.technicalEfficiency(), json);
        number("setup_ratio", kpis.setupRatio(), json);
        number("utilization_efficiency", kpis.utilizationEfficiency(), json);
        number("allocation_efficiency", kpis.allocationEfficiency(), json);
        number("scrap_ratio", kpis.scrapRatio(), json);
        number("rework_ratio", kpis.reworkRatio(), json);
        json.writeNumberField("failures", kpis.failures());
        number("mtbf_s", kpis.mtbfSeconds(), json);
        number("mttr_s", kpis.mttrSeconds(), json);
        number("teep", kpis.teep(), json);
        number("throughput", kpis.throughputPerHour(), json);
        number("cycle_time", kpis.cycleTimeSeconds(), json);
        micros("fully_productive_ms", kpis.fullyProductiveMicros(), json);
        json.writeEndObject();
    }

    private static void energy(Energy energy, JsonGenerator json) throws IOException {
        json.writeObjectFieldStart("energy");
        number("total_kwh", energy.totalKwh(), json);
        number("kwh_per_good", energy.perGoodPartKwh(), json);
        number("idle_share", energy.idleShare(), json);
        json.writeEndObject();
    }

    private static void number(String name, double value, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        if (Double.isNaN(value)) {
            json.writeNull();
        } else if (value == (int) value) {
            json.writeNumber((int) value); // many ratios are 0 or 1, and need no search for their shortest decimal
        } else {
            json.writeNumber(plain(value));
        }
    }

    /** Microseconds as milliseconds, exactly. */
    private static void micros(String name, long micros, JsonGenerator json) throws IOException {
        json.writeFieldName(name);
        if (micros == TelemetryEvent.ABSENT) {
            json.writeNull();
        } else if (micros % MICROS_PER_MILLI == 0) {
            json.writeNumber(micros / MICROS_PER_MILLI);
        } else {
            json.writeNumber(BigDecimal.valueOf(micros, MICROS_SCALE)
                    .stripTrailingZeros()
                    .toPlainString());
        }
    }

    /** The shortest decimal that reads back as the same double; {@code Double.toString} finds it only from Java 19 on. */
    static String plain(double value) {
        if (value == 0) {
            return "0";
        }
        String shortest = NumberOutput.toString(value, true);
        if (shortest.indexOf('E') >= 0) {
            return new BigDecimal(shortest).stripTrailingZeros().toPlainString();
        }
        return shortest.endsWith(".0") ? shortest.substring(0, shortest.length() - 2) : shortest;
    }
}
