package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * All arithmetic on event time: panes, windows, lateness, plausibility. Every interval is half open, {@code [start, end)};
 * all times are epoch milliseconds, all lengths milliseconds.
 *
 * @param paneMillis the base pane; lateness is decided once per pane, and every window edge is a pane edge
 * @param disorderMillis how far behind the highest event time seen a record may be without being late: the watermark's lag
 * @param allowedLatenessMillis how long past its end a pane still takes facts, measured by the watermark
 * @param idleTimeoutMillis an arrival gap above it moves the watermark by the gap
 * @param maxFutureMillis how far an event time may lie ahead of its record's arrival
 * @param forgetAfterMillis a process silent for longer, by its arrivals or by its event times, starts anew
 * @param windows the window definitions, names distinct, the default one first
 */
public record WindowPolicy(
        long paneMillis,
        long disorderMillis,
        long allowedLatenessMillis,
        long idleTimeoutMillis,
        long maxFutureMillis,
        long forgetAfterMillis,
        List<WindowDefinition> windows) {
    /** A watermark before any event. */
    public static final long NO_WATERMARK = Long.MIN_VALUE;

    /** Five minutes sliding by one, pane one minute, disorder 5 s, lateness 10 min, idle after 60 s, forgotten after 7 days. */
    public static final WindowPolicy DEFAULT = new WindowPolicy(
            60_000,
            5_000,
            600_000,
            60_000,
            60_000,
            604_800_000L,
            List.of(new WindowDefinition("main", 300_000, 60_000)));

    public WindowPolicy {
        windows = List.copyOf(windows);
        if (paneMillis <= 0) {
            throw new IllegalArgumentException("the pane (" + paneMillis + " ms) must be positive");
        }
        if (windows.isEmpty()) {
            throw new IllegalArgumentException("at least one window definition is needed");
        }
        if (disorderMillis < 0 || allowedLatenessMillis < 0 || maxFutureMillis < 0) {
            throw new IllegalArgumentException(
                    "disorder (" + disorderMillis + " ms), lateness (" + allowedLatenessMillis
                            + " ms) and the time ahead of arrival (" + maxFutureMillis + " ms) must not be negative");
        }
        if (idleTimeoutMillis <= 0 || forgetAfterMillis <= 0) {
            throw new IllegalArgumentException("the idle timeout (" + idleTimeoutMillis
                    + " ms) and the forgetting time (" + forgetAfterMillis + " ms) must be positive");
        }
        Set<String> names = new HashSet<>();
        for (WindowDefinition window : windows) {
            if (window.slideMillis() % paneMillis != 0) {
                throw new IllegalArgumentException("window '" + window.name() + "': slide (" + window.slideMillis()
                        + " ms) must be a multiple of the pane (" + paneMillis + " ms)");
            }
            if (!names.add(window.name())) {
                throw new IllegalArgumentException("two windows are named '" + window.name() + "'");
            }
        }
    }

    /** The definition whose results make adjustments and metrics. */
    public WindowDefinition defaultWindow() {
        return windows.get(0);
    }

    /** Of the longest window definition. */
    int longestWindowPanes() {
        long longest = 0;
        for (WindowDefinition window : windows) {
            longest = Math.max(longest, window.sizeMillis());
        }
        return Math.toIntExact(longest / paneMillis);
    }

    public long paneStart(long millis) {
        return Math.floorDiv(millis, paneMillis) * paneMillis;
    }

    /** Whether a watermark that moves so reaches or passes a pane edge. */
    public boolean crossesPaneEdge(long fromWatermark, long toWatermark) {
        return fromWatermark == NO_WATERMARK || paneStart(toWatermark) > paneStart(fromWatermark);
    }

    /** Whether the pane of {@code millis} no longer takes facts. */
    public boolean isLate(long millis, long watermark) {
        return watermark != NO_WATERMARK && millis < firstOpenPane(watermark);
    }

    /** Start of the earliest pane that still takes facts: the first with {@code end + lateness > watermark}. */
    public long firstOpenPane(long watermark) {
        return watermark == NO_WATERMARK ? Long.MIN_VALUE : paneStart(watermark - allowedLatenessMillis);
    }

    /** Start of the earliest window that a fact may still change, over all definitions: older facts can be folded away. */
    public long retainedFrom(long watermark) {
        if (watermark == NO_WATERMARK) {
            return Long.MIN_VALUE;
        }
        long from = Long.MAX_VALUE;
        for (WindowDefinition window : windows) {
            long firstReopenableEnd = window.firstEndAfter(watermark - allowedLatenessMillis);
            from = Math.min(from, firstReopenableEnd - window.sizeMillis());
        }
        return from;
    }

    /** Whether an event time is too far ahead of its arrival (ABSENT: unknown, so everything is plausible). */
    public boolean isImplausible(long eventMillis, long arrivalMillis) {
        return arrivalMillis != TelemetryEvent.ABSENT && eventMillis > arrivalMillis + maxFutureMillis;
    }
}
