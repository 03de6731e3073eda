package io.processoptimizer.local.cloudwatch;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The running statistics of the values of one metric and unit in one span of time. Not thread safe. */
final class StatisticSet {
    /** Percentiles are exact up to this many distinct values; beyond, values count for the nearest one already known. */
    private static final int MAX_DISTINCT_VALUES = 1_000;

    private static final double HUNDRED = 100;

    private final NavigableMap<Double, Double> counts = new TreeMap<>();
    private double sampleCount;
    private double sum;
    private double minimum = Double.POSITIVE_INFINITY;
    private double maximum = Double.NEGATIVE_INFINITY;

    /** Adds a value that was seen {@code count} times. */
    void add(double value, double count) {
        addSummary(count, value * count, value, value);
        addToDistribution(value, count);
    }

    /** Adds values of which only the summary is known; percentiles then stand on minimum and maximum alone. */
    void addSummary(double count, double total, double least, double greatest) {
        sampleCount += count;
        sum += total;
        minimum = Math.min(minimum, least);
        maximum = Math.max(maximum, greatest);
    }

    /** Adds all that another has. */
    void addAll(StatisticSet other) {
        addSummary(other.sampleCount, other.sum, other.minimum, other.maximum);
        for (Map.Entry<Double, Double> entry : other.counts.entrySet()) {
            addToDistribution(entry.getKey(), entry.getValue());
        }
    }

    private void addToDistribution(double value, double count) {
        if (counts.size() < MAX_DISTINCT_VALUES || counts.containsKey(value)) {
            counts.merge(value, count, Double::sum);
            return;
        }
        Double below = counts.floorKey(value);
        counts.merge(below == null ? counts.firstKey() : below, count, Double::sum);
    }

    /** The value of a statistic over what was added; at least one value must have been. */
    double value(Statistic statistic) {
        return switch (statistic.kind()) {
            case AVERAGE -> sum / sampleCount;
            case SUM -> sum;
            case MINIMUM -> minimum;
            case MAXIMUM -> maximum;
            case SAMPLE_COUNT -> sampleCount;
            case PERCENTILE -> percentile(statistic.percent());
        };
    }

    private double percentile(double percent) {
        double known = counts.values().stream().mapToDouble(Double::doubleValue).sum();
        double wanted = known * percent / HUNDRED;
        double seen = 0;
        for (Map.Entry<Double, Double> entry : counts.entrySet()) {
            seen += entry.getValue();
            if (seen >= wanted) {
                return entry.getKey();
            }
        }
        return maximum;
    }
}
