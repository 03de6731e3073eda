package io.processoptimizer.cli;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.window.WindowFacts;

/** Tells two, one after the other. */
record BothOutputs(Outputs first, Outputs second) implements Outputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {
        first.result(result, facts);
        second.result(result, facts);
    }

    @Override
    public void deadLetter(DeadLetter letter) {
        first.deadLetter(letter);
        second.deadLetter(letter);
    }

    @Override
    public void gap(String processId, long fromMillis) {
        first.gap(processId, fromMillis);
        second.gap(processId, fromMillis);
    }

    @Override
    public void repeated(boolean isRepeated) {
        first.repeated(isRepeated);
        second.repeated(isRepeated);
    }

    @Override
    public void advice(AdviceRecord advice) {
        first.advice(advice);
        second.advice(advice);
    }

    @Override
    public void adjustment(Adjustment adjustment) {
        first.adjustment(adjustment);
        second.adjustment(adjustment);
    }

    @Override
    public void effect(Effect effect) {
        first.effect(effect);
        second.effect(effect);
    }
}
