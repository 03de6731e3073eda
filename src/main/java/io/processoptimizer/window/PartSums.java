package io.processoptimizer.window;

import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parts by product and stated ideal cycle; a step makes few kinds in one window, in the order in which they come up. */
final class PartSums {
    /** A step makes few kinds in one window. */
    static final int USUAL_KINDS = 16;

    /** Good, reject, startup reject, rework. */
    private static final int SUMS = 4;

    /**
     * Kinds told apart; a shift makes tens of products. What comes beyond is summed as one kind without an ideal cycle, so that the OEE is
     * null and says why.
     */
    static final int MAX_KINDS = 8192;

    private @Nullable String[] products;
    private long[] idealCycles;
    private long[] sums;
    private int kinds;

    /** @param room for so many kinds, to begin with, ≥ 1 */
    PartSums(int room) {
        products = new @Nullable String[room];
        idealCycles = new long[room];
        sums = new long[room * SUMS];
    }

    void clear() {
        kinds = 0;
    }

    void copyFrom(PartSums other) {
        products = Arrays.copyOf(other.products, other.products.length);
        idealCycles = Arrays.copyOf(other.idealCycles, other.idealCycles.length);
        sums = Arrays.copyOf(other.sums, other.sums.length);
        kinds = other.kinds;
    }

    void add(PartSums other) {
        for (int kind = 0; kind < other.kinds; kind++) {
            int at = kind * SUMS;
            add(
                    other.products[kind],
                    other.idealCycles[kind],
                    other.sums[at],
                    other.sums[at + 1],
                    other.sums[at + 2],
                    other.sums[at + 3]);
        }
    }

    /** Adds parts in a sum of their kind. */
    void add(@Nullable String product, long idealCycle, long good, long reject, long startupReject, long rework) {
        int at = kindOf(product, idealCycle) * SUMS;
        sums[at] += good;
        sums[at + 1] += reject;
        sums[at + 2] += startupReject;
        sums[at + 3] += rework;
    }

    private int kindOf(@Nullable String product, long idealCycle) {
        for (int kind = 0; kind < kinds; kind++) {
            if (idealCycles[kind] == idealCycle && Objects.equals(products[kind], product)) {
                return kind;
            }
        }
        if (kinds == MAX_KINDS) {
            products[kinds - 1] = null;
            idealCycles[kinds - 1] = TelemetryEvent.ABSENT;
            return kinds - 1;
        }
        if (kinds == idealCycles.length) {
            products = Arrays.copyOf(products, kinds * 2);
            idealCycles = Arrays.copyOf(idealCycles, kinds * 2);
            sums = Arrays.copyOf(sums, kinds * 2 * SUMS);
        }
        products[kinds] = product;
        idealCycles[kinds] = idealCycle;
        Arrays.fill(sums, kinds * SUMS, (kinds + 1) * SUMS, 0);
        return kinds++;
    }

    List<StepFacts.PartCounts> counts() {
        StepFacts.PartCounts[] counts = new StepFacts.PartCounts[kinds];
        for (int kind = 0; kind < kinds; kind++) {
            int at = kind * SUMS;
            // Corrections may take back more than the window holds: parts of another window.
            long reject = Math.max(0, sums[at + 1]);
            counts[kind] = new StepFacts.PartCounts(
                    products[kind],
                    idealCycles[kind],
                    Math.max(0, sums[at]),
                    reject,
                    Math.max(0, Math.min(reject, sums[at + 2])),
                    Math.max(0, sums[at + 3]));
        }
        return List.of(counts);
    }

    void write(DataOutput out) throws IOException {
        Wire.writeCount(out, kinds);
        for (int kind = 0; kind < kinds; kind++) {
            Wire.writeName(out, products[kind]);
            out.writeLong(idealCycles[kind]);
            for (int i = 0; i < SUMS; i++) {
                Wire.writeNumber(out, sums[kind * SUMS + i]);
            }
        }
    }

    void read(DataInput in) throws IOException {
        int count = Wire.readCount(in);
        if (count > MAX_KINDS) {
            throw new IOException(
                    count + " kinds of parts in the snapshot, more than " + MAX_KINDS + ": it is damaged");
        }
        int room = Math.max(USUAL_KINDS, count);
        products = new @Nullable String[room];
        idealCycles = new long[room];
        sums = new long[room * SUMS];
        kinds = count;
        for (int kind = 0; kind < count; kind++) {
            products[kind] = Wire.readName(in);
            idealCycles[kind] = in.readLong();
            for (int i = 0; i < SUMS; i++) {
                sums[kind * SUMS + i] = Wire.readNumber(in);
            }
        }
    }
}
