package io.processoptimizer.advise;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;

/** The {@link Feature}s of one window of one process. Immutable. */
@SuppressWarnings("EnumOrdinal") // an array of doubles in memory: a million of them are held in training
public final class Features {
    private static final Feature[] ALL = Feature.values();

    private final double[] values;

    private Features(double[] values) {
        this.values = values;
    }

    /** @param values gives each; NaN where it is not known */
    public static Features of(ToDoubleFunction<Feature> values) {
        return new Features(Arrays.stream(ALL).mapToDouble(values).toArray());
    }

    /** @param trend of the process, the window included */
    public static Features of(WindowFigures now, Trend trend) {
        return of(feature -> feature.of(now, trend));
    }

    /** NaN where it is not known. */
    public double get(Feature feature) {
        return values[feature.ordinal()];
    }

    /** The same but for one. */
    public Features with(Feature feature, double value) {
        double[] changed = values.clone();
        changed[feature.ordinal()] = value;
        return new Features(changed);
    }
}
