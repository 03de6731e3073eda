package io.processoptimizer.model;

import io.processoptimizer.advise.Feature;
import io.processoptimizer.advise.Features;
import io.processoptimizer.advise.Figure;
import org.jspecify.annotations.Nullable;

/** What is predicted of a process, one horizon ahead. */
public enum Predicted {
    /** OEE, a ratio. Learnt as the difference from the mean of the last windows. */
    EFFICIENCY("efficiency_score", Figure.OEE, Feature.OEE, Feature.OEE_MEAN, null),
    /** Parts per hour. Learnt as the difference from that mean, in parts of what is usual for the process. */
    THROUGHPUT("throughput", Figure.THROUGHPUT, Feature.THROUGHPUT, Feature.THROUGHPUT_MEAN, Feature.THROUGHPUT_USUAL),
    /** Seconds per part. Learnt as throughput is. */
    CYCLE_TIME("cycle_time", Figure.CYCLE_TIME, Feature.CYCLE_TIME, Feature.CYCLE_TIME_MEAN, Feature.CYCLE_TIME_USUAL);

    private final String label;
    private final Figure figure;
    private final Feature last;
    private final Feature mean;
    private final @Nullable Feature scale;

    Predicted(String label, Figure figure, Feature last, Feature mean, @Nullable Feature scale) {
        this.label = label;
        this.figure = figure;
        this.last = last;
        this.mean = mean;
        this.scale = scale;
    }

    /** Its name in replies, files and messages. */
    public String label() {
        return label;
    }

    /** The figure of a later window that is predicted. */
    Figure figure() {
        return figure;
    }

    /** The first baseline: it will be as in the last window. NaN where that does not know it. */
    double last(Features features) {
        return features.get(last);
    }

    /** The second baseline: it will be as in the mean of the last windows. */
    double mean(Features features) {
        return features.get(mean);
    }

    /** What differences are stated in parts of: what is usual for the process, or 1. */
    private double scale(Features features) {
        return scale == null ? 1 : features.get(scale);
    }

    /**
     * How far a value lies from the mean of the last windows, in the measure in which it is learnt and in which errors are stated.
     *
     * @return NaN where a part of it is not known, infinite where a process usually makes nothing
     */
    double distance(double value, Features features) {
        return (value - mean(features)) / scale(features);
    }

    /** The value at that distance, never below 0. */
    double at(double distance, Features features) {
        return Math.max(0, mean(features) + distance * scale(features));
    }
}
