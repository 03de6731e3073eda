package io.processoptimizer.analyse.bottleneck;

import io.processoptimizer.analyse.oee.Exact;
import io.processoptimizer.analyse.oee.Ratio;
import io.processoptimizer.analyse.oee.StepOee;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How evenly the steps are used. Averages are of exact ratios, divided once. */
public final class ResourceUse {
    private ResourceUse() {}

    public static Resources of(List<StepOee> steps) {
        @Nullable StepOee least = null;
        @Nullable StepOee most = null;
        int known = 0;
        for (StepOee step : steps) {
            if (!step.utilization().isKnown()) {
                continue;
            }
            known++;
            if (least == null || step.utilization().compare(least.utilization()) < 0) {
                least = step;
            }
            if (most == null || step.utilization().compare(most.utilization()) > 0) {
                most = step;
            }
        }
        if (least == null || most == null) {
            return Resources.NONE;
        }
        return new Resources(
                average(steps, known),
                least.utilization().value(),
                most.utilization().value(),
                difference(most.utilization(), least.utilization()),
                least.stepId(),
                most.stepId());
    }

    private static double average(List<StepOee> steps, int known) {
        long common = 0;
        long sum = 0;
        boolean addable = true;
        for (StepOee step : steps) {
            Ratio utilization = step.utilization();
            if (utilization.isKnown()) {
                addable &= common == 0 || common == utilization.denominator();
                common = utilization.denominator();
                long next = sum + utilization.numerator();
                addable &= next >= sum;
                sum = next;
            }
        }
        // The usual case: all steps are measured over the same time, so numerators just add up.
        if (addable) {
            return Exact.divideProducts(sum, 1, common, known);
        }
        BigInteger numerator = BigInteger.ZERO;
        BigInteger denominator = BigInteger.ONE;
        for (StepOee step : steps) {
            Ratio utilization = step.utilization();
            if (utilization.isKnown()) {
                BigInteger own = BigInteger.valueOf(utilization.denominator());
                numerator = numerator
                        .multiply(own)
                        .add(BigInteger.valueOf(utilization.numerator()).multiply(denominator));
                denominator = denominator.multiply(own);
            }
        }
        return Exact.divide(numerator, denominator.multiply(BigInteger.valueOf(known)));
    }

    private static double difference(Ratio a, Ratio b) {
        if (a.denominator() == b.denominator()) {
            return Exact.divide(a.numerator() - b.numerator(), a.denominator());
        }
        return Exact.divide(
                Exact.product(a.numerator(), b.denominator()).subtract(Exact.product(b.numerator(), a.denominator())),
                Exact.product(a.denominator(), b.denominator()));
    }
}
