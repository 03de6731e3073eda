package io.processoptimizer.cli;

import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Resources;
import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.analyse.oee.Reason;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.WindowFacts;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** One analysis for a person: what was computed, what was not and why, and what to do. */
final class AnalysisText {
    private static final int LABEL_WIDTH = 22;
    private static final int TEXT_WIDTH = 96;
    private static final int DECIMALS = 5;
    private static final double MICROS_PER_SECOND = 1e6;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PrintWriter out;
    private final Style style;

    AnalysisText(PrintWriter out, Style style) {
        this.out = out;
        this.style = style;
    }

    void print(WindowFacts facts, WindowResult result, boolean isSnapshot, AdviceRecord.Given given) {
        WindowAnalysis analysis = result.analysis();
        int steps = analysis.steps().size();
        String what = isSnapshot
                ? "a snapshot of " + steps + (steps == 1 ? " step" : " steps")
                : "an event of step " + analysis.steps().get(0).oee().stepId() + ", over "
                        + seconds((result.endMillis() - result.startMillis()) / MILLIS_PER_SECOND);
        out.println(style.bold(result.processId()) + " at " + Instant.ofEpochMilli(result.startMillis()) + ": " + what);
        out.println();
        factors(analysis.process(), isSnapshot);
        if (!isSnapshot) {
            losses(analysis.process());
        }
        out.println();
        bottlenecks(facts, analysis);
        out.println();
        advice(given);
    }

    private void line(String label, String text) {
        out.println("  " + label + " ".repeat(Math.max(1, LABEL_WIDTH - label.length())) + text);
    }

    private void factors(ProcessOee process, boolean isSnapshot) {
        Factors factors = process.factors();
        line(
                "OEE",
                Double.isNaN(factors.oee())
                        ? style.warning("not computable: " + missing(process, isSnapshot))
                        : ratio(factors.oee()));
        line("Availability", stated(factors.availability()));
        line("Performance", stated(factors.performance()));
        line("Quality", stated(factors.quality()));
        if (!Double.isNaN(process.kpis().throughputPerHour())) {
            line("Throughput", ratio(process.kpis().throughputPerHour()) + " parts per hour");
        }
        String target = " (target " + ratio(process.targetOeeNano() / (double) TelemetryEvent.NANO) + ")";
        String status = process.status().label() + target;
        line("Status", process.status() == OeeStatus.MEETING_TARGET ? style.good(status) : style.warning(status));
        line("Profile", process.profile().name().toLowerCase(Locale.ROOT));
        if (!process.reasons().isEmpty()) {
            line(
                    "Reasons",
                    String.join(
                            ", ", process.reasons().stream().map(Reason::label).toList()));
        }
    }

    /** What somebody has to supply before there is an OEE. */
    private static String missing(ProcessOee process, boolean isSnapshot) {
        List<String> missing = new ArrayList<>();
        for (Reason reason : process.reasons()) {
            switch (reason) {
                case NO_AVAILABILITY -> missing.add("availability");
                case NO_PERFORMANCE -> missing.add("performance");
                case NO_QUALITY -> missing.add("quality");
                case NO_IDEAL_CYCLE -> missing.add("the ideal cycle time");
                case NO_PLANNED_TIME -> missing.add("planned time");
                default -> {}
            }
        }
        if (missing.isEmpty()) {
            return "see the reasons below";
        }
        String list = missing.size() == 1
                ? missing.get(0)
                : String.join(", ", missing.subList(0, missing.size() - 1)) + " and " + missing.get(missing.size() - 1);
        return list
                + (missing.size() == 1 ? " is" : " are")
                + (isSnapshot ? " not stated in the record" : " not known");
    }

    private static String stated(double ratio) {
        return Double.isNaN(ratio) ? "not known" : ratio(ratio);
    }

