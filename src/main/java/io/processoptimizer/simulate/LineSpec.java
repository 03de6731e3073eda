package io.processoptimizer.simulate;

import java.util.ArrayList;
import java.util.List;

/**
 * A simulated serial line: stations in line order, the products it makes in turn, its breaks.
 *
 * @param processId process id and partition key of its telemetry
 * @param steps stations in line order, 1 to {@value #MAX_STEPS}
 * @param products made one after the other, over and over; at least one
 * @param batchParts parts started per batch before the next product follows, at least 1
 * @param firstBatchParts parts of the first batch, 1 to {@code batchParts}: lines of one plant do not change over together
 * @param breaks planned stops of the whole line
 */
public record LineSpec(
        String processId,
        List<StepSpec> steps,
        List<Product> products,
        int batchParts,
        int firstBatchParts,
        Breaks breaks) {

    /** Bound on the stations of a line: events are merged by a scan over them. */
    public static final int MAX_STEPS = 64;

    /** Bound on the products of a line: a product travels in 16 bits of a queued event. */
    public static final int MAX_PRODUCTS = 1_000;

    public LineSpec {
        steps = List.copyOf(steps);
        products = List.copyOf(products);
        if (processId.isBlank()) {
            throw new IllegalArgumentException("processId is blank; name the line");
        }
        if (steps.isEmpty() || steps.size() > MAX_STEPS) {
            throw new IllegalArgumentException(
                    "line " + processId + " has " + steps.size() + " steps; use 1 to " + MAX_STEPS);
        }
        if (steps.stream().map(StepSpec::id).distinct().count() != steps.size()) {
            throw new IllegalArgumentException("line " + processId + " names a step twice; step ids must differ");
        }
        if (products.isEmpty() || products.size() > MAX_PRODUCTS) {
            throw new IllegalArgumentException(
                    "line " + processId + " has " + products.size() + " products; use 1 to " + MAX_PRODUCTS);
        }
        if (batchParts < 1 || firstBatchParts < 1 || firstBatchParts > batchParts) {
            throw new IllegalArgumentException("batches of line " + processId + " are " + firstBatchParts + " then "
                    + batchParts + " parts; use at least 1, and a first batch no larger than the others");
        }
    }

    /** The same line with the processing times of one station multiplied by {@code factor}, which is above 0. */
    public LineSpec withCycleScaled(int step, double factor) {
        List<StepSpec> scaled = new ArrayList<>(steps);
        scaled.set(step, steps.get(step).withCycleScaled(factor));
        return new LineSpec(processId, scaled, products, batchParts, firstBatchParts, breaks);
    }

    /** Ideal time per part in microseconds of a product (by its index) at a station (by its index). */
    public long idealMicros(int step, int product) {
        double micros =
                steps.get(step).cycle().idealMicros() * products.get(product).cycleFactor();
        return Math.max(1, Math.round(micros));
    }

    /**
     * A product.
     *
     * @param id product id as it appears in the telemetry
     * @param cycleFactor multiplies the ideal time per part of every station, above 0
     */
    public record Product(String id, double cycleFactor) {

        public Product {
            if (id.isBlank()) {
                throw new IllegalArgumentException("product id is blank; name the product");
            }
            if (!(cycleFactor > 0) || cycleFactor > 1_000) {
                throw new IllegalArgumentException(
                        "cycleFactor of " + id + " is " + cycleFactor + "; use a number above 0, at most 1000");
            }
        }
    }

    /**
     * Periodic planned stops. Everything on the line stands still in a break, repairs included, and goes on where it was.
     * Times are milliseconds since the line's start; intervals are half open.
     *
     * @param firstMillis start of the first break, at least 1
     * @param everyMillis from the start of a break to the start of the next, longer than a break
     * @param lengthMillis length of a break; 0 for none at all
     */
    public record Breaks(long firstMillis, long everyMillis, long lengthMillis) {

        /** No breaks. */
        public static final Breaks NONE = new Breaks(1, 1, 0);

        public Breaks {
            if (firstMillis < 1 || lengthMillis < 0 || everyMillis <= lengthMillis) {
                throw new IllegalArgumentException(
                        "breaks of " + lengthMillis + " ms every " + everyMillis + " ms from " + firstMillis
                                + " ms on; use a first of at least 1 and a period longer than a break");
            }
        }

        /** Start of the break with this index (from 0), or {@link Long#MAX_VALUE} where there are none. */
        long start(long index) {
            return lengthMillis == 0 ? Long.MAX_VALUE : firstMillis + index * everyMillis;
        }

        /** Milliseconds since the start at which {@code worked} milliseconds outside breaks have passed. */
        long elapsed(long worked) {
            if (lengthMillis == 0 || worked < firstMillis) {
                return worked;
            }
            long breaksPassed = (worked - firstMillis) / (everyMillis - lengthMillis) + 1;
            return worked + breaksPassed * lengthMillis;
        }

        /** Milliseconds outside breaks within the first {@code elapsed} milliseconds. */
        long worked(long elapsed) {
            if (lengthMillis == 0 || elapsed <= firstMillis) {
                return elapsed;
            }
            long periods = (elapsed - firstMillis) / everyMillis;
            long into = (elapsed - firstMillis) % everyMillis;
            return firstMillis + periods * (everyMillis - lengthMillis) + Math.max(0, into - lengthMillis);
        }
    }
}
