package io.processoptimizer.cli;

import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.ResultOutputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;

/**
 * Results that are shown besides.
 *
 * @param outputs where they go
 * @param watcher is told of each, after it has gone there
 */
record WatchedOutputs(ResultOutputs outputs, ResultOutputs watcher) implements ResultOutputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {
        outputs.result(result, facts);
        watcher.result(result, facts);
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
