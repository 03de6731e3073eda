package io.processoptimizer.window;

/** Takes what the window engine decides, on the thread that called it. */
public interface WindowOutput {
    /** A window closed, or closed again with other facts. */
    void closed(WindowFacts facts, Emission emission);

    /**
     * A process fell silent: from {@code fromMillis} on its windows hold no fact and no known state, and none is emitted until
     * it speaks again. Said once per silence.
     */
    void gap(String processId, long fromMillis);
}
