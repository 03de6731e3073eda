package io.processoptimizer.local.cloudwatch;

import io.processoptimizer.local.wire.Input;
import io.processoptimizer.local.wire.Service;
import io.processoptimizer.local.wire.ServiceError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** CloudWatch as a service of four operations; here is the one that writes. Thread safe. */
public final class CloudWatch {
    /** The service's own limits of PutMetricData. */
    private static final int MAX_DATA = 1_000;

    private static final int MAX_VALUES = 150;
    private static final int MAX_DIMENSIONS = 30;
    private static final int MAX_NAME = 255;
    private static final int MAX_DIMENSION_VALUE = 1_024;
    private static final Duration OLDEST = Duration.ofDays(14);
    private static final Duration NEWEST = Duration.ofHours(2);
    private static final double LARGEST = Math.pow(2, 360);

    private static final int SECONDS_A_MINUTE = 60;

    private static final Set<String> UNITS = Set.of(
            "Seconds",
            "Microseconds",
            "Milliseconds",
            "Bytes",
            "Kilobytes",
            "Megabytes",
            "Gigabytes",
            "Terabytes",
            "Bits",
            "Kilobits",
            "Megabits",
            "Gigabits",
            "Terabits",
            "Percent",
            "Count",
            "Bytes/Second",
            "Kilobytes/Second",
            "Megabytes/Second",
            "Gigabytes/Second",
            "Terabytes/Second",
            "Bits/Second",
            "Kilobits/Second",
            "Megabits/Second",
            "Gigabits/Second",
            "Terabits/Second",
            "Count/Second",
            "None");

    private final MetricStore store = new MetricStore();
    private final InstantSource clock;

    private CloudWatch(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The service without metrics.
     *
     * @param clock what the age of data points is judged by
     */
    public static Service service(InstantSource clock) {
        CloudWatch cloudWatch = new CloudWatch(clock);
        MetricReads reads = new MetricReads(cloudWatch.store, clock);
        return new Service(
                "CloudWatch",
                "GraniteServiceVersion20100801",
                "com.amazonaws.cloudwatch",
                "2010-08-01",
                "http://monitoring.amazonaws.com/doc/2010-08-01/",
                member -> ServiceError.of(
                        "MissingRequiredParameterException",
                        "MissingParameter",
                        "The parameter " + member + " is required."),
                Map.of(
                        "PutMetricData", cloudWatch::putMetricData,
                        "ListMetrics", reads::listMetrics,
                        "GetMetricStatistics", reads::getMetricStatistics,
                        "GetMetricData", reads::getMetricData));
    }

    /** All or nothing: every datum is checked before the first is stored. */
    private Map<String, Object> putMetricData(Input input) {
        Instant now = clock.instant();
        String namespace = input.text("Namespace");
        if (namespace.isEmpty() || namespace.length() > MAX_NAME || namespace.startsWith("AWS/")) {
            throw badValue("The value " + namespace
                    + " for parameter Namespace is invalid: 1 to 255 characters that do not begin with AWS/");
        }
        List<Input> data = input.structures("MetricData");
        if (data.isEmpty()) {
            throw badValue("MetricData is empty; give at least one datum");
        }
        if (data.size() > MAX_DATA) {
            throw badValue("MetricData has " + data.size() + " data, at most " + MAX_DATA + " are taken at once");
        }
        List<Runnable> writes = new ArrayList<>();
        for (Input datum : data) {
            writes.add(write(namespace, datum, now));
        }
        writes.forEach(Runnable::run);
        return Map.of();
    }

    private Runnable write(String namespace, Input datum, Instant now) {
        MetricId metric = metric(datum, namespace);
        Instant at = datum.timestamp("Timestamp").orElse(now);
        if (at.isBefore(now.minus(OLDEST)) || at.isAfter(now.plus(NEWEST))) {
            throw badValue("The Timestamp " + at + " of " + metric.name()
                    + " is invalid: at most two weeks before and two hours after now (" + now + ")");
        }
        String unit = datum.optionalText("Unit").orElse("None");
        if (!UNITS.contains(unit)) {
            throw badValue("The Unit " + unit + " of " + metric.name() + " is none of " + UNITS);
        }
        boolean bySecond = datum.number("StorageResolution").orElse(SECONDS_A_MINUTE) == 1;
        long second = at.getEpochSecond();
        long stored = bySecond ? second : Math.floorDiv(second, SECONDS_A_MINUTE) * SECONDS_A_MINUTE;
        MetricStore.Addition values = values(metric, datum);
        return () -> store.add(metric, stored, unit, now, values);
    }

    private static MetricStore.Addition values(MetricId metric, Input datum) {
        if (datum.number("Value").isPresent()) {
            double value = checked(metric, datum.requiredNumber("Value"));
            return point -> point.add(value, 1);
        }
        if (datum.structure("StatisticValues").isPresent()) {
            Input set = datum.requiredStructure("StatisticValues");
            double count = checked(metric, set.requiredNumber("SampleCount"));
            double sum = checked(metric, set.requiredNumber("Sum"));
            double least = checked(metric, set.requiredNumber("Minimum"));
            double greatest = checked(metric, set.requiredNumber("Maximum"));
            if (count <= 0) {
                throw badValue("The SampleCount " + count + " of " + metric.name() + " must be greater than 0");
            }
            return point -> point.addSummary(count, sum, least, greatest);
        }
        List<Double> values = datum.numbers("Values");
        List<Double> counts = datum.numbers("Counts");
        if (values.isEmpty() || values.size() > MAX_VALUES || (!counts.isEmpty() && counts.size() != values.size())) {
            throw badCombination("The datum of " + metric.name() + " must have a Value, StatisticValues, or 1 to "
                    + MAX_VALUES + " Values with as many Counts or none");
        }
        values.forEach(value -> checked(metric, value));
        return point -> {
            for (int i = 0; i < values.size(); i++) {
                point.add(values.get(i), counts.isEmpty() ? 1 : counts.get(i));
            }
        };
    }

    private static double checked(MetricId metric, double value) {
        if (Double.isNaN(value) || Math.abs(value) > LARGEST) {
            throw badValue("The value " + value + " of " + metric.name()
                    + " is invalid: a number between -2^360 and 2^360 is wanted, no NaN or infinity");
        }
        return value;
    }

    static MetricId metric(Input input, String namespace) {
        String name = input.text("MetricName");
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw badValue("The MetricName " + name + " must have 1 to " + MAX_NAME + " characters");
        }
        SortedMap<String, String> dimensions = new TreeMap<>();
        for (Input dimension : input.structures("Dimensions")) {
            String key = dimension.text("Name");
            String value = dimension.text("Value");
            if (key.isEmpty() || key.length() > MAX_NAME || value.isEmpty() || value.length() > MAX_DIMENSION_VALUE) {
                throw badValue("The dimension " + key + "=" + value + " of " + name
                        + " must have a name of 1 to 255 and a value of 1 to 1024 characters");
            }
            if (dimensions.put(key, value) != null) {
                throw badValue(name + " has the dimension " + key + " twice");
            }
        }
        if (dimensions.size() > MAX_DIMENSIONS) {
            throw badValue(name + " has " + dimensions.size() + " dimensions, at most " + MAX_DIMENSIONS);
        }
        return new MetricId(namespace, name, dimensions);
    }

    static ServiceError badValue(String message) {
        return ServiceError.of("InvalidParameterValueException", "InvalidParameterValue", message);
    }

    static ServiceError badCombination(String message) {
        return ServiceError.of("InvalidParameterCombinationException", "InvalidParameterCombination", message);
    }
}
