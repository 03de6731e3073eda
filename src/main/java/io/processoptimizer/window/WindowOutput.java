package io.processoptimizer.window;

/** Takes what the window engine decides, on the thread that called it. */
public interface WindowOutput {
    /**
     * A window closed, or closed again with other facts. One that holds nothing (no part, figure, reading or energy, and every step
     * UNKNOWN throughout) is not emitted, unless late facts emptied one that was emitted before.
     */
    void closed(WindowFacts facts, Emission emission);

    /**
     * A process fell silent: from {@code fromMillis} on its windows hold no fact and no known state, and none is emitted until
     * it speaks again. A process that has not spoken yet has not fallen silent. Said once per silence, as soon as it is seen, be it
     * provisionally; again only where late facts moved its beginning meanwhile.
     */
    void gap(String processId, long fromMillis);
}
