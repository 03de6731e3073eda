package io.processoptimizer.advise;

import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Resources;
import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.OeeStatus;
import io.processoptimizer.analyse.oee.Reason;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Risk;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Advice by rule, from the figures of one window alone: the largest loss and what helps against it, the constraint, and what is
 * missing for a judgement. The same analysis gives the same text on every machine.
 */
public final class RuleAdvisor {
    /** Names these rules as the source of advice. */
    public static final String SOURCE = "rules";

    /** More than three things at once nobody does. */
    private static final int MAX_RECOMMENDATIONS = 3;

    /** A loss below a hundredth of planned time is not worth a sentence. */
    private static final double WORTH_SAYING = 0.01;

    /** A single loss of a tenth of planned time, or a step that is the bottleneck for half of it, costs output now. */
    private static final double URGENT_LOSS = 0.1;

    private static final double URGENT_CONSTRAINT = 0.5;

    private final WindowAnalysis analysis;
    private final boolean belowTarget;
    private final boolean doubtful;
    private final List<Recommendation> found = new ArrayList<>();

    private RuleAdvisor(WindowAnalysis analysis, boolean complete) {
        this.analysis = analysis;
        this.belowTarget = analysis.process().status() == OeeStatus.BELOW_TARGET;
        this.doubtful = isDoubtful(analysis, complete);
    }

    /** Whether figures are missing or cannot be right, so that nothing that rests on them is urgent. */
    static boolean isDoubtful(WindowAnalysis analysis, boolean complete) {
        List<Reason> reasons = analysis.process().reasons();
        return !complete
                || reasons.contains(Reason.PARTIAL_START)
                || reasons.contains(Reason.OUT_OF_RANGE)
                || reasons.contains(Reason.IDEAL_CYCLE_SUSPECT)
                || reasons.contains(Reason.STATE_LOST);
    }

    /**
     * @param complete false where facts of the window were lost: then nothing is urgent
     * @return at most three recommendations; none where nothing stands out
     */
    public static Advice advise(WindowAnalysis analysis, boolean complete) {
        RuleAdvisor rules = new RuleAdvisor(analysis, complete);
        rules.largestLoss();
        rules.constraint();
        rules.highUtilization();
        rules.missingData();
        rules.lowestFactor();
        List<Recommendation> urgentFirst = rules.found.stream()
                .sorted(Comparator.comparing(Recommendation::priority)
                        .reversed()) // stable: the order above among equals
                .limit(MAX_RECOMMENDATIONS)
                .toList();
        boolean nothing = urgentFirst.isEmpty();
        Lever first = nothing ? Lever.COMPLETE_DATA : urgentFirst.get(0).lever();
        Risk risk = LossRules.risk(first);
        return new Advice(nothing ? Priority.LOW : urgentFirst.get(0).priority(), rules.summary(), urgentFirst, risk);
    }

    private void largestLoss() {
        Loss largest = analysis.process().losses().largest();
        LossRules rules = largest == null ? null : LossRules.of(analysis, largest);
        if (largest == null || rules == null || !(rules.share() >= WORTH_SAYING)) {
            return;
        }
        Priority priority = belowTarget ? Priority.MEDIUM : Priority.LOW;
        if (rules.share() >= URGENT_LOSS) {
            boolean reliable = !doubtful && largest != Loss.NO_SIGNAL;
            priority = belowTarget && reliable ? Priority.HIGH : Priority.MEDIUM;
        }
        add(rules.lever(), rules.stepId(), priority, rules.text(), Estimate.rounded(rules.share()), rules.expected());
    }

    private void constraint() {
        Constraint constraint = analysis.constraint();
        String step = constraint.stepId();
        Confidence confidence = constraint.confidence();
        if (step == null || confidence == null || isSingleStep()) {
            return;
        }
        boolean sure = confidence != Confidence.LOW;
        if (!sure && isHighlyUtilized(step)) {
            return; // its utilization says so more plainly
        }
        Priority priority = sure ? Priority.MEDIUM : Priority.LOW;
        if (confidence == Confidence.HIGH && constraint.share() >= URGENT_CONSTRAINT && belowTarget && !doubtful) {
            priority = Priority.HIGH;
        }
        String share = Double.isNaN(constraint.share())
                ? ""
                : ", the bottleneck for " + Phrases.percent(constraint.share()) + " of the window";
        String text =
                step + (sure ? " limits" : " may limit") + " the process (confidence " + confidence.label() + share
                        + "). Keep it running through breaks and changeovers, and shift work from it"
                        + leastUtilized(step, " to ") + ".";
        add(Lever.RELIEVE_CONSTRAINT, step, priority, text, Double.NaN, expected(constraint.impact()));
    }

    private static @Nullable ExpectedImprovement expected(Constraint.@Nullable Impact impact) {
        return impact == null
                ? null
                : new ExpectedImprovement(
                        Double.NaN,
                        Estimate.rounded(impact.throughputGain()),
                        "its cycle gets " + Phrases.percent(impact.relief()) + " shorter"
                                + (impact.capped() ? "; the next step then limits the gain" : ""));
    }

