package io.processoptimizer.emit;

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
import io.processoptimizer.event.Calendar.Span;
import io.processoptimizer.event.TelemetryEvent;
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
 * <tr><td>shift</td><td>string</td><td>of windows named shift: which one</td></tr>
 * <tr><td>day</td><td>string</td><td>of windows named shift or day: the date on which it starts, in the plant's time</td></tr>
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
 *     turning_point, balance (used where the order is configured), effective_cycle (used where no step is starved or blocked)</td></tr>
 * <tr><td>bottlenecks</td><td>objects</td><td>steps above the utilization threshold: step_id, utilization, impact (high)</td></tr>
 * <tr><td>resources</td><td>object</td><td>avg_utilization, min_utilization, max_utilization, utilization_spread (max − min),
 *     least_utilized, most_utilized (step ids)</td></tr>
 * <tr><td>steps</td><td>objects</td><td>those that hold anything in the window or are named by the definition, in line order: step_id, utilization (stated, else running / planned), active_share,
 *     availability, performance, quality, oee, the parts, the times, reasons, losses, failures, cycle_time (running time per part,
 *     s), observed_cycle_time (mean of the stated, s), learned_ideal_cycle_time (5th percentile of the stated, s: an estimate that
 *     no figure uses), sole_ms, shifting_ms and bottleneck_share (of the shifting bottleneck), mean_active_period_ms,
 *     energy_kwh, inferred (setup_ms, startup_reject, starved_ms and blocked_ms: what of these no machine said, but the change of the
 *     product, the time since the step started up, or the steps before and behind it)</td></tr>
 * <tr><td>kpis</td><td>object</td><td>nee, technical_efficiency, setup_ratio, utilization_efficiency, allocation_efficiency,
 *     scrap_ratio, rework_ratio, first_pass_yield (good / PQ), failures, mtbf_s, mttr_s, teep, throughput (parts per hour), cycle_time (s),
 *     fully_productive_ms</td></tr>
 * <tr><td>energy</td><td>object</td><td>total_kwh, kwh_per_good, loss_kwh and idle_share (used while not RUNNING); peak_kw and
 *     peak_at: mean power in the base pane of the highest use, as the records reported it, and when that pane starts</td></tr>
 * <tr><td>efficiency</td><td>object</td><td>empty: what the efficiency model says comes here</td></tr>
 * <tr><td>calculation_version</td><td>string</td><td>names the formulas</td></tr>
 * <tr><td>config_version</td><td>string</td><td>version of the process definition that was used</td></tr>
 * </table>
 */
public final class ResultJson {
    private static final Loss[] LOSSES = Loss.values();
    private static final double NANO = TelemetryEvent.NANO;

    private ResultJson() {}

    /** One JSON object in UTF-8, without a line end. */
    public static byte[] toBytes(WindowResult result) {
        JsonText json = new JsonText();
        write(result, json);
        return json.toBytes();
    }

    /** Writes one JSON object, without a line end. */
    public static void write(WindowResult result, JsonText json) {
        WindowAnalysis analysis = result.analysis();
        ProcessOee process = analysis.process();
        json.beginObject();
        json.field("process_id").value(result.processId());
        json.field("window_start").value(result.startMillis());
        json.field("window_end").value(result.endMillis());
        json.field("window").value(result.window());
        Span span = analysis.span();
        json.field("shift").value(span == null ? null : span.shift());
        json.field("day").value(span == null ? null : span.day().toString());
        json.field("revision").value(result.revision());
        json.field("generation").value(result.generation());
        json.field("final").value(result.isFinal());
        json.field("complete").value(result.complete());
        json.field("profile").value(process.profile().name().toLowerCase(Locale.ROOT));
        json.field("basis").value(process.basis());
        json.field("step_order").value(analysis.stepOrderAssumed() ? "assumed" : "configured");
        json.field("output_step").value(process.outputStep());
        times(process.times(), json);
        parts(process.parts(), json);
        factors(process.factors(), json);
        json.field("target_oee").value(process.targetOeeNano() / NANO);
        json.field("status").value(process.status().label());
        reasons(process.reasons(), result.complete(), json);
        losses(process.losses(), json);
        constraint(analysis.constraint(), json);
        bottlenecks(analysis.bottlenecks(), json);
        resources(analysis.resources(), json);
        json.field("steps").beginArray();
        for (StepAnalysis step : analysis.steps()) {
            step(step, json);
        }
        json.endArray();
        kpis(process.kpis(), json);
        energy(analysis.energy(), json);
        json.field("efficiency").beginObject();
        json.endObject();
        json.field("calculation_version").value(WindowAnalysis.CALCULATION_VERSION);
        json.field("config_version").value(analysis.configVersion());
        json.endObject();
    }

