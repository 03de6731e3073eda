package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.oee.Exact;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.analyse.oee.StepOee;
import java.math.BigInteger;
import java.util.List;
import java.util.function.IntToLongFunction;

/**
 * Weighs everything that the waiting of a line and the active periods of its steps say. The bottleneck is the step of which
 *
 * <pre>
 * Σ (TB − TS) of the steps before it − Σ (TB − TS) of the steps behind it − 4 · (TB + TS) of its own + 4 · its mean active period
 * </pre>
 *
 * is largest: before it the line is blocked, behind it starved, itself waits little and works on for long. The first two terms are the
 * turning point's signs (Li, Chang, Ni 2009) as amounts, added up over the whole line instead of looked at beside a step; the last is
 * the active period method (Roser, Nakano, Tanaka 2001), which counts most where a window holds few parts. The weights are measured:
 * BottleneckBenchmark compares the answer with each method alone. Among equals the first in line.
 *
 * <p>Exact integers, in milliseconds. Cost: two passes over the steps.
 */
final class WaitingBalance {
    private static final long WEIGHT = 4;

    private WaitingBalance() {}

    /**
     * Index of the bottleneck among the first {@code ordered} steps, or −1 where none of them was active or none waited.
     *
     * @param activePeriods how many each step has
     * @param activeMillis their lengths together, milliseconds
     */
    static int of(List<StepOee> steps, int ordered, IntToLongFunction activePeriods, IntToLongFunction activeMillis) {
        long behind = 0;
        boolean waits = false;
        for (int j = 0; j < ordered; j++) {
            behind += balance(steps, j);
            waits |= TurningPoint.waitingMillis(steps, j) > 0;
        }
        int found = -1;
        BigInteger most = BigInteger.ZERO;
        long mostCount = 1;
        long before = 0;
        for (int j = 0; j < ordered; j++) {
            long own = balance(steps, j);
            behind -= own;
            long count = activePeriods.applyAsLong(j);
            if (count > 0) {
                long whole = before - behind - WEIGHT * TurningPoint.waitingMillis(steps, j);
                // The mean is a fraction: everything over the number of periods.
                BigInteger score = Exact.product(whole, count)
                        .add(BigInteger.valueOf(WEIGHT).multiply(BigInteger.valueOf(activeMillis.applyAsLong(j))));
                boolean more = found < 0
                        || score.multiply(BigInteger.valueOf(mostCount))
                                        .compareTo(most.multiply(BigInteger.valueOf(count)))
                                > 0;
                if (more) {
                    found = j;
                    most = score;
                    mostCount = count;
                }
            }
            before += own;
        }
        return waits ? found : -1;
    }

    /** TB − TS. */
    private static long balance(List<StepOee> steps, int step) {
        StateTimes times = steps.get(step).times();
        return times.blockedMillis() - times.starvedMillis();
    }
}
