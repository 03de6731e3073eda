package io.processoptimizer.window;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A 64-bit digest of the facts of a window, by which a re-opened window is told from one that did not change. It is not a defence
 * against an adversary: two different editions of one window collide once in 2⁶⁴.
 */
final class Fingerprint {
    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private long digest = 1;

    private Fingerprint() {}

    static long of(WindowFacts facts) {
        Fingerprint fingerprint = new Fingerprint();
        fingerprint.text(facts.definition().version());
        for (StepFacts step : facts.steps()) {
            fingerprint.step(step);
        }
        fingerprint.number(facts.silentSteps());
        WindowFacts.EnergyPeak peak = facts.energyPeak();
        if (peak != null) {
            fingerprint.number(peak.startMillis());
            fingerprint.number(peak.milliwattHours());
        }
        WindowFacts.StatedFigures stated = facts.stated();
        if (stated != null) {
            fingerprint.weighted(stated.availability());
            fingerprint.weighted(stated.performance());
            fingerprint.weighted(stated.quality());
            fingerprint.weighted(stated.throughput());
        }
        return fingerprint.digest;
    }

    private void step(StepFacts step) {
        text(step.stepId());
        StepFacts.Timeline timeline = step.timeline();
        number(timeline.runs());
        for (int run = 0; run < timeline.runs(); run++) {
            number(timeline.starts()[run]);
            number(timeline.states()[run].code());
        }
        number(timeline.firstStateSince());
        number(timeline.firstActiveSince());
        number(timeline.partialStart() ? 1 : 0);
        parts(step.parts());
        number(step.unplannedGood());
        number(step.energyRunningMilliwattHours());
        number(step.energyOtherMilliwattHours());
        weighted(step.utilization());
        StepFacts.ObservedCycle cycle = step.observedCycle();
        number(cycle == null ? 0 : cycle.count());
        number(cycle == null ? 0 : cycle.sumMicros());
        number(cycle == null ? 0 : cycle.fifthPercentileMicros());
        number(step.inferred().setupMillis());
        number(step.inferred().startupRejects());
        StepTotals totals = step.totals();
        if (totals != null) {
            totals(totals);
        }
    }

    private void totals(StepTotals totals) {
        number(totals.running());
        number(totals.setup());
        number(totals.breakdown());
        number(totals.minorStop());
        number(totals.starved());
        number(totals.blocked());
        number(totals.idle());
        number(totals.plannedStop());
        number(totals.unknown());
        number(totals.failures());
        number(totals.activePeriods());
        number(totals.activeMillis());
        number(totals.stateSeen() ? 1 : 0);
    }

    private void parts(List<StepFacts.PartCounts> parts) {
        number(parts.size());
        for (StepFacts.PartCounts count : parts) {
            String product = count.product();
            if (product == null) {
                number(-1);
            } else {
                text(product);
            }
            number(count.statedIdealCycleMicros());
            number(count.good());
            number(count.reject());
            number(count.startupReject());
            number(count.rework());
        }
    }

    private void weighted(StepFacts.@Nullable WeightedSum sum) {
        number(sum == null ? -1 : sum.sumNanoMillis());
        number(sum == null ? -1 : sum.weightMillis());
    }

    private void text(String text) {
        number(text.length());
        for (int i = 0; i < text.length(); i++) {
            number(text.charAt(i));
        }
    }

    private void number(long value) {
        long mixed = (digest ^ value) * MULTIPLIER;
        digest = mixed ^ (mixed >>> 29);
    }
}
