package io.processoptimizer.simulate;

import java.time.Duration;
import java.time.Instant;

/**
 * How event time runs against the wall clock: {@code factor} times as fast from a start in the past until it has caught up
 * with the wall clock, then with it. So no record is sent before its timestamp.
 *
 * @param eventStartMillis event time of the start, epoch milliseconds, not after {@code wallStartMillis}
 * @param wallStartMillis wall clock at the start, epoch milliseconds
 * @param factor event time per wall time, 1 to {@value #MAX_FACTOR}
 */
public record Pace(long eventStartMillis, long wallStartMillis, double factor) {

    /** A minute of event time in a second: a five-minute window fills in five seconds. */
    public static final double DEFAULT_FACTOR = 60;

    /** An hour in 0.36 s; without pacing there is {@link Pacer#copy}. */
    public static final double MAX_FACTOR = 10_000;

    /** How far in the past a run without an end starts: at the default factor it catches up after ten minutes. */
    public static final Duration DEFAULT_HEAD_START = Duration.ofHours(10);

    private static final long MINUTE = 60_000;

    public Pace {
        if (!(factor >= 1) || factor > MAX_FACTOR) {
            throw new IllegalArgumentException("time factor is " + factor + "; use 1 to " + (long) MAX_FACTOR);
        }
        if (eventStartMillis > wallStartMillis) {
            throw new IllegalArgumentException("event time starts at " + eventStartMillis + ", after the wall clock's "
                    + wallStartMillis + "; start in the past");
        }
    }

    /**
     * For a run without an end: starts {@code headStart} before {@code now} and has caught up after
     * headStart / (factor − 1). With a factor above 1 the start is on the minute, so that the first windows are whole.
     */
    public static Pace openEnded(Instant now, double factor, Duration headStart) {
        if (headStart.isNegative()) {
            throw new IllegalArgumentException("head start is " + headStart + "; use 0 or more");
        }
        return startingBefore(now, factor, headStart.toMillis());
    }

    /** For a run of {@code planned} on the wall clock that is {@code factor} times as fast to its end. */
    public static Pace over(Instant now, double factor, Duration planned) {
        return startingBefore(now, factor, millis(planned, factor));
    }

    /**
     * The same pace from {@code newest} on where that is later than this start: a factory that is started again must go on
     * after its earlier records, for whatever it said before them would be late.
     *
     * @param newest event time of the newest earlier record; one in the future counts as now
     */
    public Pace notBefore(Instant newest) {
        long from = Math.min(newest.toEpochMilli(), wallStartMillis);
        return from <= eventStartMillis ? this : new Pace(from, wallStartMillis, factor);
    }

    /** Event time that passes in {@code planned} on the wall clock, until event time has caught up. */
    public Duration eventTime(Duration planned) {
        return Duration.ofMillis(millis(planned, factor));
    }

    /** Start of event time, for {@link SimulationOptions#start()}. */
    public Instant eventStart() {
        return Instant.ofEpochMilli(eventStartMillis);
    }

    /** When a record that arrives at {@code arrivalMillis} of event time is to be sent, epoch ms of the wall clock. */
    public long dueMillis(long arrivalMillis) {
        long paced = wallStartMillis + (long) Math.ceil((arrivalMillis - eventStartMillis) / factor);
        return Math.max(arrivalMillis, paced);
    }

    private static Pace startingBefore(Instant now, double factor, long beforeMillis) {
        long wall = now.toEpochMilli();
        long start = wall - beforeMillis;
        return new Pace(factor > 1 ? Math.floorDiv(start, MINUTE) * MINUTE : start, wall, factor);
    }

    private static long millis(Duration planned, double factor) {
        return Math.round(planned.toMillis() * factor);
    }
}
