package io.processoptimizer.simulate;

import io.processoptimizer.event.StepState;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * How many records a factory sends, and the report interval that makes it send a wished number. Changes of state come with
 * the parts, so a few lines are run beforehand to count them; the rest is arithmetic.
 */
public final class RecordRate {

    /** Lines that are run to estimate the rest: the trades repeat after eight. */
    private static final int SAMPLE_LINES = 32;

    /** Long enough that breaks and changeovers weigh about what they weigh in the long run. */
    private static final Duration SAMPLE_TIME = Duration.ofHours(2);

    private static final double MILLIS = 1_000;

    private RecordRate() {}

    /** Records per second of event time in the long run, within a few percent. Times the time factor: per second. */
    public static double of(SimulationOptions options) {
        Sample sample = sample(options);
        double reports = sample.steps / seconds(options.reportInterval());
        return (sample.stateChanges + reports) * sample.copies;
    }

    /**
     * The same factory with the report interval that gives {@code perSecond} records per second of event time.
     *
     * @throws IllegalArgumentException where no interval gives it; the message tells what can be had
     */
    public static SimulationOptions tune(SimulationOptions options, double perSecond) {
        Sample sample = sample(options);
        double reports = perSecond / sample.copies - sample.stateChanges;
        double intervalMillis = MILLIS * sample.steps / reports;
        long longest = SimulationOptions.MAX_REPORT.toMillis();
        if (!(reports > 0)
                || intervalMillis > longest
                || Math.round(intervalMillis) < SimulationOptions.MIN_REPORT_MILLIS) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "%.4g records per second of event time cannot be had of %d processes, only %.4g to %.4g;"
                            + " change the number of processes or the time factor",
                    perSecond,
                    options.processes(),
                    of(options.withReportInterval(SimulationOptions.MAX_REPORT)),
                    of(options.withReportInterval(Duration.ofMillis(SimulationOptions.MIN_REPORT_MILLIS)))));
        }
        return options.withReportInterval(Duration.ofMillis(Math.round(intervalMillis)));
    }

    /**
     * @param steps steps of the factory
     * @param stateChanges of the factory per second
     * @param copies records sent per true record
     */
    private record Sample(double steps, double stateChanges, double copies) {}

    private static Sample sample(SimulationOptions options) {
        List<LineSpec> lines = Plant.lines(options);
        int sampled = Math.min(SAMPLE_LINES, lines.size());
        long start = options.start().toEpochMilli();
        ChangeCount changes = new ChangeCount();
        long sampledSteps = 0;
        for (int i = 0; i < sampled; i++) {
            LineSpec line = lines.get(i);
            new SerialLine(line, Factory.lineSeed(options.seed(), i), start)
                    .advanceTo(start + SAMPLE_TIME.toMillis(), changes);
            sampledSteps += line.steps().size();
        }
        double steps = lines.stream().mapToLong(line -> line.steps().size()).sum();
        Delivery delivery = options.delivery();
        return new Sample(
                steps,
                changes.count / seconds(SAMPLE_TIME) * steps / sampledSteps,
                1 + delivery.eventIdShare() * delivery.duplicateShare() + delivery.brokenShare());
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / MILLIS;
    }

    private static final class ChangeCount implements SerialLine.Observer {
        long count;

        @Override
        public void state(int step, long atMillis, StepState state, SerialLine.Cause cause, int product) {
            count++;
        }

        @Override
        public void part(int step, long atMillis, int product, SerialLine.Outcome outcome, long processingMillis) {}
    }
}
