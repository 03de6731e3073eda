package io.processoptimizer.advise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * How one process has been doing: its last windows, and what is usual for it. The efficiency model's memory, small enough to be kept
 * for every process. Takes the windows of one definition in the order of their ends.
 */
public final class Trend {
    /** Windows whose mean is the second baseline of the efficiency model. */
    public static final int WINDOWS = 5;

    /** What is usual follows the figures with the weight of one in so many windows. */
    private static final int USUAL_WINDOWS = 60;

    /** After a pause so long the last windows say nothing of the next. */
    private static final long PAUSE_MILLIS = 3_600_000;

    /** In the order in which they are written. */
    private static final List<Figure> FOLLOWED = List.of(Figure.OEE, Figure.THROUGHPUT, Figure.CYCLE_TIME);

    private final Map<Figure, Course> courses = new EnumMap<>(Figure.class);
    private long lastEnd = Long.MIN_VALUE;

    public Trend() {
        FOLLOWED.forEach(figure -> courses.put(figure, new Course()));
    }

    /** How one figure went. */
    private static final class Course {
        /** Of the last windows, the last one first; NaN where it is not known. */
        final double[] last = new double[WINDOWS];

        double usual = Double.NaN;

        /** Windows that knew it, up to {@link #USUAL_WINDOWS}. */
        int known;

        Course() {
            forgetLast();
        }

        void forgetLast() {
            Arrays.fill(last, Double.NaN);
        }

        void add(double value) {
            System.arraycopy(last, 0, last, 1, WINDOWS - 1);
            last[0] = value;
            if (!Double.isNaN(value)) {
                known = Math.min(known + 1, USUAL_WINDOWS);
                usual = known == 1 ? value : usual + (value - usual) / known;
            }
        }

        void write(DataOutput out) throws IOException {
            out.writeInt(known);
            out.writeDouble(usual);
            for (double value : last) {
                out.writeDouble(value);
            }
        }

        void read(DataInput in) throws IOException {
            known = in.readInt();
            usual = in.readDouble();
            for (int window = 0; window < WINDOWS; window++) {
                last[window] = in.readDouble();
            }
        }
    }

    /** Adds the next window. One that does not come after the last, as a revision does, is left out. */
    public void add(WindowFigures next) {
        if (next.endMillis() <= lastEnd) {
            return;
        }
        if (lastEnd != Long.MIN_VALUE && next.endMillis() - lastEnd > PAUSE_MILLIS) {
            courses.values().forEach(Course::forgetLast);
        }
        lastEnd = next.endMillis();
        courses.forEach((figure, course) -> course.add(next.get(figure)));
    }

    /** End of the last window, epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
    long lastEnd() {
        return lastEnd;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(lastEnd);
        for (Figure figure : FOLLOWED) {
            of(figure).write(out);
        }
    }

    static Trend read(DataInput in) throws IOException {
        Trend trend = new Trend();
        trend.lastEnd = in.readLong();
        for (Figure figure : FOLLOWED) {
            trend.of(figure).read(in);
        }
        return trend;
    }

    private Course of(Figure figure) {
        Course course = courses.get(figure);
        if (course == null) {
            throw new IllegalArgumentException("no trend is kept of " + figure);
        }
        return course;
    }

    /** Mean over those of the last {@value #WINDOWS} windows that know the figure; NaN where none does. */
    double mean(Figure figure) {
        double sum = 0;
        int count = 0;
        for (double value : of(figure).last) {
            if (!Double.isNaN(value)) {
                sum += value;
                count++;
            }
        }
        return count == 0 ? Double.NaN : sum / count;
    }

    /** Standard deviation over the same windows; NaN where fewer than two know it. */
    double deviation(Figure figure) {
        double mean = mean(figure);
        double sum = 0;
        int count = 0;
        for (double value : of(figure).last) {
            if (!Double.isNaN(value)) {
                sum += (value - mean) * (value - mean);
                count++;
            }
        }
        return count < 2 ? Double.NaN : Math.sqrt(sum / (count - 1));
    }

    /** Each figure over the last {@value #WINDOWS} windows, by name, the last one first; NaN where it is not known. */
    Map<String, List<Double>> courses() {
        Map<String, List<Double>> byName = new TreeMap<>();
        courses.forEach((figure, course) -> byName.put(
                figure.name().toLowerCase(Locale.ROOT),
                Arrays.stream(course.last).boxed().toList()));
        return byName;
    }

    /** Of the window before the last one; NaN where it is not known. */
    double before(Figure figure) {
        return of(figure).last[1];
    }

    /** Moving average over all windows, {@value #USUAL_WINDOWS} of them in effect; NaN before the first. */
    double usual(Figure figure) {
        return of(figure).usual;
    }
}
