package io.processoptimizer.doctor;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The two complaints that people come with, looked at from the outputs: the causes that are seen, each with what mends it, in the order in
 * which to look at them. Pure.
 */
public final class Complaints {
    /** The name of the first. */
    public static final String NOT_ACCURATE = "recommendations not accurate";

    /** The name of the second. */
    public static final String NOT_TRIGGERING = "adjustments not triggering";

    /** A cause that concerns fewer than one in five is not what somebody complains of. */
    private static final int ONE_IN = 5;

    private Complaints() {}

    /** Why recommendations may not be accurate. */
    public static List<Finding> notAccurate(Outputs seen) {
        if (seen.results().isEmpty()) {
            return List.of(Finding.notChecked(NOT_ACCURATE, "there are no results that advice could rest on"));
        }
        List<Finding> causes = new ArrayList<>();
        causes.addAll(figures(seen));
        causes.addAll(advice(seen));
        if (causes.isEmpty()) {
            causes.add(Finding.ok(
                    NOT_ACCURATE,
                    "no cause seen in " + seen.results().size() + " results and "
                            + seen.given().size() + " pieces of advice"));
        }
        return causes;
    }

    private static List<Finding> figures(Outputs seen) {
        List<Finding> causes = new ArrayList<>();
        int all = seen.results().size();
        add(
                causes,
                seen.withReason("no_ideal_cycle"),
                all,
                "of the results lack an ideal cycle, so that their performance is not known",
                "give the ideal cycles in config/processes.yaml, or let machines send ideal_cycle_time");
        add(
                causes,
                seen.withReason("ideal_cycle_suspect"),
                all,
                "of the results have an ideal cycle that the machines beat",
                "correct the ideal cycles in config/processes.yaml");
        add(
                causes,
                seen.incomplete(),
                all,
                "of the results lack facts (state_lost or begun in the middle)",
                "look at 'recover status', and leave advice on these windows alone");
        add(
                causes,
                seen.withReason("silent_steps")
                        + seen.withReason("basis_step_unseen")
                        + seen.withReason("output_step_unseen"),
                all,
                "of the results miss steps that sent nothing",
                "look whether these machines send telemetry; correct step names in config/processes.yaml");
        long late = seen.letters().getOrDefault("late", 0L) + seen.letters().getOrDefault("future_timestamp", 0L);
        if (late > 0) {
            causes.add(Finding.warning(
                    NOT_ACCURATE,
                    late + " records of the last hour were refused for their time, so that windows lack them",
                    "set the machines' clocks (NTP), or raise window.allowed_lateness; then 'recover redrive'"));
        }
        return causes;
    }

    private static List<Finding> advice(Outputs seen) {
        List<Finding> causes = new ArrayList<>();
        int given = seen.given().size();
        Map<String, Long> fallbacks = seen.fallbacks();
        long fallback = fallbacks.values().stream().mapToLong(Long::longValue).sum();
        add(
                causes,
                fallback,
                given,
                "of the advice is of the rules, since the model did not answer " + fallbacks,
                fallbacks.containsKey("budget")
                        ? "raise bedrock.tokens_per_day or calls_per_day, or ask less (advice.cooldown)"
                        : "look at the checks of the models above; a timeout: raise advice.timeout");
        long worse = seen.effects("worse");
        if (worse > seen.effects("better")) {
            causes.add(Finding.warning(
                    NOT_ACCURATE,
                    "after " + worse + " adjustments OEE was worse than before, after " + seen.effects("better")
                            + " better",
                    "read the effects in the table of advice; keep advice.mode: advisory meanwhile"));
        }
        if (given > 0 && seen.withConstraint() == 0) {
            causes.add(Finding.warning(
                    NOT_ACCURATE,
                    "no result names a constraint, so that advice rests on losses alone",
                    "give the order of the steps in config/processes.yaml, and let each step send its state"));
        }
        return causes;
    }

    private static void add(List<Finding> causes, long concerned, int all, String text, String remedy) {
        if (concerned > 0 && concerned * ONE_IN >= all) {
            causes.add(Finding.warning(NOT_ACCURATE, concerned + " of " + all + " " + text, remedy));
        }
    }

    /**
     * Why no adjustments may come: the first link of the chain that is broken.
     *
     * @param ruleIsWell whether the rule is there, enabled, with its pattern and a target
     */
    public static Finding notTriggering(Outputs seen, boolean ruleIsWell) {
        Map<String, Long> statuses = seen.adjustmentsByStatus();
        if (seen.results().isEmpty()) {
            return failed("there are no results, and adjustments come from results", "look at the lines of the worker");
        }
        if (seen.belowTarget() + seen.withConstraint() == 0) {
            return Finding.ok(NOT_TRIGGERING, "nothing to adjust: no result is below its target or has a constraint");
        }
        if (seen.advice().isEmpty()) {
            return failed("no advice is stored for results that give grounds", "set advice.when to other than never");
        }
        if (seen.given().isEmpty()) {
            Map<String, Long> why = seen.notAsked();
            return why.containsKey("switched_off")
                    ? failed("advice is switched off", "set advice.when: below_target_or_constraint")
                    : Finding.warning(
                            NOT_TRIGGERING,
                            "no advice was given lately " + why,
                            "advice.cooldown and advice.when decide; lower the cooldown to hear more");
        }
        if (statuses.isEmpty()) {
            return Finding.warning(
                    NOT_TRIGGERING,
                    "advice is given, and none of it has the priority high that makes an adjustment",
                    "nothing, if the losses are small; else check oee.target and the targets in config/processes.yaml");
        }
        long expired = statuses.getOrDefault("expired", 0L);
        if (expired > 0 && !statuses.containsKey("published")) {
            return failed(
                    "all " + expired + " adjustments had expired before they could be sent",
                    "the worker is behind (recover status); adjustment.max_age says how old one may become");
        }
        if (statuses.getOrDefault("pending", 0L) > 0 && !statuses.containsKey("published")) {
            return failed(
                    "adjustments wait to be published " + statuses,
                    "allow events:PutEvents on the bus; look at the worker's log");
        }
        if (!ruleIsWell) {
            return failed(
                    "adjustments are published " + statuses + ", and the rule does not hand them on",
                    "process-optimizer provision --apply");
        }
        return Finding.ok(
                NOT_TRIGGERING,
                "they do " + statuses + ", the newest for the window that ended at "
                        + Instant.ofEpochMilli(seen.newestAdjustmentMillis()));
    }

    private static Finding failed(String text, String remedy) {
        return Finding.failed(NOT_TRIGGERING, text, remedy);
    }
}
