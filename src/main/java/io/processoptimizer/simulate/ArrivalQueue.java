package io.processoptimizer.simulate;

import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/**
 * Records on their way, by arrival; those that arrive together in the order in which they were sent. Its size is bounded by
 * the longest delay and the report interval, times the rate.
 */
final class ArrivalQueue {

    private record Entry(long order, Emission emission) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            int byArrival = Long.compare(emission.arrivalMillis(), other.emission.arrivalMillis());
            return byArrival != 0 ? byArrival : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Entry> entries = new PriorityQueue<>();
    private long sent;

    void add(Emission emission) {
        entries.add(new Entry(sent++, emission));
    }

    /** Arrival of the first record, or {@link Long#MAX_VALUE} where there is none. */
    long firstArrival() {
        Entry first = entries.peek();
        return first == null ? Long.MAX_VALUE : first.emission.arrivalMillis();
    }

    Emission take() {
        Entry first = entries.poll();
        if (first == null) {
            throw new NoSuchElementException("no record is on its way");
        }
        return first.emission;
    }
}
