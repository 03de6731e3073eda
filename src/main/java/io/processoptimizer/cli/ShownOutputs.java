package io.processoptimizer.cli;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.status.StatusView;
import io.processoptimizer.window.WindowFacts;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Outputs that a person looks at as they come.
 *
 * @param which of the results
 */
record ShownOutputs(StatusView view, Predicate<WindowResult> which) implements Outputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {
        if (which.test(result)) {
            view.result(result);
        }
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        if (adjustment.withheld()) {
            return;
        }
        List<Recommendation> recommendations = adjustment.advice().recommendations();
        if (!recommendations.isEmpty()) {
            Recommendation first = recommendations.get(0);
            String lever = first.lever().label().replace('_', ' ');
            view.adjustment(
                    adjustment.grounds().processId(),
                    adjustment.grounds().endMillis(),
                    (first.stepId() == null ? lever : lever + " @ " + first.stepId()) + " (" + adjustment.source()
                            + ")");
        }
    }

    @Override
    public void effect(Effect effect) {
        String why = effect.incomparable();
        String gain = String.format(
                Locale.ROOT, "OEE %+.1f points (±%.1f)", effect.oeeGain() * 100, effect.oeeGainError() * 100);
        view.effect(
                effect.processId(),
                effect.groundsEndMillis(),
                why == null ? gain + " " + effect.verdict().label() : "not comparable (" + why + ")");
    }

    @Override
    public void gap(String processId, long fromMillis) {
        view.gap(processId, fromMillis);
    }

    @Override
    public void advice(AdviceRecord advice) {}

    @Override
    public void deadLetter(DeadLetter letter) {}
}
