package io.processoptimizer.window;

import java.time.Duration;
import java.time.Instant;

/** The figures of the last event whose time was refused; they become text only where somebody wants it. */
final class RefusedTime {
    /** How the sentence on an event ends whose state was taken though its other facts were refused. */
    static final String STATE_KEPT = "; the state was kept from there on, the other facts not";

    private long time;
    private long arrival;
    private long watermark;
    private long openFrom;
    private boolean isRedriven;

    void ahead(long eventTime, long arrivedAt) {
        time = eventTime;
        arrival = arrivedAt;
    }

    /** @param redriven whether it may be as old as anything that is retained, not only as the lateness allows */
    void late(long eventTime, long atWatermark, long firstOpenPane, boolean redriven) {
        time = eventTime;
        watermark = atWatermark;
        openFrom = firstOpenPane;
        isRedriven = redriven;
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
                        + (isRedriven
                                ? "redriven, as old as what windows still retain"
                                : "window.allowed_lateness " + length(policy.allowedLatenessMillis()))
                        + ")"
                        + (acceptance == Acceptance.LATE ? "" : STATE_KEPT);
            default -> acceptance.detail();
        };
    }

    /** Like 1h2m3.5s. */
    private static String length(long millis) {
        return Duration.ofMillis(millis).toString().substring("PT".length()).toLowerCase(java.util.Locale.ROOT);
    }
}
