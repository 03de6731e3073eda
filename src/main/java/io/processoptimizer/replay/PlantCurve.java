package io.processoptimizer.replay;

import io.processoptimizer.analyse.oee.OeeStatus;
import java.util.Map;
import java.util.TreeMap;

/**
 * OEE over all processes in time: a histogram for each window end, so that memory does not depend on the number of processes, and at
 * most {@value #MAX_POINTS} ends: beyond, every second one is dropped.
 */
final class PlantCurve {
    private static final int MAX_POINTS = 1_024;

    /** A bin a percent; above 100 % counts as that. */
    private static final int BINS = 101;

    private static final double LAST_BIN = BINS - 1.0;

    private final long slideMillis;
    private final TreeMap<Long, Point> points = new TreeMap<>();
    private long stride = 1;

    /** One window end. */
    static final class Point {
        private final int[] bins = new int[BINS];
        private int known;
        int belowTarget;
        int processes;

        /** To a percent; NaN where no process has an OEE. */
        double quantile(double share) {
            if (known == 0) {
                return Double.NaN;
            }
            long rank = Math.max(1, Math.round(Math.ceil(share * known)));
            long below = 0;
            int bin = -1;
            while (below < rank) {
                below += bins[++bin];
            }
            return bin / LAST_BIN;
        }
    }

    PlantCurve(long slideMillis) {
        this.slideMillis = slideMillis;
    }

    void add(WindowDigest digest) {
        if (Math.floorDiv(digest.endMillis(), slideMillis) % stride != 0) {
            return;
        }
        Point point = points.computeIfAbsent(digest.endMillis(), end -> new Point());
        point.processes++;
        point.belowTarget += digest.status() == OeeStatus.BELOW_TARGET ? 1 : 0;
        double oee = digest.factors().oee();
        if (!Double.isNaN(oee)) {
            point.bins[(int) Math.max(0, Math.min(BINS - 1, Math.round(oee * LAST_BIN)))]++;
            point.known++;
        }
        if (points.size() > MAX_POINTS) {
            stride *= 2;
            points.keySet().removeIf(end -> Math.floorDiv(end, slideMillis) % stride != 0);
        }
    }

    Map<Long, Point> points() {
        return points;
    }
}
