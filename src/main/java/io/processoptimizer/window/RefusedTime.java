package io.processoptimizer.window;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The figures of the last event whose time was refused; they become text only where somebody wants it. */
final class RefusedTime {
    /** How the sentence on an event ends whose state was taken though its other facts were refused. */
    static final String STATE_KEPT = "; the state was kept from there on, the other facts not";

    private static final long MINUTE = 60_000;

    private long time;
    private long arrival;
    private long watermark;
    private long openFrom;
    private Reach reach = Reach.ORDINARY;

    /** How old an event may be. */
    enum Reach {
        /** As the lateness allows. */
        ORDINARY,
        /** As anything that is retained. */
        REDRIVEN,
        /** The same. */
        CORRECTION;

        static Reach of(@Nullable Redriven redriven, boolean correction) {
            return redriven != null ? REDRIVEN : correction ? CORRECTION : ORDINARY;
        }
    }

    void ahead(long eventTime, long arrivedAt) {
        time = eventTime;
        arrival = arrivedAt;
    }

    void late(long eventTime, long atWatermark, long firstOpenPane, Reach of) {
        time = eventTime;
        watermark = atWatermark;
        openFrom = firstOpenPane;
        reach = of;
    }

    String detail(Acceptance acceptance, WindowPolicy policy) {
        return switch (acceptance) {
            case FUTURE ->
                "timestamp is " + Instant.ofEpochMilli(time) + ", " + length(time - arrival)
                        + " ahead of the record's arrival at " + Instant.ofEpochMilli(arrival) + "; expected at most "
                        + length(policy.maxFutureMillis()) + " (window.max_future)";
            case LATE, FACTS_LATE ->
                "timestamp is " + Instant.ofEpochMilli(time) + ", " + length(watermark - time)
                        + " before the watermark of its process at " + Instant.ofEpochMilli(watermark)
                        + "; expected " + Instant.ofEpochMilli(openFrom) + " or later ("
                        + switch (reach) {
                            case ORDINARY -> "window.allowed_lateness " + length(policy.allowedLatenessMillis()) + ")";
                            case REDRIVEN -> "redriven, as old as what windows still retain)";
                            case CORRECTION ->
                                "a correction, as old as what windows still retain); to take it, set window.allowed_lateness to "
                                        + length(latenessNeeded())
                                        + " or more and compute that time again: recover rewind --to "
                                        + Instant.ofEpochMilli(time);
                        }
                        + (acceptance == Acceptance.LATE ? "" : STATE_KEPT);
            default -> acceptance.detail();
        };
    }

    /** With how much lateness the event would have been taken: whole minutes, as people write it. */
    private long latenessNeeded() {
        return Math.floorDiv(watermark - time, MINUTE) * MINUTE + MINUTE;
    }

    /** Like 1h2m3.5s. */
    private static String length(long millis) {
        return Duration.ofMillis(millis).toString().substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
    }
}
