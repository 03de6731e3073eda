package io.processoptimizer.advise;

import io.processoptimizer.emit.Effect.Stretch;
import io.processoptimizer.event.TelemetryEvent;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;

/** Windows that do not overlap, taken together in the order of time. */
final class WindowFold {
    private long fromMillis = TelemetryEvent.ABSENT;
    private long toMillis = TelemetryEvent.ABSENT;
    private int windows;
    private long plannedMillis;

    /** Σ planned time · OEE: the fully productive time. */
    private double productiveMillis;

    /** Mean of the windows' OEE and Σ of the squares around it, as Welford (1962) keeps them. */
    private double meanOee;

    private double squares;

    /** Planned time of the windows whose throughput is known. */
    private long countedMillis;

    private double parts;
    private final TreeSet<String> products = new TreeSet<>();
    private final TreeSet<String> shifts = new TreeSet<>();

    void add(WindowSample sample) {
        if (windows == 0) {
            fromMillis = sample.startMillis();
        }
        toMillis = sample.endMillis();
        windows++;
        plannedMillis += sample.plannedMillis();
        productiveMillis += sample.plannedMillis() * sample.oee();
        double off = sample.oee() - meanOee;
        meanOee += off / windows;
        squares += off * (sample.oee() - meanOee);
        if (!Double.isNaN(sample.throughputPerHour())) {
            countedMillis += sample.plannedMillis();
            parts += sample.plannedMillis() * sample.throughputPerHour();
        }
        for (String product : sample.products()) {
            if (products.size() < WindowSample.MAX_PRODUCTS) {
                products.add(product);
            }
        }
        if (sample.shift() != null && shifts.size() < WindowSample.MAX_PRODUCTS) {
            shifts.add(sample.shift());
        }
    }

    /** End of the last window, epoch milliseconds, or {@link TelemetryEvent#ABSENT} before the first. */
    long toMillis() {
        return toMillis;
    }

    int windows() {
        return windows;
    }

    Stretch stretch() {
        return new Stretch(
                fromMillis,
                toMillis,
                windows,
                windows == 0 ? Double.NaN : productiveMillis / plannedMillis,
                windows < 2 ? Double.NaN : squares / (windows - 1),
                countedMillis == 0 ? Double.NaN : parts / countedMillis,
                List.copyOf(products),
                List.copyOf(shifts));
    }

    void write(DataOutput out) throws IOException {
        out.writeLong(fromMillis);
        out.writeLong(toMillis);
        out.writeInt(windows);
        out.writeLong(plannedMillis);
        out.writeDouble(productiveMillis);
        out.writeDouble(meanOee);
        out.writeDouble(squares);
        out.writeLong(countedMillis);
        out.writeDouble(parts);
        WindowSample.writeNames(products, out);
        WindowSample.writeNames(shifts, out);
    }

    static WindowFold read(DataInput in) throws IOException {
        WindowFold fold = new WindowFold();
        fold.fromMillis = in.readLong();
        fold.toMillis = in.readLong();
        fold.windows = in.readInt();
        fold.plannedMillis = in.readLong();
        fold.productiveMillis = in.readDouble();
        fold.meanOee = in.readDouble();
        fold.squares = in.readDouble();
        fold.countedMillis = in.readLong();
        fold.parts = in.readDouble();
        fold.products.addAll(WindowSample.readNames(in));
        fold.shifts.addAll(WindowSample.readNames(in));
        return fold;
    }
}
