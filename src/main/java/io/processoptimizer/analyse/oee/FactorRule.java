package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.math.BigInteger;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The factors of OEE under each profile, with the reasons where one is missing. Edge cases hold in this order: no planned time,
 * no parts, not running, no ideal cycle.
 *
 * <p>Sources: ISO 22400-2 (availability, effectiveness, quality ratio, OEE index); S. Nakajima, Introduction to TPM, 1988
 * ({@code classic}).
 */
final class FactorRule {
    private static final BigInteger NANO = BigInteger.valueOf(TelemetryEvent.NANO);
    private static final BigInteger NANO_SQUARED = NANO.pow(2);
    private static final BigInteger NANO_CUBED = NANO.pow(3);

    private FactorRule() {}

    /** Factors, and how the OEE stands to the target. */
    record Rated(Factors factors, OeeStatus status) {
        static final Rated NONE = new Rated(Factors.NONE, OeeStatus.NO_DATA);
    }

    /**
     * Factors of sums under {@code iso22400} or {@code classic}.
     *
     * @param reasons gains what is missing or suspect
     */
    static Rated of(Sums sums, Profile profile, long targetNano, Set<Reason> reasons) {
        long planned = sums.planned();
        if (planned <= 0) {
            reasons.add(Reason.NO_PLANNED_TIME);
            return Rated.NONE;
        }
        // In the classic form minor stops and waiting are lost speed, so they stay in the time that performance looks
        // at.
        long available = profile == Profile.CLASSIC ? planned - sums.breakdown - sums.setup : sums.running;
        addReasons(sums, available, reasons);
        double availability = Exact.divide(available, planned);
        if (!sums.hasIdeal()) {
            // Without ideal cycles parts are all that can be weighed; with one product it is the same ratio.
            double byParts = Exact.divide(sums.good, sums.processed());
            return new Rated(new Factors(availability, Double.NaN, byParts, Double.NaN), OeeStatus.NO_DATA);
        }
        long plannedMicros = Sums.micros(planned);
        Factors factors = new Factors(
                availability,
                Exact.divide(sums.idealProcessed, Sums.micros(available)),
                Exact.divide(sums.idealGood, sums.idealProcessed),
                Exact.divide(sums.idealGood, plannedMicros));
        boolean reached = Exact.compareProducts(sums.idealGood, TelemetryEvent.NANO, targetNano, plannedMicros) >= 0;
        return new Rated(factors, reached ? OeeStatus.MEETING_TARGET : OeeStatus.BELOW_TARGET);
    }

    private static void addReasons(Sums sums, long available, Set<Reason> reasons) {
        if (sums.processed() == 0) {
            reasons.add(Reason.NO_PARTS);
        }
        if (available == 0) {
            reasons.add(Reason.NOT_RUNNING);
        }
        if (!sums.idealKnown) {
            reasons.add(Reason.NO_IDEAL_CYCLE);
        }
        if (sums.outOfRange) {
            reasons.add(Reason.OUT_OF_RANGE);
        }
        boolean excess = sums.idealProcessed - Sums.micros(available) > sums.longestIdeal;
        if (sums.hasIdeal() && available > 0 && excess) {
            reasons.add(Reason.IDEAL_CYCLE_SUSPECT);
        }
    }

    /** Factors as records state them: profile {@code simple}, in exact decimals; OEE only where all three are stated. */
    static Rated stated(WindowFacts.@Nullable StatedFigures stated, long targetNano, Set<Reason> reasons) {
        StepFacts.WeightedSum availability = stated == null ? null : stated.availability();
        StepFacts.WeightedSum performance = stated == null ? null : stated.performance();
        StepFacts.WeightedSum quality = stated == null ? null : stated.quality();
        if (availability == null) {
            reasons.add(Reason.NO_AVAILABILITY);
        }
        if (performance == null) {
            reasons.add(Reason.NO_PERFORMANCE);
        }
        if (quality == null) {
            reasons.add(Reason.NO_QUALITY);
        }
        double oee = Double.NaN;
        OeeStatus status = OeeStatus.NO_DATA;
        if (availability != null && performance != null && quality != null) {
            BigInteger product = Exact.product(availability.sumNanoMillis(), performance.sumNanoMillis())
                    .multiply(BigInteger.valueOf(quality.sumNanoMillis()));
            BigInteger weight = Exact.product(availability.weightMillis(), performance.weightMillis())
                    .multiply(BigInteger.valueOf(quality.weightMillis()));
            oee = Exact.divide(product, weight.multiply(NANO_CUBED));
            BigInteger target = weight.multiply(NANO_SQUARED).multiply(BigInteger.valueOf(targetNano));
            status = product.compareTo(target) >= 0 ? OeeStatus.MEETING_TARGET : OeeStatus.BELOW_TARGET;
        }
        return new Rated(new Factors(mean(availability), mean(performance), mean(quality), oee), status);
    }

    private static double mean(StepFacts.@Nullable WeightedSum stated) {
        return stated == null
                ? Double.NaN
                : Exact.divideProducts(stated.sumNanoMillis(), 1, stated.weightMillis(), TelemetryEvent.NANO);
    }
}
