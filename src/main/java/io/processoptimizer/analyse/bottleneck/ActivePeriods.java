package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.oee.Line;
import io.processoptimizer.window.StepFacts;

/**
 * The uninterrupted active periods of each step that touch a window: running, set-up and repair without a wait between them
 * (Roser, Nakano, Tanaka 2001). A period is measured from its true start, even before the window, to its end or the window's
 * end. Cost: one pass over the runs; two arrays for all steps.
 */
final class ActivePeriods {
    /** The periods of step i stand at {@code [first[i], first[i + 1])}, rising in time. */
    private final int[] first;

    private final long[] starts;
    private final long[] ends;

    private ActivePeriods(int[] first, long[] starts, long[] ends) {
        this.first = first;
        this.starts = starts;
        this.ends = ends;
    }

    static ActivePeriods of(Line line) {
        int steps = line.steps().size();
        int runs = 0;
        for (StepFacts step : line.steps()) {
            runs += step.timeline().runs();
        }
        int most = (runs + steps) / 2; // between two periods of a step lies a waiting run: at most ⌈runs / 2⌉ for each
        ActivePeriods periods = new ActivePeriods(new int[steps + 1], new long[most], new long[most]);
        int next = 0;
        for (int i = 0; i < steps; i++) {
            next = periods.fill(line.steps().get(i).timeline(), next);
            periods.first[i + 1] = next;
        }
        return periods;
    }

    private int fill(StepFacts.Timeline timeline, int from) {
        int next = from;
        boolean open = false;
        for (int run = 0; run < timeline.runs(); run++) {
            boolean active = timeline.states()[run].isActive();
            if (active && !open) {
                starts[next] = run == 0 ? timeline.firstActiveSince() : timeline.starts()[run];
            }
            if (active) {
                ends[next] = timeline.endOf(run);
            } else if (open) {
                next++;
            }
            open = active;
        }
        return open ? next + 1 : next;
    }

    int steps() {
        return first.length - 1;
    }

    int first(int step) {
        return first[step];
    }

    /** Index behind the step's last period. */
    int behind(int step) {
        return first[step + 1];
    }

    int count(int step) {
        return first[step + 1] - first[step];
    }

    long start(int period) {
        return starts[period];
    }

    /** Exclusive; at most the window's end. */
    long end(int period) {
        return ends[period];
    }

    long length(int period) {
        return ends[period] - starts[period];
    }

    /** Sum of the lengths of a step's periods, milliseconds. */
    long total(int step) {
        long total = 0;
        for (int period = first(step); period < behind(step); period++) {
            total += length(period);
        }
        return total;
    }
}
