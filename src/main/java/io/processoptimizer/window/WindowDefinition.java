package io.processoptimizer.window;

/**
 * A family of windows of one size: {@code [k·slide − size, k·slide)} for every whole k, aligned to the epoch (UTC).
 *
 * @param name names the family on every result; not empty
 * @param sizeMillis length of a window, > 0
 * @param slideMillis distance between the starts of neighbours, > 0; divides the size; equal to it for tumbling windows
 */
public record WindowDefinition(String name, long sizeMillis, long slideMillis) {
    public WindowDefinition {
        if (name.isEmpty()) {
            throw new IllegalArgumentException("a window needs a name");
        }
        if (sizeMillis <= 0 || slideMillis <= 0 || sizeMillis % slideMillis != 0) {
            throw new IllegalArgumentException("window '" + name + "': slide (" + slideMillis
                    + " ms) must be positive and divide the size (" + sizeMillis + " ms)");
        }
    }

    /** The end of the earliest window that contains {@code millis}: the smallest window end above it. */
    public long firstEndAfter(long millis) {
        return Math.floorDiv(millis, slideMillis) * slideMillis + slideMillis;
    }

    /** The latest window end at or before {@code millis}. */
    public long lastEndAtOrBefore(long millis) {
        return Math.floorDiv(millis, slideMillis) * slideMillis;
    }
}
