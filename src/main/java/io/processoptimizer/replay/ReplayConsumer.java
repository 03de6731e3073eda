package io.processoptimizer.replay;

import java.io.IOException;

/** Takes the outputs of a replay in their order: a process after the other, of each its windows, advice and adjustments. */
interface ReplayConsumer {
    /**
     * The last result of a window.
     *
     * @param variant 0 for the base
     * @param line as written to windows.ndjson, empty where no lines were wanted or the variant is not the base
     * @param editions how many results of the window there were
     */
    default void window(int variant, WindowDigest digest, Slice line, int editions) throws IOException {}

    /** An earlier result of a window of the base. */
    default void superseded(Slice line) throws IOException {}

    default void advice(Slice line) throws IOException {}

    default void adjustment(int variant, String processId, Slice line) throws IOException {}

    default void deadLetter(Slice line) throws IOException {}

    /** All outputs of a process were handed over. */
    default void processEnded(String processId) throws IOException {}

    /** There is nothing more. */
    default void end() throws IOException {}
}
