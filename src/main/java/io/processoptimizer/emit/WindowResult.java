package io.processoptimizer.emit;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.processoptimizer.analyse.WindowAnalysis;
import java.time.Instant;

/**
 * The result of one window of one process: which window, which of its results this is, and what it says.
 *
 * @param window name of the window definition
 * @param startMillis start, inclusive, epoch milliseconds
 * @param endMillis end, exclusive
 * @param generation rises only when an operator rewinds the process to reprocess; 0 … {@value #MAX_GENERATION}
 * @param complete false where facts of the window were lost with the state
 * @param isFinal false while the close did not come from the process's own records
 * @param revision 0 at first, + 1 each time that late facts re-open the window
 */
public record WindowResult(
        String processId,
        String window,
        long startMillis,
        long endMillis,
        long generation,
        boolean complete,
        boolean isFinal,
        int revision,
        WindowAnalysis analysis) {
    /** So that {@link #rank()} fits a long: 30 bits beside the revision's 31 and the two flags. */
    public static final long MAX_GENERATION = (1L << 30) - 1;

    public WindowResult {
        if (startMillis >= endMillis) {
            throw new IllegalArgumentException("window " + window + " of " + processId + " starts at " + startMillis
                    + ", not before its end " + endMillis);
        }
        if (generation < 0 || generation > MAX_GENERATION) {
            throw new IllegalArgumentException(
                    "generation of " + processId + " is " + generation + "; it must be 0 to " + MAX_GENERATION);
        }
        if (revision < 0) {
            throw new IllegalArgumentException(
                    "revision of " + processId + " is " + revision + "; it must not be negative");
        }
    }

    /**
     * Orders the results of one window: by generation, complete over incomplete, final over provisional, then revision. A store
     * keeps a result only where its rank is above the stored one's, so re-runs change nothing.
     */
    public long rank() {
        return generation << 33 | (complete ? 1L << 32 : 0) | (isFinal ? 1L << 31 : 0) | revision;
    }

    /** Names the window at the end of a log line, in a form that can be taken apart again. */
    public String reference() {
        return "[window=" + window + " process=\""
                + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(processId))
                + "\" end="
                + Instant.ofEpochMilli(endMillis) + "]";
    }
}
