package io.processoptimizer.simulate;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;

/**
 * A simulated factory: START HERE. {@link #events} gives the telemetry of its lines, lazily and in order of arrival; a
 * {@link Pacer} hands it to a {@link TelemetrySink} at the right time, {@link FactoryDefinitions} tells a receiver about the
 * lines.
 *
 * <p>Time runs in report intervals aligned to the epoch and to full minutes: all lines run to the end of the interval, then whatever arrives
 * before it is given out, for nothing can arrive before it happens.
 */
public final class Factory {

    /** Reports also end on the full minute, the usual pane: a count never spans two of them. */
    private static final long PANE_MILLIS = 60_000;

    private final SimulationOptions options;
    private final List<LineSpec> lines;
    private final long seed;

    private Factory(SimulationOptions options) {
        this.options = options;
        this.lines = Plant.lines(options);
        this.seed = options.seed();
    }

    /** The factory that these options describe. */
    public static Factory of(SimulationOptions options) {
        return new Factory(options);
    }

    /** The telemetry of the factory that these options describe; see {@link #events()}. */
    public static Iterator<TelemetryRecord> events(SimulationOptions options) {
        return of(options).events();
    }

    /** The lines, PROC-001 first. */
    public List<LineSpec> lines() {
        return lines;
    }

    /**
     * All records in order of arrival, from the start; without an end where the options name no length. Each call starts
     * anew and gives the same records. The iterator is not thread-safe.
     */
    public Iterator<TelemetryRecord> events() {
        return new Records();
    }

    /** Seed of the line with this index, the same however many lines there are. */
    static long lineSeed(long seed, int index) {
        return new SplittableRandom(seed + index * 0x9E37_79B9_7F4A_7C15L).nextLong();
    }

    private final class Records implements Iterator<TelemetryRecord> {

        private final ArrivalQueue queue = new ArrivalQueue();
        private final LineReporter[] reporters = new LineReporter[lines.size()];
        private final long intervalMillis = options.reportInterval().toMillis();
        private final long endMillis;
        private long reportedMillis;

        Records() {
            long start = options.start().toEpochMilli();
            reportedMillis = start;
            endMillis = options.length() == null
                    ? Long.MAX_VALUE
                    : start + options.length().toMillis();
            SplittableRandom random = new SplittableRandom(seed);
            for (int i = 0; i < reporters.length; i++) {
                LineSpec spec = lines.get(i);
                SerialLine line = new SerialLine(spec, lineSeed(seed, i), start);
                Dispatcher dispatcher = new Dispatcher(spec.processId(), options.delivery(), random.split(), queue);
                reporters[i] = new LineReporter(spec, line, start, Plant.statesIdeal(i), dispatcher);
            }
        }

        @Override
        public boolean hasNext() {
            while (queue.firstArrival() >= reportedMillis && reportedMillis < endMillis) {
                long next = Math.min(edgeAfter(intervalMillis), edgeAfter(PANE_MILLIS));
                reportedMillis = Math.min(next, endMillis);
                for (LineReporter reporter : reporters) {
                    reporter.report(reportedMillis);
                }
            }
            return queue.firstArrival() != Long.MAX_VALUE;
        }

        private long edgeAfter(long periodMillis) {
            return (Math.floorDiv(reportedMillis, periodMillis) + 1) * periodMillis;
        }

        @Override
        public TelemetryRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException("the simulated time is over");
            }
            return queue.take();
        }
    }
}
