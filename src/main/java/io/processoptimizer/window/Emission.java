package io.processoptimizer.window;

/**
 * Which edition of a window's result this is.
 *
 * @param isFinal closed by the process's own records; a provisional one is replaced later and steers nothing
 * @param generation rises only when an operator rewinds to reprocess
 * @param revision 0 for the first, one more for each change by late facts (of a provisional one: by each new silence)
 * @param isRepeated the same was emitted before, and is only to be in its place again: it steers nothing
 */
public record Emission(boolean isFinal, long generation, int revision, boolean isRepeated) {
    /** An edition that is new. */
    public Emission(boolean isFinal, long generation, int revision) {
        this(isFinal, generation, revision, false);
    }
}