    private static void times(StateTimes times, JsonText json) {
        json.field("planned_ms").value(times.plannedMillis());
        json.field("running_ms").value(times.runningMillis());
        json.field("setup_ms").value(times.setupMillis());
        json.field("down_ms").value(times.downMillis());
        json.field("starved_ms").value(times.starvedMillis());
        json.field("blocked_ms").value(times.blockedMillis());
        json.field("idle_ms").value(times.idleMillis());
        json.field("planned_stop_ms").value(times.plannedStopMillis());
        json.field("unknown_ms").value(times.unknownMillis());
    }

    private static void parts(PartTotals parts, JsonText json) {
        json.field("good").value(parts.good());
        json.field("reject").value(parts.reject());
        json.field("startup_reject").value(parts.startupReject());
        json.field("rework").value(parts.rework());
        json.field("unplanned_good").value(parts.unplannedGood());
    }

    private static void factors(Factors factors, JsonText json) {
        json.field("availability").value(factors.availability());
        json.field("performance").value(factors.performance());
        json.field("quality").value(factors.quality());
        json.field("oee").value(factors.oee());
    }

    private static void reasons(List<Reason> reasons, boolean complete, JsonText json) {
        json.field("reasons").beginArray();
        for (Reason reason : reasons) {
            json.value(reason.label());
        }
        if (!complete) {
            json.value(Reason.STATE_LOST.label());
        }
        json.endArray();
    }

    private static void losses(Losses losses, JsonText json) {
        json.field("losses").beginObject();
        for (Loss loss : LOSSES) {
            micros(loss.label(), losses.micros(loss), json);
        }
        json.endObject();
    }

    private static void constraint(Constraint constraint, JsonText json) {
        json.field("constraint").beginObject();
        json.field("step_id").value(constraint.stepId());
        json.field("confidence")
                .value(
                        constraint.confidence() == null
                                ? null
                                : constraint.confidence().label());
        json.field("share").value(constraint.share());
        impact(constraint.impact(), json);
        Constraint.Votes votes = constraint.votes();
        json.field("methods").beginObject();
        json.field(Method.UTILIZATION.label()).value(votes.utilization());
        json.field(Method.ACTIVE_PERIOD.label()).value(votes.activePeriod());
        json.field(Method.SHIFTING.label()).value(votes.shifting());
        json.field(Method.TURNING_POINT.label()).value(votes.turningPoint());
        json.field(Method.BALANCE.label()).value(votes.balance());
        json.field(Method.EFFECTIVE_CYCLE.label()).value(votes.effectiveCycle());
        json.endObject();
        json.field("method")
                .value(constraint.method() == null ? null : constraint.method().label());
        json.field("now").value(constraint.now());
        json.endObject();
    }

    private static void impact(Constraint.@Nullable Impact impact, JsonText json) {
        if (impact == null) {
            json.field("impact").nothing();
            return;
        }
        json.field("impact").beginObject();
        json.field("estimate").value(true);
        json.field("relief").value(impact.relief());
        json.field("throughput_gain").value(impact.throughputGain());
        json.field("capped").value(impact.capped());
        json.endObject();
    }

    private static void bottlenecks(List<HighUtilization> bottlenecks, JsonText json) {
        json.field("bottlenecks").beginArray();
        for (HighUtilization bottleneck : bottlenecks) {
            json.beginObject();
            json.field("step_id").value(bottleneck.stepId());
            json.field("utilization").value(bottleneck.utilization());
            json.field("impact").value(HighUtilization.IMPACT);
            json.endObject();
        }
        json.endArray();
    }

