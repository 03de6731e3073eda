package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.event.StepState;
import io.processoptimizer.window.StepFacts;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A serial line that is drawn at random, and its run: the recursions of a tandem line with finite buffers and blocking after service,
 * S(i,n) = max(D(i,n−1), D(i−1,n)), C = S + T, D(i,n) = max(C, S(i+1,n−B)), for B = 0 D(i,n) = max(C, D(i+1,n−1)), over times that are
 * drawn once: a run with other times of one step is a run under common random numbers.
 */
final class RandomLine {
    /** Milliseconds of a mean of 1. */
    private static final double UNIT = 1_000;

    /** Shape of the lines. */
    enum Regime {
        MIXED("mixed means, failures", 0),
        SMALL_BUFFERS("small buffers, failures", 1),
        EQUAL_MEANS("equal means, failures", 2),
        NO_FAILURES("no failures", 3),
        PUBLISHED("published lines", 4);

        final String title;

        /** Keeps the lines of one regime from being those of another. */
        final long number;

        Regime(String title, long number) {
            this.title = title;
            this.number = number;
        }
    }

    final int steps;
    private final int parts;
    private final int[] buffers;
    private final long[][] work;
    private final long[][] repair;

    // Of the run as drawn: part n at step i starts, is done, leaves.
    private final long[][] starts;
    private final long[][] done;
    private final long[][] leaves;

    private RandomLine(int steps, int parts, int[] buffers) {
        this.steps = steps;
        this.parts = parts;
        this.buffers = buffers;
        work = new long[steps][parts];
        repair = new long[steps][parts];
        starts = new long[steps][parts];
        done = new long[steps][parts];
        leaves = new long[steps][parts];
    }

    /**
     * The line no. {@code index} of a regime.
     *
     * @param parts length of its run
     */
    static RandomLine draw(Regime regime, long seed, int index, int parts) {
        SplittableRandom random = new SplittableRandom(seed * 1_000_003 + regime.number * 100_003 + index);
        if (regime == Regime.PUBLISHED) {
            return published(random, index, parts);
        }
        int steps = 3 + random.nextInt(6);
        int[] buffers = new int[steps];
        for (int i = 0; i < steps; i++) {
            buffers[i] = regime == Regime.SMALL_BUFFERS ? random.nextInt(3) : 2 + random.nextInt(19);
        }
        RandomLine line = new RandomLine(steps, parts, buffers);
        boolean fails = regime != Regime.NO_FAILURES;
        for (int i = 0; i < steps; i++) {
            double mean = regime == Regime.EQUAL_MEANS ? 10 : 8 + 4 * random.nextDouble();
            int shape = 1 + random.nextInt(16); // Erlang: coefficient of variation 1 … ¼
            double betweenFailures = 20 + 180 * random.nextDouble();
            double repairMean = mean * (2 + 18 * random.nextDouble());
            line.drawTimes(i, random.split(), mean, shape, fails ? 1 / betweenFailures : 0, repairMean);
        }
        return line.run();
    }

    /** Seven steps, buffers of five, exponential times of mean 10, but one step's of 11 to 20. */
    private static RandomLine published(SplittableRandom random, int index, int parts) {
        int steps = 7;
        int[] buffers = new int[steps];
        Arrays.fill(buffers, 5);
        RandomLine line = new RandomLine(steps, parts, buffers);
        int slow = index % steps;
        double slowMean = 11 + index / steps % 10;
        for (int i = 0; i < steps; i++) {
            line.drawTimes(i, random.split(), i == slow ? slowMean : 10, 1, 0, 1);
        }
        return line.run();
    }

    private void drawTimes(
            int step, SplittableRandom random, double mean, int shape, double failsEachPart, double repairMean) {
        for (int n = 0; n < parts; n++) {
            double time = 0;
            for (int k = 0; k < shape; k++) {
                time += exponential(random) / shape;
            }
            work[step][n] = Math.max(1, Math.round(UNIT * mean * time));
            boolean fails = random.nextDouble() < failsEachPart;
            double repairTime = exponential(random);
            repair[step][n] = fails ? Math.max(1, Math.round(UNIT * repairMean * repairTime)) : 0;
        }
    }

    private static double exponential(SplittableRandom random) {
        return -Math.log(1 - random.nextDouble());
    }

