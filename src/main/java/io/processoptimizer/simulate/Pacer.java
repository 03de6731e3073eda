package io.processoptimizer.simulate;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Hands records to a sink when they are due, in batches. Clock and sleep are arguments. */
public final class Pacer {

    /** Once everything due is sent, records are gathered for this long, so that calls are few. */
    private static final long GATHER_MILLIS = 50;

    /** Longest sleep without asking whether to stop. */
    private static final long MAX_SLEEP_MILLIS = 250;

    /** Waits. */
    @FunctionalInterface
    public interface Sleeper {
        void sleep(long millis) throws InterruptedException;
    }

    /**
     * What was sent.
     *
     * @param records number of records
     * @param bytes their data and partition keys
     * @param batches calls of the sink
     * @param maxLagMillis how long after its due time the latest record was handed over: above a second or so the sink is
     *     slower than the factory
     */
    public record Sent(long records, long bytes, long batches, long maxLagMillis) {}

    private final InstantSource clock;
    private final Sleeper sleeper;

    public Pacer(InstantSource clock, Sleeper sleeper) {
        this.clock = clock;
        this.sleeper = sleeper;
    }

    /**
     * Sends records when they are due, until there are none or {@code stopped} says so. A sink that is slower than the
     * factory delays it: nothing is dropped and nothing piles up.
     *
     * @throws IOException from the sink
     * @throws InterruptedException from the sink or the sleep; records gathered and not yet sent are dropped
     */
    public Sent run(Iterator<TelemetryRecord> events, Pace pace, TelemetrySink sink, BooleanSupplier stopped)
            throws IOException, InterruptedException {
        Batch batch = new Batch(sink);
        long maxLag = 0;
        while (!stopped.getAsBoolean() && events.hasNext()) {
            TelemetryRecord next = events.next();
            long due = pace.dueMillis(next.arrivalMillis());
            long now = clock.millis();
            if (due > now) {
                batch.flush();
                if (!sleepUntil(Math.max(due, now + GATHER_MILLIS), stopped)) {
                    break;
                }
            } else {
                maxLag = Math.max(maxLag, now - due);
            }
            batch.add(next);
        }
        batch.flush();
        return batch.sent(maxLag);
    }

    /** Sends all records as fast as the sink takes them. */
    public static Sent copy(Iterator<TelemetryRecord> events, TelemetrySink sink)
            throws IOException, InterruptedException {
        Batch batch = new Batch(sink);
        while (events.hasNext()) {
            batch.add(events.next());
        }
        batch.flush();
        return batch.sent(0);
    }

    private boolean sleepUntil(long wakeMillis, BooleanSupplier stopped) throws InterruptedException {
        for (long left = wakeMillis - clock.millis(); left > 0; left = wakeMillis - clock.millis()) {
            if (stopped.getAsBoolean()) {
                return false;
            }
            sleeper.sleep(Math.min(left, MAX_SLEEP_MILLIS));
        }
        return true;
    }

    /** Records gathered for one call. */
    private static final class Batch {

        private final TelemetrySink sink;
        private final List<TelemetryRecord> records = new ArrayList<>(TelemetrySink.MAX_BATCH_RECORDS);
        private long size;
        private long sentRecords;
        private long sentBytes;
        private long batches;

        Batch(TelemetrySink sink) {
            this.sink = sink;
        }

        void add(TelemetryRecord record) throws IOException, InterruptedException {
            int bytes = record.data().length + record.partitionKey().getBytes(StandardCharsets.UTF_8).length;
            if (records.size() == TelemetrySink.MAX_BATCH_RECORDS || size + bytes > TelemetrySink.MAX_BATCH_BYTES) {
                flush();
            }
            records.add(record);
            size += bytes;
        }

        void flush() throws IOException, InterruptedException {
            if (records.isEmpty()) {
                return;
            }
            sink.put(records);
            sentRecords += records.size();
            sentBytes += size;
            batches++;
            records.clear();
            size = 0;
        }

        Sent sent(long maxLag) {
            return new Sent(sentRecords, sentBytes, batches, maxLag);
        }
    }
}