    private static void resources(Resources resources, JsonText json) {
        json.field("resources").beginObject();
        json.field("avg_utilization").value(resources.averageUtilization());
        json.field("min_utilization").value(resources.minUtilization());
        json.field("max_utilization").value(resources.maxUtilization());
        json.field("utilization_spread").value(resources.utilizationSpread());
        json.field("least_utilized").value(resources.leastUtilized());
        json.field("most_utilized").value(resources.mostUtilized());
        json.endObject();
    }

    private static void step(StepAnalysis analysis, JsonText json) {
        StepOee step = analysis.oee();
        StepActivity activity = analysis.activity();
        json.beginObject();
        json.field("step_id").value(step.stepId());
        json.field("utilization").value(step.utilization().value());
        json.field("active_share").value(step.activeShare());
        factors(step.factors(), json);
        parts(step.parts(), json);
        times(step.times(), json);
        reasons(step.reasons(), true, json);
        losses(step.losses(), json);
        json.field("failures").value(step.failures());
        json.field("cycle_time").value(step.cycles().actualSeconds());
        json.field("observed_cycle_time").value(step.cycles().observedSeconds());
        json.field("learned_ideal_cycle_time").value(step.cycles().learnedIdealSeconds());
        millis("sole_ms", activity.soleMillis(), json);
        millis("shifting_ms", activity.shiftingMillis(), json);
        json.field("bottleneck_share").value(activity.share());
        json.field("mean_active_period_ms").value(activity.meanActivePeriodMillis());
        json.field("energy_kwh").value(step.energyKwh());
        json.field("inferred").beginObject();
        json.field("setup_ms").value(step.inferred().setupMillis());
        json.field("startup_reject").value(step.inferred().startupRejects());
        json.field("starved_ms").value(step.inferred().starvedMillis());
        json.field("blocked_ms").value(step.inferred().blockedMillis());
        json.endObject();
        json.endObject();
    }

    private static void kpis(Kpis kpis, JsonText json) {
        json.field("kpis").beginObject();
        json.field("nee").value(kpis.nee());
        json.field("technical_efficiency").value(kpis.technicalEfficiency());
        json.field("setup_ratio").value(kpis.setupRatio());
        json.field("utilization_efficiency").value(kpis.utilizationEfficiency());
        json.field("allocation_efficiency").value(kpis.allocationEfficiency());
        json.field("scrap_ratio").value(kpis.scrapRatio());
        json.field("rework_ratio").value(kpis.reworkRatio());
        json.field("first_pass_yield").value(kpis.firstPassYield());
        json.field("failures").value(kpis.failures());
        json.field("mtbf_s").value(kpis.mtbfSeconds());
        json.field("mttr_s").value(kpis.mttrSeconds());
        json.field("teep").value(kpis.teep());
        json.field("throughput").value(kpis.throughputPerHour());
        json.field("cycle_time").value(kpis.cycleTimeSeconds());
        micros("fully_productive_ms", kpis.fullyProductiveMicros(), json);
        json.endObject();
    }

    private static void energy(Energy energy, JsonText json) {
        json.field("energy").beginObject();
        json.field("total_kwh").value(energy.totalKwh());
        json.field("kwh_per_good").value(energy.perGoodPartKwh());
        json.field("loss_kwh").value(energy.lossKwh());
        json.field("idle_share").value(energy.idleShare());
        json.field("peak_kw").value(energy.peakKw());
        json.field("peak_at");
        if (energy.peakAtMillis() == TelemetryEvent.ABSENT) {
            json.nothing();
        } else {
            json.value(energy.peakAtMillis());
        }
        json.endObject();
    }

    private static void millis(String name, long millis, JsonText json) {
        json.field(name);
        if (millis == TelemetryEvent.ABSENT) {
            json.nothing();
        } else {
            json.value(millis);
        }
    }

    /** Microseconds as milliseconds, exactly. */
    private static void micros(String name, long micros, JsonText json) {
        json.field(name);
        if (micros == TelemetryEvent.ABSENT) {
            json.nothing();
        } else {
            json.micros(micros);
        }
    }
}
