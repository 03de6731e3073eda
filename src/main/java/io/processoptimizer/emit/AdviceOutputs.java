package io.processoptimizer.emit;

/** Where advice goes when it is settled what came of it, and what rests on it. */
public interface AdviceOutputs {
    /** What came of asking for advice on a result: it is stored before the adjustment that rests on it is. */
    void advice(AdviceRecord advice);

    /** A call to act, to be published once. */
    void adjustment(Adjustment adjustment);

    /** How a process did after it was advised: stored with the adjustment, where one came of the advice; else of no use. */
    void effect(Effect effect);
}