    private RandomLine run() {
        for (int n = 0; n < parts; n++) {
            for (int i = 0; i < steps; i++) {
                starts[i][n] = Math.max(n == 0 ? 0 : leaves[i][n - 1], i == 0 ? 0 : leaves[i - 1][n]);
                done[i][n] = starts[i][n] + work[i][n] + repair[i][n];
                leaves[i][n] = Math.max(done[i][n], room(i, n, starts, leaves));
            }
        }
        return this;
    }

    /** From when on part n has a place behind step i. */
    private long room(int i, int n, long[][] started, long[][] left) {
        if (i + 1 == steps) {
            return 0;
        }
        int before = n - Math.max(1, buffers[i]);
        if (before < 0) {
            return 0;
        }
        return buffers[i] == 0 ? left[i + 1][before] : started[i + 1][before];
    }

    /** Parts a millisecond, after the first tenth, when one step's times are multiplied by a factor. */
    double throughput(int faster, double factor) {
        long[][] started = new long[steps][parts];
        long[][] left = new long[steps][parts];
        for (int n = 0; n < parts; n++) {
            for (int i = 0; i < steps; i++) {
                long time = work[i][n] + repair[i][n];
                time = i == faster ? Math.round(time * factor) : time;
                started[i][n] = Math.max(n == 0 ? 0 : left[i][n - 1], i == 0 ? 0 : left[i - 1][n]);
                left[i][n] = Math.max(started[i][n] + time, room(i, n, started, left));
            }
        }
        int first = parts / 10;
        return (double) (parts - 1 - first) / (left[steps - 1][parts - 1] - left[steps - 1][first]);
    }

    /** When the last step has let part n go. */
    long leftTheLine(int n) {
        return leaves[steps - 1][n];
    }

    /** Parts that a step finished in {@code [start, end)}. */
    long finished(int step, long start, long end) {
        return (long) firstAtOrAfter(done[step], end) - firstAtOrAfter(done[step], start);
    }

    private static int firstAtOrAfter(long[] rising, long time) {
        int low = 0;
        int high = rising.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (rising[middle] < time) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** What a step did in {@code [start, end)}. */
    StepFacts.Timeline timeline(int step, long start, long end) {
        int from = firstAtOrAfter(leaves[step], start + 1);
        Runs runs = new Runs(start);
        int n = from;
        // The active period that reaches into the window begins where it last waited.
        while (n > 0 && leaves[step][n - 1] == starts[step][n] && leaves[step][n - 1] == done[step][n - 1]) {
            n--;
        }
        for (; n < parts && (n == 0 ? 0 : leaves[step][n - 1]) < end; n++) {
            runs.add(StepState.STARVED, n == 0 ? 0 : leaves[step][n - 1], starts[step][n], end);
            runs.add(StepState.RUNNING, starts[step][n], starts[step][n] + work[step][n], end);
            runs.add(StepState.DOWN, starts[step][n] + work[step][n], done[step][n], end);
            runs.add(StepState.BLOCKED, done[step][n], leaves[step][n], end);
        }
        return runs.timeline(end);
    }

    /** Collects the runs of a window. */
    private static final class Runs {
        private final long start;
        private long[] from = new long[64];
        private StepState[] states = new StepState[64];
        private int count;
        private long stateSince;
        private long activeSince;
        private boolean active;

        Runs(long start) {
            this.start = start;
        }

        void add(StepState state, long begin, long until, long end) {
            if (begin >= until || begin >= end) {
                return;
            }
            if (state.isActive() && !active && count == 0) {
                activeSince = begin;
            }
            active = state.isActive();
            if (until <= start || (count > 0 && states[count - 1] == state)) {
                return;
            }
            if (count == 0) {
                stateSince = begin;
            }
            if (count == from.length) {
                from = Arrays.copyOf(from, count * 2);
                states = Arrays.copyOf(states, count * 2);
            }
            from[count] = Math.max(start, begin);
            states[count++] = state;
        }

        StepFacts.Timeline timeline(long end) {
            boolean begunActive = count > 0 && states[0].isActive();
            return new StepFacts.Timeline(
                    Arrays.copyOf(from, count),
                    Arrays.copyOf(states, count),
                    end,
                    stateSince,
                    begunActive ? activeSince : start,
                    false);
        }
    }
}
