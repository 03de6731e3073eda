package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import org.jspecify.annotations.Nullable;

/** What the readings of one step say, part by part, and what is made. */
final class NaiveCounters {
    private @Nullable Long goodRead;
    private @Nullable Long rejectRead;
    private @Nullable Long processedRead;
    private long rejectsDue; // of parts that are not counted yet
    private long goodSinceRejectsBegan;

    /** In force. */
    @Nullable
    String product;

    /** Stated last of it. */
    @Nullable
    Long idealCycle;

    /** By the last record. */
    long goods;

    long rejects;

    void read(TelemetryEvent values) {
        idealCycle = values.product != null && !values.product.equals(product) ? null : idealCycle;
        product = values.product != null ? values.product : product;
        idealCycle =
                values.idealCycleMicros == TelemetryEvent.ABSENT ? idealCycle : Long.valueOf(values.idealCycleMicros);
        goods = made(goodRead, values.goodTotal);
        rejects = made(rejectRead, values.rejectTotal);
        long processed = made(processedRead, values.processedTotal);
        if (rejectRead != null && values.rejectTotal != TelemetryEvent.ABSENT && values.rejectTotal < rejectRead) {
            rejectsDue = 0;
            goodSinceRejectsBegan = 0;
        }
        goodRead = values.goodTotal == TelemetryEvent.ABSENT ? goodRead : Long.valueOf(values.goodTotal);
        rejectRead = values.rejectTotal == TelemetryEvent.ABSENT ? rejectRead : Long.valueOf(values.rejectTotal);
        processedRead =
                values.processedTotal == TelemetryEvent.ABSENT ? processedRead : Long.valueOf(values.processedTotal);
        if (goodRead == null && processedRead != null) {
            rejectsDue += rejects;
            goods = 0;
            rejects = 0;
            for (long part = 0; part < processed; part++) {
                boolean isReject = rejectsDue > 0;
                rejectsDue -= isReject ? 1 : 0;
                rejects += isReject ? 1 : 0;
                goods += isReject ? 0 : 1;
            }
            goodSinceRejectsBegan += goods;
            rejectsDue = processed == 0 ? rejectsDue : Math.min(rejectsDue, goodSinceRejectsBegan);
        }
    }

    /** The first reading is a baseline; a lower one is a reset. */
    private static long made(@Nullable Long before, long reading) {
        if (reading == TelemetryEvent.ABSENT || before == null) {
            return 0;
        }
        return reading < before ? reading : reading - before;
    }
}
