package io.processoptimizer.emit;

import io.processoptimizer.window.WindowFacts;

/** Outputs that go nowhere: of a pipeline that is looked into, or of which only some are wanted. */
public class NoOutputs implements Outputs {
    @Override
    public void result(WindowResult result, WindowFacts facts) {}

    @Override
    public void advice(AdviceRecord advice) {}

    @Override
    public void adjustment(Adjustment adjustment) {}

    @Override
    public void effect(Effect effect) {}

    @Override
    public void deadLetter(DeadLetter letter) {}

    @Override
    public void gap(String processId, long fromMillis) {}
}