    /** Steps above the threshold that the constraint does not speak of already. */
    private void highUtilization() {
        if (isSingleStep()) {
            return;
        }
        for (HighUtilization step : analysis.bottlenecks()) {
            boolean said = found.stream()
                    .anyMatch(it -> it.lever() == Lever.RELIEVE_CONSTRAINT
                            && step.stepId().equals(it.stepId()));
            if (!said) {
                String text = step.stepId() + " is in use for " + Phrases.percent(step.utilization())
                        + " of the time and has no reserve. Shorten its cycle, or shift work from it"
                        + leastUtilized(step.stepId(), " to ") + ".";
                add(Lever.RELIEVE_CONSTRAINT, step.stepId(), Priority.MEDIUM, text, Double.NaN, null);
            }
        }
    }

    /** Of one step it goes without saying that it limits the process. */
    private boolean isSingleStep() {
        return analysis.steps().size() < 2;
    }

    private boolean isHighlyUtilized(String stepId) {
        return analysis.bottlenecks().stream().anyMatch(it -> it.stepId().equals(stepId));
    }

    private String leastUtilized(String stepId, String phrase) {
        Resources resources = analysis.resources();
        String least = resources.leastUtilized();
        return least == null || least.equals(stepId)
                ? " to where there is reserve"
                : phrase + least + " (in use for " + Phrases.percent(resources.minUtilization()) + ")";
    }

    private void missingData() {
        if (has(Reason.NO_IDEAL_CYCLE)) {
            missingIdealCycle();
        }
        List<String> missing = new ArrayList<>();
        for (Reason reason : List.of(Reason.NO_AVAILABILITY, Reason.NO_PERFORMANCE, Reason.NO_QUALITY)) {
            if (has(reason)) {
                missing.add(reason.label().substring("no_".length()));
            }
        }
        if (!missing.isEmpty()) {
            add(
                    Lever.COMPLETE_DATA,
                    null,
                    Priority.LOW,
                    "OEE cannot be computed: no record of the window states " + Phrases.list(missing)
                            + ". State it in process_data, or send states and part counts of the steps.",
                    Double.NaN,
                    null);
        }
        if (has(Reason.IDEAL_CYCLE_SUSPECT)) {
            add(
                    Lever.COMPLETE_DATA,
                    null,
                    Priority.MEDIUM,
                    "Performance is above 100 %: the ideal cycle is too long, or running time is not reported. Correct it"
                            + " before relying on the OEE.",
                    Double.NaN,
                    null);
        }
    }

    private void missingIdealCycle() {
        List<String> steps = new ArrayList<>();
        String learned = "";
        for (StepAnalysis step : analysis.steps()) {
            if (step.oee().reasons().contains(Reason.NO_IDEAL_CYCLE)) {
                steps.add(step.oee().stepId());
                double seconds = step.oee().cycles().learnedIdealSeconds();
                if (learned.isEmpty() && !Double.isNaN(seconds)) {
                    learned = "; the fastest cycles of " + step.oee().stepId() + " took about "
                            + Math.round(seconds * 1000) / 1000.0 + " s";
                }
            }
        }
        add(
                Lever.COMPLETE_DATA,
                steps.size() == 1 ? steps.get(0) : null,
                Priority.LOW,
                "Performance and OEE cannot be computed: the ideal cycle of "
                        + (steps.isEmpty() ? "the process" : Phrases.list(steps)) + " is not known. Configure it"
                        + learned
                        + ".",
                Double.NaN,
                null);
    }

    /** Where a process only states its factors, there is no loss to point at. */
    private void lowestFactor() {
        if (!belowTarget || !found.isEmpty()) {
            return;
        }
        Factors factors = analysis.process().factors();
        String lowest = "availability";
        double value = factors.availability();
        if (factors.performance() < value) {
            lowest = "performance";
            value = factors.performance();
        }
        if (factors.quality() < value) {
            lowest = "quality";
            value = factors.quality();
        }
        if (!Double.isNaN(value)) {
            add(
                    Lever.RAISE_LOWEST_FACTOR,
                    null,
                    Priority.MEDIUM,
                    "The lowest factor is " + lowest + " (" + Phrases.percent(value)
                            + "): look there first. Send states and part counts of the steps to see the losses behind it.",
                    Double.NaN,
                    null);
        }
    }

    private String summary() {
        double oee = analysis.process().factors().oee();
        String target = Phrases.percent(analysis.process().targetOeeNano() / 1e9);
        String judged = switch (analysis.process().status()) {
            case MEETING_TARGET -> "OEE is " + Phrases.percent(oee) + " and meets its target of " + target;
            case BELOW_TARGET -> "OEE is " + Phrases.percent(oee) + ", below its target of " + target;
            case NO_DATA -> "OEE cannot be computed for this window";
        };
        String doubt = doubtful ? "; the figures of this window are incomplete or suspect" : "";
        return judged + doubt + (found.isEmpty() ? "; no loss or constraint stands out." : ".");
    }

    private boolean has(Reason reason) {
        return analysis.process().reasons().contains(reason);
    }

    private void add(
            Lever lever,
            @Nullable String stepId,
            Priority priority,
            String text,
            double lossShare,
            @Nullable ExpectedImprovement expected) {
        found.add(new Recommendation(lever, stepId, priority, text, lossShare, expected));
    }
}
