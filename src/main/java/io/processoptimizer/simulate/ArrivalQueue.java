package io.processoptimizer.simulate;

import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Records on their way, by arrival; those that arrive together in the order in which they were sent. Its size is bounded by
 * the longest delay and the report interval, times the rate.
 */
final class ArrivalQueue {

    private record Entry(long order, TelemetryRecord record) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byArrival = Long.compare(record.arrivalMillis(), other.record.arrivalMillis());
            return byArrival != 0 ? byArrival : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long sent;

    void add(TelemetryRecord record) {
        entries.add(new Entry(sent++, record));
    }

    /** Arrival of the first record, or {@link Long#MAX_VALUE} where there is none. */
    long firstArrival() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.record.arrivalMillis();
    }

    TelemetryRecord take() {
        Entry first = entries.poll();
        if (first == null) {
            throw new NoSuchElementException("no record is on its way");
        }
        return first.record;
    }
}