    private void losses(ProcessOee process) {
        for (Loss loss : Loss.values()) {
            long micros = process.losses().micros(loss);
            if (micros != TelemetryEvent.ABSENT && micros != 0) {
                line(
                        "Loss",
                        loss.label().replaceAll("_ms$", "").replace('_', ' ') + " "
                                + seconds(micros / MICROS_PER_SECOND));
            }
        }
    }

    private void bottlenecks(WindowFacts facts, WindowAnalysis analysis) {
        double threshold = facts.definition().utilizationThresholdNano() / (double) TelemetryEvent.NANO;
        if (analysis.bottlenecks().isEmpty()) {
            line("Bottlenecks", "none: no step is used for more than " + ratio(threshold) + " of the time");
        }
        for (HighUtilization step : analysis.bottlenecks()) {
            line(
                    "Bottleneck",
                    style.bad(step.stepId() + ", impact " + HighUtilization.IMPACT) + ": utilization "
                            + ratio(step.utilization()) + " is above " + ratio(threshold));
        }
        Resources resources = analysis.resources();
        if (!Double.isNaN(resources.averageUtilization())) {
            String range = resources.leastUtilized() == null || analysis.steps().size() < 2
                    ? ""
                    : " (" + resources.leastUtilized() + " " + ratio(resources.minUtilization()) + " to "
                            + resources.mostUtilized() + " " + ratio(resources.maxUtilization()) + ")";
            line("Average utilization", ratio(resources.averageUtilization()) + range);
        }
        for (StepAnalysis step : analysis.steps()) {
            step(step, analysis, threshold);
        }
    }

    private void step(StepAnalysis step, WindowAnalysis analysis, double threshold) {
        String id = step.oee().stepId();
        List<String> facts = new ArrayList<>();
        if (step.oee().utilization().isKnown()) {
            facts.add("utilization " + ratio(step.oee().utilization().value()));
        }
        double cycle = step.oee().cycles().observedSeconds();
        if (!Double.isNaN(cycle)) {
            facts.add("cycle time " + seconds(cycle));
        }
        boolean listed =
                analysis.bottlenecks().stream().anyMatch(b -> b.stepId().equals(id));
        if (step.oee().utilization().isKnown()) {
            facts.add(listed ? "bottleneck of high impact" : "not a bottleneck (at most " + ratio(threshold) + ")");
        }
        if (!facts.isEmpty()) {
            line(id.length() < LABEL_WIDTH ? id : id + " ", String.join(", ", facts));
        }
    }

    private void advice(AdviceRecord.Given given) {
        Advice advice = given.advice();
        if (advice.recommendations().isEmpty()) {
            line("Recommendation", "none: " + advice.summary());
            return;
        }
        out.println("  Recommendations by " + given.source() + ", priority " + emphasized(advice.priority()));
        int number = 1;
        for (Recommendation recommendation : advice.recommendations()) {
            paragraph(number++ + ". ", recommendation.text());
        }
        paragraph("Risk " + advice.risk().level().label() + ": ", advice.risk().note());
    }

    private String emphasized(Priority priority) {
        return switch (priority) {
            case HIGH -> style.bad(priority.label());
            case MEDIUM -> style.warning(priority.label());
            case LOW -> priority.label();
        };
    }

    private void paragraph(String first, String text) {
        StringBuilder line = new StringBuilder("    " + first);
        String indent = " ".repeat(line.length());
        for (String word : text.split(" ", -1)) {
            if (line.length() + word.length() > TEXT_WIDTH && line.length() > indent.length()) {
                out.println(line.toString().stripTrailing());
                line = new StringBuilder(indent);
            }
            line.append(word).append(' ');
        }
        out.println(line.toString().stripTrailing());
    }

    private static String seconds(double seconds) {
        return ratio(seconds) + " s";
    }

    /** At most five decimals, without trailing zeros. */
    private static String ratio(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(DECIMALS, RoundingMode.HALF_EVEN);
        return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
    }
}
