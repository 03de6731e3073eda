package io.processoptimizer.emit;

import io.processoptimizer.window.WindowFacts;

/**
 * Where results and what was refused leave the core, in the order in which they are decided, on the thread that owns the shard. An implementation may
 * block (back-pressure) but never drops; it must not call back into the pipeline.
 */
public interface ResultOutputs {
    /** A window's result, provisional or final, first or revised, and the facts that it was computed from. */
    void result(WindowResult result, WindowFacts facts);

    /** A refused input. */
    void deadLetter(DeadLetter letter);

    /**
     * A process fell silent: its windows from {@code fromMillis} (epoch milliseconds) on hold nothing and none is emitted until it
     * speaks again.
     */
    void gap(String processId, long fromMillis);

    /**
     * Told before each record of a shard that an operator has rewound: whether what it decides was decided before the rewind, too, so that
     * who counts or watches need not be told again.
     */
    default void repeated(boolean isRepeated) {}
}
