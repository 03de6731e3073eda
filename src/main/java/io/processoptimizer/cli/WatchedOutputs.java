package io.processoptimizer.cli;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;

/**
 * Outputs that are shown besides.
 *
 * @param outputs where they go
 * @param watcher is told of each, after it has gone there
 */
record WatchedOutputs(Outputs outputs, Outputs watcher) implements Outputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {
        outputs.result(result, facts);
        watcher.result(result, facts);
    }

    @Override
    public void advice(AdviceRecord advice) {
        outputs.advice(advice);
        watcher.advice(advice);
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        outputs.adjustment(adjustment);
        watcher.adjustment(adjustment);
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        outputs.deadLetter(letter);
        watcher.deadLetter(letter);
    }

    @Override
    public void gap(String processId, long fromMillis) {
        outputs.gap(processId, fromMillis);
        watcher.gap(processId, fromMillis);
    }

    @Override
    public void repeated(boolean isRepeated) {
        outputs.repeated(isRepeated);
        watcher.repeated(isRepeated);
    }
}
