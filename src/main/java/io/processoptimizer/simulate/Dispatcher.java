package io.processoptimizer.simulate;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Sends the records of one process on their way: decides when each arrives, which one arrives twice and where a broken one
 * is slipped in. A record is never earlier than its timestamp, and never later than its {@link Delivery} promises.
 */
final class Dispatcher {

    /** Delay of an undisturbed record, at most, in milliseconds: a plant network and a gateway's batching. */
    private static final int NETWORK_MILLIS = 250;

    /** A producer repeats a record within this time, in milliseconds. */
    private static final int RETRY_MILLIS = 2_000;

    /** A timestamp this far ahead is implausible for every receiver, in milliseconds (about ten years). */
    private static final long FUTURE_MILLIS = 10 * 365 * 86_400_000L;

    private final String processId;
    private final Delivery delivery;
    private final SplittableRandom random;
    private final ArrivalQueue queue;
    private final long disorderMillis;
    private final long latenessMillis;
    private final byte[] brokenHead;

    Dispatcher(String processId, Delivery delivery, SplittableRandom random, ArrivalQueue queue) {
        this.processId = processId;
        this.delivery = delivery;
        this.random = random;
        this.queue = queue;
        this.disorderMillis = delivery.disorder().toMillis();
        this.latenessMillis = delivery.lateness().toMillis();
        this.brokenHead =
                EventWriter.ascii("{\"process_id\":\"" + processId + "\",\"step_id\":\"broken-sensor\",\"timestamp\":");
    }

    /** Decides whether the next record carries an {@code event_id}. */
    boolean drawsId() {
        return random.nextDouble() < delivery.eventIdShare();
    }

    /** Sends a record with this timestamp (epoch milliseconds). Only an identified one may be sent twice. */
    void send(long timestamp, byte[] data, TelemetryRecord.Kind kind, boolean identified) {
        long delay = delay();
        long arrival = timestamp + delay;
        queue.add(new TelemetryRecord(arrival, processId, data, kind));
        if (identified && random.nextDouble() < delivery.duplicateShare()) {
            long limit = delay <= disorderMillis ? disorderMillis : latenessMillis;
            long again = Math.min(limit, delay + 1 + random.nextInt(RETRY_MILLIS));
            queue.add(new TelemetryRecord(timestamp + again, processId, data, TelemetryRecord.Kind.DUPLICATE));
        }
        if (delivery.brokenShare() > 0 && random.nextDouble() < delivery.brokenShare()) {
            sendBroken(timestamp, arrival, data);
        }
    }

    private long delay() {
        double chance = random.nextDouble();
        if (chance < delivery.lateShare()) {
            return random.nextLong(disorderMillis + 1, latenessMillis + 1);
        }
        if (chance < delivery.lateShare() + delivery.shuffledShare()) {
            return random.nextLong(disorderMillis + 1);
        }
        return random.nextLong(Math.min(NETWORK_MILLIS, disorderMillis) + 1);
    }

    private void sendBroken(long timestamp, long arrival, byte[] data) {
        switch (random.nextInt(3)) {
            case 0 -> {
                // Without its closing brace it cannot be JSON, wherever it is cut.
                byte[] cut = Arrays.copyOf(data, 1 + random.nextInt(data.length - 1));
                queue.add(new TelemetryRecord(arrival, processId, cut, TelemetryRecord.Kind.MALFORMED));
            }
            case 1 -> {
                byte[] negative = new EventWriter()
                        .write(brokenHead)
                        .number(timestamp)
                        .write(EventWriter.ascii(",\"good\":-"))
                        .number(1 + random.nextInt(100))
                        .write('}')
                        .toBytes();
                queue.add(new TelemetryRecord(arrival, processId, negative, TelemetryRecord.Kind.IMPLAUSIBLE));
            }
            default -> {
                byte[] future = new EventWriter()
                        .write(brokenHead)
                        .number(timestamp + FUTURE_MILLIS)
                        .write(EventWriter.ascii(",\"good\":1}"))
                        .toBytes();
                queue.add(new TelemetryRecord(arrival, processId, future, TelemetryRecord.Kind.IMPLAUSIBLE));
            }
        }
    }
}
