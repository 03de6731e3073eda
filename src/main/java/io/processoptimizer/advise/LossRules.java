package io.processoptimizer.advise;

import io.processoptimizer.analyse.StepAnalysis;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.Losses;
import io.processoptimizer.analyse.oee.PartTotals;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.emit.Advice.Risk;
import io.processoptimizer.emit.Advice.RiskLevel;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.emit.Recommendation.ExpectedImprovement;
import io.processoptimizer.event.TelemetryEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What helps against one loss at one step: the lever, the sentence and the estimate. The step is the one that the process OEE stands
 * on, or where it stands on the sum, the step that loses most.
 */
final class LossRules {
    /** What the estimates suppose: half of a loss is recovered. */
    private static final double RECOVERED = 0.5;

    private static final double MICROS_PER_MILLI = 1_000;

    private final WindowAnalysis analysis;
    private final Loss loss;
    private final StepAnalysis step;
    private final long lostMicros;

    private LossRules(WindowAnalysis analysis, Loss loss, StepAnalysis step) {
        this.analysis = analysis;
        this.loss = loss;
        this.step = step;
        this.lostMicros = analysis.process().losses().micros(loss);
    }

    /** The rules for a loss of the process, or null where no step has it. */
    static @Nullable LossRules of(WindowAnalysis analysis, Loss loss) {
        StepAnalysis step = stepOf(analysis, loss);
        return step == null ? null : new LossRules(analysis, loss, step);
    }

    private static @Nullable StepAnalysis stepOf(WindowAnalysis analysis, Loss loss) {
        String basis = analysis.process().basis();
        String named = basis.startsWith("step:") ? basis.substring("step:".length()) : null;
        if (basis.equals("constraint")) {
            named = analysis.constraint().stepId();
        }
        StepAnalysis most = null;
        long mostMicros = 0;
        for (StepAnalysis step : analysis.steps()) {
            if (step.oee().stepId().equals(named)) {
                return step;
            }
            long micros = step.oee().losses().micros(loss);
            if (micros > mostMicros) {
                mostMicros = micros;
                most = step;
            }
        }
        return most;
    }

    String stepId() {
        return step.oee().stepId();
    }

    /** The loss as a share of planned time. */
    double share() {
        return lostMicros / (analysis.process().times().plannedMillis() * MICROS_PER_MILLI);
    }

    Lever lever() {
        return switch (loss) {
            case BREAKDOWNS -> Lever.REDUCE_BREAKDOWNS;
            case SETUP -> Lever.SHORTEN_SETUP;
            case MINOR_STOPS -> waiting();
            case REDUCED_SPEED -> Lever.RESTORE_SPEED;
            case STARTUP_REJECTS -> Lever.REDUCE_STARTUP_REJECTS;
            case PRODUCTION_REJECTS -> Lever.REDUCE_REJECTS;
            case NO_SIGNAL -> Lever.RESTORE_SIGNAL;
        };
    }

    /** What most of the waiting was for. */
    private Lever waiting() {
        StateTimes times = step.oee().times();
        long stops = minorStopMicros();
        long most = Math.max(Math.max(times.starvedMillis(), times.blockedMillis()), times.idleMillis());
        if (stops >= most * MICROS_PER_MILLI) {
            return Lever.REDUCE_MINOR_STOPS;
        }
        if (times.starvedMillis() == most) {
            return Lever.FEED_STEP;
        }
        return times.blockedMillis() == most ? Lever.CLEAR_OUTPUT : Lever.RELEASE_ORDER;
    }

    private long minorStopMicros() {
        StateTimes times = step.oee().times();
        long waitedMillis = times.starvedMillis() + times.blockedMillis() + times.idleMillis();
        long micros = step.oee().losses().minorStopsMicros();
        return micros == TelemetryEvent.ABSENT ? 0 : micros - waitedMillis * (long) MICROS_PER_MILLI;
    }

