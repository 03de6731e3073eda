package io.processoptimizer.local.cloudwatch;

import io.processoptimizer.local.wire.ServiceError;
import java.util.Locale;

/**
 * A statistic as it is asked for.
 *
 * @param name as the client wrote it
 * @param kind what is computed
 * @param percent 0 to 100 for a percentile, else 0
 */
record Statistic(String name, Kind kind, double percent) {
    enum Kind {
        AVERAGE,
        SUM,
        MINIMUM,
        MAXIMUM,
        SAMPLE_COUNT,
        PERCENTILE
    }

    /** Reads the name of a statistic, {@code p99.9} for a percentile. */
    static Statistic of(String name) {
        return switch (name) {
            case "Average" -> new Statistic(name, Kind.AVERAGE, 0);
            case "Sum" -> new Statistic(name, Kind.SUM, 0);
            case "Minimum" -> new Statistic(name, Kind.MINIMUM, 0);
            case "Maximum" -> new Statistic(name, Kind.MAXIMUM, 0);
            case "SampleCount" -> new Statistic(name, Kind.SAMPLE_COUNT, 0);
            default -> percentile(name);
        };
    }

    private static Statistic percentile(String name) {
        if (name.toLowerCase(Locale.ROOT).matches("p(100|[0-9]{1,2}(\\.[0-9]{1,10})?)")) {
            return new Statistic(name, Kind.PERCENTILE, Double.parseDouble(name.substring(1)));
        }
        throw ServiceError.of(
                "InvalidParameterValueException",
                "InvalidParameterValue",
                "The statistic " + name
                        + " is not served here; use Average, Sum, Minimum, Maximum, SampleCount or a percentile (p99)");
    }
}
