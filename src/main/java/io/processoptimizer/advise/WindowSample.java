package io.processoptimizer.advise;

import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Calendar;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How one window went.
 *
 * @param startMillis start, inclusive, epoch milliseconds
 * @param endMillis end, exclusive
 * @param plannedMillis planned time, > 0
 * @param oee of the process, not NaN
 * @param throughputPerHour parts per hour; NaN where not known
 * @param products that the output step made, in natural order
 * @param shift that it began in; null where the calendar has none then
 */
record WindowSample(
        long startMillis,
        long endMillis,
        long plannedMillis,
        double oee,
        double throughputPerHour,
        List<String> products,
        @Nullable String shift) {
    /** Products that are told apart: more of them in one window are no steady production. */
    static final int MAX_PRODUCTS = 16;

    static WindowSample of(WindowResult result, WindowFacts facts) {
        ProcessOee process = result.analysis().process();
        return new WindowSample(
                result.startMillis(),
                result.endMillis(),
                process.times().plannedMillis(),
                process.factors().oee(),
                process.kpis().throughputPerHour(),
                products(facts, process.outputStep()),
                shift(result.startMillis(), facts.definition().calendar()));
    }

    private static @Nullable String shift(long startMillis, @Nullable Calendar calendar) {
        Calendar.Span shift = calendar == null ? null : calendar.containing(Calendar.Period.SHIFT, startMillis);
        return shift == null ? null : shift.shift();
    }

    private static List<String> products(WindowFacts facts, @Nullable String outputStep) {
        TreeSet<String> products = new TreeSet<>();
        for (StepFacts step : facts.steps()) {
            if (step.stepId().equals(outputStep)) {
                for (StepFacts.PartCounts parts : step.parts()) {
                    String product = parts.product();
                    if (product != null && parts.processed() > 0) {
                        products.add(product);
                    }
                }
            }
        }
        return products.stream().limit(MAX_PRODUCTS).toList();
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(startMillis);
        out.writeLong(endMillis);
        out.writeLong(plannedMillis);
        out.writeDouble(oee);
        out.writeDouble(throughputPerHour);
        writeNames(products, out);
        writeNames(shift == null ? List.of() : List.of(shift), out);
    }

    static WindowSample read(DataInput in) throws IOException {
        return new WindowSample(
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readDouble(),
                in.readDouble(),
                readNames(in),
                readNames(in).stream().findFirst().orElse(null));
    }

    static void writeNames(Collection<String> names, DataOutput out) throws IOException {
        out.writeByte(names.size());
        for (String name : names) {
            out.writeUTF(name);
        }
    }

    static List<String> readNames(DataInput in) throws IOException {
        List<String> names = new ArrayList<>();
        for (int left = in.readByte(); left > 0; left--) {
            names.add(in.readUTF());
        }
        return List.copyOf(names);
    }
}
