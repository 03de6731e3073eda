package io.processoptimizer.decode;

import io.processoptimizer.event.TelemetryEvent;
import java.time.Instant;

/**
 * What a field of one record may hold. The bounds are far above what a plant reports and low enough that the integer sums of a
 * window cannot overflow; a value beyond them is a wrong unit or a broken sensor.
 */
final class Limits {
    /** Ids are keys of tables and labels of metrics: both take more, but nobody can read more. UTF-16 units. */
    static final int MAX_NAME_CHARS = 256;

    /** Parts of one record: 9·10⁹ such records fit in one accumulator. */
    static final long MAX_COUNT = 1_000_000_000L;

    /** Reading of an ever-growing counter: beyond the 32 bits of a PLC; 9·10⁶ resets fit in one accumulator. */
    static final long MAX_TOTAL = 1_000_000_000_000L;

    /** 10⁶ s (11.6 days) a part, in microseconds: longer than any part takes that is counted in windows. */
    static final long MAX_CYCLE_MICROS = 1_000_000_000_000L;

    /** 10⁶ kWh in one record, in milliwatt-hours: the yearly use of a workshop; 9·10⁶ such records fit in one accumulator. */
    static final long MAX_ENERGY_MILLIWATT_HOURS = 1_000_000_000_000L;

    /** A year: an interval claimed for longer is stated in another unit. */
    static final long MAX_DURATION_MILLIS = 366L * 24 * 60 * 60 * 1000;

    /** A performance above 10 (1000 %) is a percentage, or a wrong ideal cycle that no longer means anything. */
    static final long MAX_PERFORMANCE_NANO = 10 * TelemetryEvent.NANO;

    /** 10⁷ parts an hour, in thousandths: nearly 3,000 a second; its time-weighted sum over a year fits a long. */
    static final long MAX_THROUGHPUT_MILLI = 10_000_000_000L;

    /** First plausible event time, 2000-01-01, epoch milliseconds; a time in seconds falls below it. */
    static final long MIN_TIMESTAMP_MILLIS =
            Instant.parse("2000-01-01T00:00:00Z").toEpochMilli();

    /** First event time that is no longer plausible, 2100-01-01, epoch milliseconds; a time in microseconds lies above it. */
    static final long END_TIMESTAMP_MILLIS =
            Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    /** Steps of one process snapshot: a line has tens. */
    static final int MAX_SNAPSHOT_STEPS = 1_000;

    /** Levels of nesting; ours need 4, the rest is room for fields that are ignored, without a risk for the stack. */
    static final int MAX_DEPTH = 64;

    /** Characters of one number; a double written out in full by any producer has fewer. */
    static final int MAX_NUMBER_CHARS = 400;

    /** What a compressed record may hold, bytes: as much as the longest record that Kinesis takes, so that nothing small fills the memory. */
    static final int MAX_INFLATED_BYTES = 10 << 20;

    /**
     * Values, names and brackets of one record. Each takes up to some 60 bytes once it is read, so that a record of nothing but brackets
     * takes 30 MB and not twenty times its length; 1,000 observations of 250 values have as many.
     */
    static final int MAX_TOKENS = 500_000;

    private Limits() {}

    static boolean isPlausible(long timestampMillis) {
        return timestampMillis >= MIN_TIMESTAMP_MILLIS && timestampMillis < END_TIMESTAMP_MILLIS;
    }
}
