package io.processoptimizer.simulate;

import java.util.SplittableRandom;

/**
 * Everything random about one station, part by part. What part n meets depends on the seed and on n alone, never on
 * time, so that a run with other processing times sees the same stops and rejects (common random numbers).
 *
 * <p>Call {@link #draw} once per part, then read the fields.
 */
final class StepDraws {

    /** Cut of the exponential, in means: bounds every single duration; one draw in 22,000 is beyond it. */
    static final double MAX_EXPONENTIAL = 10;

    /** Share of a stop's mean that every stop lasts at least; the rest is exponential. */
    private static final double STOP_FLOOR = 0.3;

    private final StepSpec spec;
    private final long[] idealMicros;
    private final double failureChance;
    private final double minorStopChance;
    private final SplittableRandom cycles;
    private final SplittableRandom stops;
    private final SplittableRandom lengths;
    private final SplittableRandom quality;

    private int product = -1;
    private int startupLeft;

    /** Changeover before this part, milliseconds. */
    long setupMillis;
    /** Work on this part, milliseconds, without stops; at least 1. */
    long processingMillis;
    /** Stop during this part, milliseconds; 0 for none. */
    long stopMillis;
    /** How much of the work is done when the stop strikes, milliseconds. */
    long stopAfterMillis;
    /** Whether the stop is a failure rather than a minor stop. */
    boolean failure;
    /** Whether the part is spoilt here. */
    boolean reject;
    /** Whether it is spoilt by a start-up; implies {@link #reject}. */
    boolean startup;

    StepDraws(LineSpec line, int step, SplittableRandom random) {
        this.spec = line.steps().get(step);
        this.idealMicros = new long[line.products().size()];
        for (int p = 0; p < idealMicros.length; p++) {
            idealMicros[p] = line.idealMicros(step, p);
        }
        this.failureChance = chance(spec.stops().cyclesBetweenFailures());
        this.minorStopChance = chance(spec.stops().cyclesBetweenMinorStops());
        this.cycles = random.split();
        this.stops = random.split();
        this.lengths = random.split();
        this.quality = random.split();
    }

    private static double chance(double cyclesBetween) {
        return cyclesBetween == 0 ? 0 : 1 / cyclesBetween;
    }

    /** Draws what the next part meets. A product other than that of the part before means a changeover. */
    void draw(int nextProduct) {
        StepSpec.Cycle cycle = spec.cycle();
        double extra = cycle.slowdown();
        if (extra > 0) {
            extra *= (1 - cycle.variation()) + cycle.variation() * exponential(cycles);
        }
        processingMillis = Math.max(1, Math.round(idealMicros[nextProduct] * (1 + extra) / 1_000));

        setupMillis = 0;
        if (product >= 0 && product != nextProduct && spec.setupMillis() > 0) {
            setupMillis = Math.max(1, Math.round(spec.setupMillis() * (0.7 + 0.6 * lengths.nextDouble())));
        }
        boolean changed = product >= 0 && product != nextProduct;
        product = nextProduct;
        drawStop();
        drawQuality(changed);
    }

    private void drawStop() {
        double failing = stops.nextDouble();
        double stopping = stops.nextDouble();
        failure = failing < failureChance;
        stopMillis = 0;
        if (failure || stopping < minorStopChance) {
            long mean = failure ? spec.stops().repairMillis() : spec.stops().minorStopMillis();
            stopMillis = Math.round(mean * (STOP_FLOOR + (1 - STOP_FLOOR) * exponential(lengths)));
            stopAfterMillis = (long) (processingMillis * lengths.nextDouble());
        }
    }

    private void drawQuality(boolean changed) {
        StepSpec.Quality rates = spec.quality();
        if (changed || stopMillis >= rates.longStopMillis()) {
            startupLeft = rates.startupParts();
        }
        boolean startingUp = startupLeft > 0;
        if (startingUp) {
            startupLeft--;
        }
        reject = quality.nextDouble() < (startingUp ? rates.startupRejectRate() : rates.rejectRate());
        startup = reject && startingUp;
    }

    /** StrictMath, because the seed promises the same numbers on every machine. */
    private static double exponential(SplittableRandom random) {
        return Math.min(MAX_EXPONENTIAL, -StrictMath.log(1 - random.nextDouble()));
    }
}