    String text() {
        StateTimes times = step.oee().times();
        return switch (lever()) {
            case REDUCE_BREAKDOWNS ->
                stepId() + " lost " + atStep() + " to breakdowns ("
                        + Phrases.count(step.oee().failures(), "stop")
                        + "). Find what stops it: compare the reported stop reasons, have maintenance remove the most"
                        + " frequent cause, and keep its spare parts at the line.";
            case SHORTEN_SETUP ->
                stepId() + " lost " + atStep()
                        + " to set-up. Lay out tools and material before the machine stops, and run"
                        + " orders of the same product one after the other.";
            case REDUCE_MINOR_STOPS ->
                stepId() + " lost " + Phrases.duration(minorStopMicros()) + " to minor stops. Note where it stops, then"
                        + " remove the cause: jams, dirty sensors, guides, or material out of tolerance.";
            case FEED_STEP ->
                stepId() + " waited " + millis(times.starvedMillis()) + " for input"
                        + neighbour(-1, ", which comes from ")
                        + ". Keep the buffer before it filled and bring up what feeds it.";
            case CLEAR_OUTPUT ->
                stepId() + " waited " + millis(times.blockedMillis()) + " for room at its output"
                        + neighbour(1, ", which goes to ")
                        + ". Clear the buffer behind it and bring up what takes its parts.";
            case RELEASE_ORDER ->
                stepId() + " stood idle for " + millis(times.idleMillis())
                        + ". Release the next order, or report the time as a planned stop if none is due.";
            case RESTORE_SPEED ->
                stepId() + " ran slower than its ideal cycle, which cost " + atStep()
                        + ". Compare feed, settings and wear with the standard; where it cannot run faster, correct the"
                        + " ideal cycle.";
            case REDUCE_STARTUP_REJECTS ->
                stepId() + " lost " + atStep() + " to start-up rejects ("
                        + Phrases.count(step.oee().parts().startupReject(), "part")
                        + "). Start with the settings of the last good run, and warm up before the first part.";
            case REDUCE_REJECTS -> rejects(step.oee().parts());
            default ->
                stepId() + " gave no signal for " + atStep()
                        + ". Check its connection first: until it is heard again the other figures are uncertain.";
        };
    }

    private String rejects(PartTotals parts) {
        long bad = parts.reject() - parts.startupReject() + parts.rework();
        return stepId() + " lost " + atStep() + " to rejects and rework (" + bad + " of "
                + Phrases.count(parts.processed(), "part")
                + "). Look at the first bad parts for a common fault, and at what changed before them: material, tool,"
                + " settings.";
    }

    /** The loss at the step itself, with its share of the process's planned time where the two are the same. */
    private String atStep() {
        Losses losses = step.oee().losses();
        long micros = losses.micros(loss);
        long planned = step.oee().times().plannedMillis();
        String duration = Phrases.duration(micros);
        return planned == 0
                ? duration
                : duration + " (" + Phrases.percent(micros / (planned * MICROS_PER_MILLI)) + " of its planned time)";
    }

    private static String millis(long millis) {
        return Phrases.duration(millis * (long) MICROS_PER_MILLI);
    }

    /** The step before or behind, where somebody configured the order. */
    private String neighbour(int offset, String phrase) {
        List<StepAnalysis> steps = analysis.steps();
        int at = steps.indexOf(step) + offset;
        return analysis.stepOrderAssumed() || at < 0 || at >= steps.size()
                ? ""
                : phrase + steps.get(at).oee().stepId();
    }

    /** Recovered time makes good parts at the present rate; recovered parts are worth their ideal time. Null: that is not known. */
    @Nullable
    ExpectedImprovement expected() {
        double oee = analysis.process().factors().oee();
        double quality = analysis.process().factors().quality();
        double running = analysis.process().times().runningMillis() * MICROS_PER_MILLI;
        double productive = analysis.process().kpis().fullyProductiveMicros();
        double rate = productive < 0 || running == 0 ? Double.NaN : productive / running;
        double worth = switch (loss) {
            case BREAKDOWNS, SETUP, MINOR_STOPS -> rate;
            case REDUCED_SPEED -> quality;
            case STARTUP_REJECTS, PRODUCTION_REJECTS -> 1;
            case NO_SIGNAL -> Double.NaN;
        };
        double oeeGain = RECOVERED * share() * worth;
        // A window in which nothing good was made has no rate to go by: that is not a gain of nothing.
        if (!(oeeGain > 0) || Double.isNaN(oee)) {
            return null;
        }
        double throughputGain = oee == 0 ? Double.NaN : Estimate.rounded(oeeGain / oee);
        return new ExpectedImprovement(
                Estimate.rounded(oeeGain), throughputGain, "half of this loss is recovered, all else as in the window");
    }

    static Risk risk(Lever lever) {
        return switch (lever) {
            case REDUCE_BREAKDOWNS, REDUCE_MINOR_STOPS ->
                new Risk(RiskLevel.LOW, "The step stands while the cause is looked for: use a break or a changeover.");
            case SHORTEN_SETUP ->
                new Risk(RiskLevel.LOW, "Longer runs of one product delay the others: check the due dates.");
            case FEED_STEP, CLEAR_OUTPUT ->
                new Risk(RiskLevel.LOW, "Larger buffers hide faults for longer: keep the order of the parts.");
            case RESTORE_SPEED ->
                new Risk(
                        RiskLevel.MEDIUM,
                        "Running faster can raise rejects and wear: watch quality for the next hour.");
            case REDUCE_STARTUP_REJECTS, REDUCE_REJECTS ->
                new Risk(RiskLevel.MEDIUM, "Changed settings can cost speed: change one at a time and compare.");
            case RELIEVE_CONSTRAINT ->
                new Risk(RiskLevel.MEDIUM, "The constraint may move to another step, which then limits the gain.");
            case RELEASE_ORDER, RAISE_LOWEST_FACTOR, RESTORE_SIGNAL, COMPLETE_DATA ->
                new Risk(RiskLevel.LOW, "None known for the process.");
        };
    }
}
