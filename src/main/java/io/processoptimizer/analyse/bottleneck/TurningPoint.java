package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.analyse.oee.StepOee;
import java.util.List;

/**
 * Where waiting turns along the line: steps before the bottleneck are blocked more than starved, steps behind it starved more
 * than blocked, and the bottleneck itself waits less than its neighbours. Of several turning points the one that waits least, then
 * the first.
 *
 * <p>Source: L. Li, Q. Chang, J. Ni, Data driven bottleneck detection of manufacturing systems, International Journal of
 * Production Research 47 (2009). Cost: one pass over the steps.
 */
final class TurningPoint {
    private TurningPoint() {}

    /**
     * Index of the turning point among the first {@code ordered} steps, or −1 where there is none or no step was blocked or
     * starved.
     */
    static int of(List<StepOee> steps, int ordered) {
        int found = -1;
        boolean waits = false;
        for (int j = 0; j < ordered; j++) {
            long waiting = waitingMillis(steps, j);
            waits |= waiting > 0;
            boolean turnsHere = (j == 0 || (balance(steps, j - 1) > 0 && waiting < waitingMillis(steps, j - 1)))
                    && (j == ordered - 1 || (balance(steps, j + 1) < 0 && waiting < waitingMillis(steps, j + 1)));
            if (turnsHere && (found < 0 || waiting < waitingMillis(steps, found))) {
                found = j;
            }
        }
        return waits ? found : -1;
    }

    /** TB + TS. */
    static long waitingMillis(List<StepOee> steps, int step) {
        StateTimes times = steps.get(step).times();
        return times.blockedMillis() + times.starvedMillis();
    }

    /** TB − TS. */
    private static long balance(List<StepOee> steps, int step) {
        StateTimes times = steps.get(step).times();
        return times.blockedMillis() - times.starvedMillis();
    }
}
