package io.processoptimizer.advise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

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

    private static final Figure[] FOLLOWED = {Figure.OEE, Figure.THROUGHPUT, Figure.CYCLE_TIME};

    private final double[][] last = new double[FOLLOWED.length][WINDOWS];
    private final double[] usual = new double[FOLLOWED.length];
    private final int[] known = new int[FOLLOWED.length];
    private long lastEnd = Long.MIN_VALUE;

    public Trend() {
        forgetLast();
        Arrays.fill(usual, Double.NaN);
    }

    private void forgetLast() {
        for (double[] values : last) {
            Arrays.fill(values, Double.NaN);
        }
    }

    /** Adds the next window. One that does not come after the last, as a revision does, is left out. */
    public void add(WindowFigures next) {
        if (next.endMillis() <= lastEnd) {
            return;
        }
        if (lastEnd != Long.MIN_VALUE && next.endMillis() - lastEnd > PAUSE_MILLIS) {
            forgetLast();
        }
        lastEnd = next.endMillis();
        for (int i = 0; i < FOLLOWED.length; i++) {
            double value = next.get(FOLLOWED[i]);
            System.arraycopy(last[i], 0, last[i], 1, WINDOWS - 1);
            last[i][0] = value;
            if (!Double.isNaN(value)) {
                known[i] = Math.min(known[i] + 1, USUAL_WINDOWS);
                usual[i] = known[i] == 1 ? value : usual[i] + (value - usual[i]) / known[i];
            }
        }
    }

    /** End of the last window, epoch milliseconds; {@link Long#MIN_VALUE} before the first. */
    long lastEnd() {
        return lastEnd;
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(lastEnd);
        for (int i = 0; i < FOLLOWED.length; i++) {
            out.writeInt(known[i]);
            out.writeDouble(usual[i]);
            for (double value : last[i]) {
                out.writeDouble(value);
            }
        }
    }

    static Trend read(DataInput in) throws IOException {
        Trend trend = new Trend();
        trend.lastEnd = in.readLong();
        for (int i = 0; i < FOLLOWED.length; i++) {
            trend.known[i] = in.readInt();
            trend.usual[i] = in.readDouble();
            for (int window = 0; window < WINDOWS; window++) {
                trend.last[i][window] = in.readDouble();
            }
        }
        return trend;
    }

    /** Mean over those of the last {@value #WINDOWS} windows that know the figure; NaN where none does. */
    double mean(Figure figure) {
        double sum = 0;
        int count = 0;
        for (double value : last[place(figure)]) {
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
        for (double value : last[place(figure)]) {
            if (!Double.isNaN(value)) {
                sum += (value - mean) * (value - mean);
                count++;
            }
        }
        return count < 2 ? Double.NaN : Math.sqrt(sum / (count - 1));
    }

    /** Of the window before the last one; NaN where it is not known. */
    double before(Figure figure) {
        return last[place(figure)][1];
    }

    /** Moving average over all windows, {@value #USUAL_WINDOWS} of them in effect; NaN before the first. */
    double usual(Figure figure) {
        return usual[place(figure)];
    }

    private static int place(Figure figure) {
        int place = Arrays.asList(FOLLOWED).indexOf(figure);
        if (place < 0) {
            throw new IllegalArgumentException("no trend is kept of " + figure);
        }
        return place;
    }
}
