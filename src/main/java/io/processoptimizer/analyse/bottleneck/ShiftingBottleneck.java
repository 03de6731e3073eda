package io.processoptimizer.analyse.bottleneck;

/**
 * The shifting bottleneck of a window: who holds the line up at each instant, and for how long alone.
 *
 * <p>The bottleneck at an instant is the step with the longest active period that covers it, and stays it until that period ends;
 * the next is the longest period covering that end, if there is one. From the moment that the next bottleneck's period runs beside
 * the current one, the bottleneck is shifting, for both; before, the current one is the sole bottleneck. So each instant is
 * nobody's, one step's alone, or shifting between exactly two, and shares (sole + ½ shifting) never sum to more than 1. Periods of
 * equal length: the step that stands first in the line.
 *
 * <p>Source: C. Roser, M. Nakano, M. Tanaka, Shifting bottleneck detection, Proceedings of the 2002 Winter Simulation Conference.
 * Cost: periods + steps · changes of the bottleneck.
 */
final class ShiftingBottleneck {
    private static final int NONE = -1;

    private final ActivePeriods periods;

    /** Per step: its first period that ends after the instant looked at. */
    private final int[] cursor;

    private final long[] sole;
    private final long[] shifting;

    private ShiftingBottleneck(ActivePeriods periods) {
        this.periods = periods;
        this.cursor = new int[periods.steps()];
        this.sole = new long[periods.steps()];
        this.shifting = new long[periods.steps()];
    }

    static ShiftingBottleneck of(ActivePeriods periods, long start, long end) {
        ShiftingBottleneck found = new ShiftingBottleneck(periods);
        found.sweep(start, end);
        return found;
    }

    private void sweep(long start, long end) {
        for (int step = 0; step < cursor.length; step++) {
            cursor[step] = periods.first(step);
        }
        long time = start;
        int current = longestCovering(time);
        while (time < end) {
            if (current == NONE) {
                time = nextStart(end);
                current = time < end ? longestCovering(time) : NONE;
                continue;
            }
            int period = cursor[current];
            long periodEnd = periods.end(period);
            int next = periodEnd < end ? longestCovering(periodEnd) : NONE;
            long shiftFrom = next == NONE ? periodEnd : Math.max(time, periods.start(cursor[next]));
            sole[current] += shiftFrom - time;
            if (next != NONE) {
                shifting[current] += periodEnd - shiftFrom;
                shifting[next] += periodEnd - shiftFrom;
            }
            time = periodEnd;
            current = next;
        }
    }

    /** The step whose period covering an instant is the longest, or NONE. Instants rise from call to call. */
    private int longestCovering(long time) {
        int longest = NONE;
        long most = 0;
        for (int step = 0; step < cursor.length; step++) {
            while (cursor[step] < periods.behind(step) && periods.end(cursor[step]) <= time) {
                cursor[step]++;
            }
            int period = cursor[step];
            if (period < periods.behind(step) && periods.start(period) <= time && periods.length(period) > most) {
                most = periods.length(period);
                longest = step;
            }
        }
        return longest;
    }

    /** When the next period starts after an instant that none covers; the end where none does. */
    private long nextStart(long end) {
        long next = end;
        for (int step = 0; step < cursor.length; step++) {
            if (cursor[step] < periods.behind(step)) {
                next = Math.min(next, periods.start(cursor[step]));
            }
        }
        return next;
    }

    long soleMillis(int step) {
        return sole[step];
    }

    long shiftingMillis(int step) {
        return shifting[step];
    }

    /** 2 · sole + shifting: twice what the share counts, so that it stays an integer. */
    long twiceShare(int step) {
        return 2 * sole[step] + shifting[step];
    }
}
