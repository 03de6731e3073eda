package io.processoptimizer.advise;

import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.oee.Kpis;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a window that a model is given, by name, to four decimals: what it may point at as evidence. Ratios and shares are
 * plain numbers; what is not known is left out.
 */
final class WindowNumbers {
    /** Steps that a prompt shows in full; of a longer line the rest is in the figures of the process. */
    private static final int MAX_STEPS = 20;

    private static final double MICROS_PER_MILLI = 1_000;
    private static final double NANO = 1e9;

    private final Map<String, Double> numbers = new LinkedHashMap<>();

    private WindowNumbers() {}

    static Map<String, Double> of(Briefing briefing) {
        WindowNumbers of = new WindowNumbers();
        WindowAnalysis analysis = briefing.result().analysis();
        of.process(analysis.process());
        of.constraint(analysis.constraint());
        of.add("resources.avg_utilization", analysis.resources().averageUtilization());
        of.add("resources.max_utilization", analysis.resources().maxUtilization());
        of.add("resources.utilization_spread", analysis.resources().utilizationSpread());
        of.add("energy.total_kwh", analysis.energy().totalKwh());
        of.add("energy.per_good_part_kwh", analysis.energy().perGoodPartKwh());
        of.add("energy.idle_share", analysis.energy().idleShare());
        of.add("energy.peak_kw", analysis.energy().peakKw());
        analysis.steps().stream().limit(MAX_STEPS).forEach(of::step);
        of.expected(briefing.expected());
        return Collections.unmodifiableMap(of.numbers);
    }

    private void process(ProcessOee process) {
        add("oee", process.factors().oee());
        add("target_oee", process.targetOeeNano() / NANO);
        add("availability", process.factors().availability());
        add("performance", process.factors().performance());
        add("quality", process.factors().quality());
        for (Loss loss : Loss.values()) {
            long micros = process.losses().micros(loss);
            double planned = process.times().plannedMillis() * MICROS_PER_MILLI;
            add(share(loss), micros == TelemetryEvent.ABSENT || planned == 0 ? Double.NaN : micros / planned);
        }
        Kpis kpis = process.kpis();
        add("throughput_per_hour", kpis.throughputPerHour());
        add("cycle_time_s", kpis.cycleTimeSeconds());
        add("failures", (double) kpis.failures());
        add("mtbf_s", kpis.mtbfSeconds());
        add("mttr_s", kpis.mttrSeconds());
        add("scrap_ratio", kpis.scrapRatio());
        add("good", (double) process.parts().good());
        add("reject", (double) process.parts().reject());
    }

    private void constraint(Constraint constraint) {
        add("constraint.share", constraint.share());
        Constraint.Impact impact = constraint.impact();
        add("constraint.throughput_gain", impact == null ? Double.NaN : impact.throughputGain());
    }

    private void step(StepAnalysis step) {
        StepOee oee = step.oee();
        String prefix = "step." + oee.stepId() + ".";
        StateTimes times = oee.times();
        double planned = times.plannedMillis();
        add(
                prefix + "utilization",
                oee.utilization().isKnown() ? oee.utilization().value() : Double.NaN);
        add(prefix + "oee", oee.factors().oee());
        add(prefix + "down_share", times.downMillis() / planned);
        add(prefix + "starved_share", times.starvedMillis() / planned);
        add(prefix + "blocked_share", times.blockedMillis() / planned);
        add(prefix + "idle_share", times.idleMillis() / planned);
        add(prefix + "setup_share", times.setupMillis() / planned);
        add(prefix + "cycle_time_s", oee.cycles().actualSeconds());
        add(prefix + "failures", (double) oee.failures());
    }

    private void expected(@Nullable Efficiency expected) {
        if (expected != null) {
            add("expected.oee", expected.score());
            add("expected.throughput_per_hour", expected.throughput());
            add("expected.cycle_time_s", expected.cycleTimeSeconds());
        }
    }

    private void add(String name, double value) {
        // ABSENT as a double is what is not known, too.
        if (Double.isFinite(value) && value > TelemetryEvent.ABSENT) {
            numbers.put(name, Estimate.rounded(value));
        }
    }

    private static String share(Loss loss) {
        return "loss." + loss.label().replace("_ms", "_share");
    }

    /** The figure that the rules pull this lever for. */
    static String behind(Lever lever, @Nullable String stepId) {
        String prefix = stepId == null ? "" : "step." + stepId + ".";
        return switch (lever) {
            case REDUCE_BREAKDOWNS -> share(Loss.BREAKDOWNS);
            case SHORTEN_SETUP -> share(Loss.SETUP);
            case REDUCE_MINOR_STOPS, FEED_STEP, CLEAR_OUTPUT, RELEASE_ORDER -> share(Loss.MINOR_STOPS);
            case RESTORE_SPEED -> share(Loss.REDUCED_SPEED);
            case REDUCE_STARTUP_REJECTS -> share(Loss.STARTUP_REJECTS);
            case REDUCE_REJECTS -> share(Loss.PRODUCTION_REJECTS);
            case RESTORE_SIGNAL -> share(Loss.NO_SIGNAL);
            case RELIEVE_CONSTRAINT -> stepId == null ? "constraint.share" : prefix + "utilization";
            case RAISE_LOWEST_FACTOR, COMPLETE_DATA -> "target_oee";
        };
    }
}
