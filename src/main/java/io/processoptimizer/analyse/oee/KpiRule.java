package io.processoptimizer.analyse.oee;

import io.processoptimizer.event.TelemetryEvent;

/** Key figures beside OEE, after ISO 22400-2. */
final class KpiRule {
    private static final long MILLIS_PER_HOUR = 3_600_000;
    private static final long MILLIS_PER_SECOND = 1_000;

    private KpiRule() {}

    /**
     * @param basis what times, cycle and effectiveness are taken from
     * @param output what scrap, rework and throughput are taken from
     * @param throughputPerHour parts per hour, or NaN
     * @param withTimes false where no state was ever reported and a record stated the factors: then no time is a figure
     */
    static Kpis of(Sums basis, Sums output, double throughputPerHour, boolean withTimes) {
        boolean hasIdeal = basis.hasIdeal();
        boolean hasOee = hasIdeal && basis.planned() > 0 && withTimes;
        return new Kpis(
                hasOee ? nee(basis) : Double.NaN,
                Exact.divide(basis.running, basis.running + basis.down()),
                Exact.divide(basis.setup, basis.running + basis.setup),
                Exact.divide(basis.running, basis.active()),
                withTimes ? Exact.divide(basis.active(), basis.planned()) : Double.NaN,
                Exact.divide(output.reject, output.processed()),
                Exact.divide(output.rework, output.processed()),
                Exact.divide(output.good, output.processed()),
                basis.failures,
                Exact.divide(basis.running + basis.setup, basis.failures * MILLIS_PER_SECOND),
                Exact.divide(basis.down(), basis.failures * MILLIS_PER_SECOND),
                hasOee ? Exact.divide(basis.idealGood, Sums.micros(basis.calendar)) : Double.NaN,
                throughputPerHour,
                basis.running > 0 ? cycleSeconds(basis) : Double.NaN,
                hasIdeal && withTimes ? basis.idealGood : TelemetryEvent.ABSENT);
    }

    /** PQ / window, parts per hour. */
    static double throughputPerHour(Sums output, long windowMillis) {
        return Exact.divideProducts(output.processed(), MILLIS_PER_HOUR, windowMillis, 1);
    }

    /** APT / PQ, seconds. */
    static double cycleSeconds(Sums sums) {
        return Exact.divideProducts(sums.running, 1, sums.processed(), MILLIS_PER_SECOND);
    }

    /** (APT+AUST)/PBT · P · Q, in which the parts processed cancel out: one division is left. */
    private static double nee(Sums sums) {
        return Exact.divideProducts(
                sums.running + sums.setup, sums.idealGood, Sums.micros(sums.planned()), sums.running);
    }
}
