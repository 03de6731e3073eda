package io.processoptimizer.window;

/**
 * What a state holds of one process. Times are epoch milliseconds.
 *
 * @param processId the process
 * @param watermark the event time up to which its windows are closed; {@link WindowPolicy#NO_WATERMARK} before its first record
 * @param lastEventMillis the latest event time seen; {@link WindowPolicy#NO_WATERMARK} before its first record
 * @param generation of its results, ≥ 0: rises with each rewind that reprocesses it
 * @param openWindows windows, of all definitions, that have begun and are not closed, ≥ 0
 * @param bytes its part of the state, not compressed
 */
public record ProcessContents(
        String processId, long watermark, long lastEventMillis, long generation, int openWindows, long bytes) {}
