package io.processoptimizer.simulate;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the factory is and how long it runs, all in event time. How fast event time runs is {@link Pace}'s business.
 *
 * @param seed the same seed, processes and start give the same records; a process does not depend on how many others run
 * @param processes number of lines, 1 to {@value #MAX_PROCESSES}
 * @param steps steps of each line, 1 to {@value LineSpec#MAX_STEPS}; {@link #AS_ITS_TRADE}: 3 to 6
 * @param start event time at which production starts, to the millisecond
 * @param length how much event time to produce, above 0; null for no end
 * @param reportInterval how often a step reports counts and energy, {@value #MIN_REPORT_MILLIS} ms to {@link #MAX_REPORT}
 * @param delivery how records travel
 */
public record SimulationOptions(
        long seed,
        int processes,
        int steps,
        Instant start,
        @Nullable Duration length,
        Duration reportInterval,
        Delivery delivery) {

    public static final long DEFAULT_SEED = 1;
    public static final int DEFAULT_PROCESSES = 8;
    public static final int AS_ITS_TRADE = 0;
    public static final Duration DEFAULT_REPORT_INTERVAL = Duration.ofSeconds(10);

    /** Some 3 KB each; ids have room for more. */
    public static final int MAX_PROCESSES = 100_000;

    /** Shorter intervals tell less than one part; the rate is raised by more processes. */
    public static final long MIN_REPORT_MILLIS = 10;

    /** Records of an interval are held until it ends; and a process must not fall silent between reports. */
    public static final Duration MAX_REPORT = Duration.ofMinutes(1);

    public SimulationOptions {
        if (processes < 1 || processes > MAX_PROCESSES) {
            throw new IllegalArgumentException("processes is " + processes + "; use 1 to " + MAX_PROCESSES);
        }
        if (steps != AS_ITS_TRADE && (steps < 1 || steps > LineSpec.MAX_STEPS)) {
            throw new IllegalArgumentException("steps is " + steps + "; use 1 to " + LineSpec.MAX_STEPS);
        }
        if (length != null && (length.isNegative() || length.toMillis() == 0)) {
            throw new IllegalArgumentException("length is " + length + "; use at least 1 ms, or none for no end");
        }
        if (reportInterval.toMillis() < MIN_REPORT_MILLIS || reportInterval.compareTo(MAX_REPORT) > 0) {
            throw new IllegalArgumentException("reportInterval is " + reportInterval + "; use " + MIN_REPORT_MILLIS
                    + " ms to " + MAX_REPORT.toSeconds() + " s");
        }
    }

    /** The default factory without an end. */
    public static SimulationOptions startingAt(Instant start) {
        return new SimulationOptions(
                DEFAULT_SEED, DEFAULT_PROCESSES, AS_ITS_TRADE, start, null, DEFAULT_REPORT_INTERVAL, Delivery.DEFAULT);
    }

    /** The same with another seed. */
    public SimulationOptions withSeed(long newSeed) {
        return new SimulationOptions(newSeed, processes, steps, start, length, reportInterval, delivery);
    }

    /** The same with another number of lines. */
    public SimulationOptions withProcesses(int count) {
        return new SimulationOptions(seed, count, steps, start, length, reportInterval, delivery);
    }

    /** The same with another number of steps of each line. */
    public SimulationOptions withSteps(int count) {
        return new SimulationOptions(seed, processes, count, start, length, reportInterval, delivery);
    }

    /** The same with another amount of event time; null for no end. */
    public SimulationOptions withLength(@Nullable Duration newLength) {
        return new SimulationOptions(seed, processes, steps, start, newLength, reportInterval, delivery);
    }

    /** The same with another report interval. */
    public SimulationOptions withReportInterval(Duration interval) {
        return new SimulationOptions(seed, processes, steps, start, length, interval, delivery);
    }

    /** The same with another delivery. */
    public SimulationOptions withDelivery(Delivery newDelivery) {
        return new SimulationOptions(seed, processes, steps, start, length, reportInterval, newDelivery);
    }
}
