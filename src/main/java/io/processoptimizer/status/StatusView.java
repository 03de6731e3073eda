package io.processoptimizer.status;

import io.processoptimizer.emit.WindowResult;

/** Shows what comes out, to a person or to a log. Called from many threads; never blocks them for long. */
public interface StatusView extends AutoCloseable {
    /** A result of the default window. */
    void result(WindowResult result);

    /** A process fell silent. */
    void gap(String processId, long fromMillis);

    /** An adjustment was decided for a process on the result of a window; {@code text} says it in a few words. */
    void adjustment(String processId, long windowEndMillis, String text);

    /**
     * It was measured how a process did after an adjustment.
     *
     * @param windowEndMillis end of the window that the adjustment was decided on
     * @param text says it in a few words
     */
    void effect(String processId, long windowEndMillis, String text);

    /** Lines of a person's interest that are not part of the table: shown at once, above it. */
    void say(String line);

    /** Shows the last state and lets go of the terminal. */
    @Override
    void close();
}
