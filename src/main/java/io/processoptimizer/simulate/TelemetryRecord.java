package io.processoptimizer.simulate;

/**
 * One record as it leaves the factory.
 *
 * @param arrivalMillis when it would arrive on the stream if event time were the wall clock, epoch milliseconds
 * @param partitionKey the process id
 * @param data the record's bytes, owned by the receiver
 * @param kind what it is, for statistics and tests; not part of the telemetry
 */
@SuppressWarnings("ArrayRecordComponent") // one record a few hundred thousand times a second; compared by nobody
public record TelemetryRecord(long arrivalMillis, String partitionKey, byte[] data, Kind kind) {

    /** What a record is. */
    public enum Kind {
        /** A step's change of state. */
        STATE,
        /** Counts, energy and cycle time of a step over a report interval. */
        COUNTS,
        /** A repetition of an earlier record with its {@code event_id}. */
        DUPLICATE,
        /** Not JSON. */
        MALFORMED,
        /** JSON that states an impossible value. */
        IMPLAUSIBLE
    }
}
