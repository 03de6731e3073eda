package io.processoptimizer.cli;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.Recommendation;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.status.StatusView;
import io.processoptimizer.window.WindowFacts;
import java.util.List;

/**
 * Outputs that are shown besides.
 *
 * @param outputs where they go
 * @param view shows those of one window
 * @param window name of that window
 */
record WatchedOutputs(Outputs outputs, StatusView view, String window) implements Outputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {
        outputs.result(result, facts);
        if (result.window().equals(window)) {
            view.result(result);
        }
    }

    @Override
    public void advice(AdviceRecord advice) {
        outputs.advice(advice);
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        outputs.adjustment(adjustment);
        List<Recommendation> recommendations = adjustment.advice().recommendations();
        if (!recommendations.isEmpty()) {
            Recommendation first = recommendations.get(0);
            String lever = first.lever().label().replace('_', ' ');
            view.adjustment(
                    adjustment.grounds().processId(), first.stepId() == null ? lever : lever + " @ " + first.stepId());
        }
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        outputs.deadLetter(letter);
    }

    @Override
    public void gap(String processId, long fromMillis) {
        outputs.gap(processId, fromMillis);
        view.gap(processId, fromMillis);
    }
}
