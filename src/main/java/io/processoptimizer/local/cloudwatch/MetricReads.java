package io.processoptimizer.local.cloudwatch;

import io.processoptimizer.local.wire.Input;
import io.processoptimizer.local.wire.ServiceError;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;

/** The calls that read metrics. */
final class MetricReads {
    /** The service's own: GetMetricStatistics returns at most so many points. */
    private static final int MAX_DATAPOINTS = 1_440;

    /** The service's own: GetMetricData returns at most so many points and takes so many queries. */
    private static final int MAX_DATA_VALUES = 100_800;

    private static final int MAX_QUERIES = 500;

    /** The service's own page of ListMetrics. */
    private static final int METRICS_PAGE = 500;

    /** What {@code RecentlyActive=PT3H} means. */
    private static final Duration RECENT = Duration.ofHours(3);

    private final MetricStore store;
    private final InstantSource clock;

    MetricReads(MetricStore store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
    }

    Map<String, Object> listMetrics(Input input) {
        boolean recent = input.optionalText("RecentlyActive").isPresent();
        List<MetricId> all = store.metrics(recent ? clock.instant().minus(RECENT) : Instant.EPOCH);
        List<MetricId> found =
                all.stream().filter(metric -> isAskedFor(metric, input)).toList();
        int from = input.optionalText("NextToken").map(MetricReads::position).orElse(0);
        int to = Math.min(found.size(), from + METRICS_PAGE);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(
                "Metrics",
                found.subList(Math.min(from, to), to).stream()
                        .map(MetricReads::describe)
                        .toList());
        if (to < found.size()) {
            answer.put("NextToken", Integer.toString(to));
        }
        return answer;
    }

    private static int position(String token) {
        try {
            return Integer.parseUnsignedInt(token);
        } catch (NumberFormatException e) {
            throw ServiceError.of("InvalidNextToken", "NextToken (" + token + ") is none that ListMetrics returned");
        }
    }

    private static boolean isAskedFor(MetricId metric, Input input) {
        return input.optionalText("Namespace").map(metric.namespace()::equals).orElse(true)
                && input.optionalText("MetricName").map(metric.name()::equals).orElse(true)
                && input.structures("Dimensions").stream().allMatch(filter -> {
                    String value = metric.dimensions().get(filter.text("Name"));
                    return value != null
                            && filter.optionalText("Value").map(value::equals).orElse(true);
                });
    }

    private static Map<String, Object> describe(MetricId metric) {
        List<Map<String, Object>> dimensions = metric.dimensions().entrySet().stream()
                .map(entry -> Map.<String, Object>of("Name", entry.getKey(), "Value", entry.getValue()))
                .toList();
        return Map.of("Namespace", metric.namespace(), "MetricName", metric.name(), "Dimensions", dimensions);
    }

    Map<String, Object> getMetricStatistics(Input input) {
        List<Statistic> statistics = new ArrayList<>();
        input.texts("Statistics").forEach(name -> statistics.add(Statistic.of(name)));
        input.texts("ExtendedStatistics").forEach(name -> statistics.add(Statistic.of(name)));
        if (statistics.isEmpty()) {
            throw CloudWatch.badCombination("At least one of Statistics and ExtendedStatistics must be given");
        }
        Duration period = period(input);
        NavigableMap<Long, Map<String, StatisticSet>> points =
                read(CloudWatch.metric(input, input.text("Namespace")), input, period, input);
        List<Map<String, Object>> datapoints = new ArrayList<>();
        points.forEach((second, units) -> units.forEach((unit, values) -> {
            Map<String, Object> datapoint = new LinkedHashMap<>();
            datapoint.put("Timestamp", Instant.ofEpochSecond(second));
            datapoint.put("Unit", unit);
            Map<String, Object> extended = new LinkedHashMap<>();
            for (Statistic statistic : statistics) {
                (statistic.kind() == Statistic.Kind.PERCENTILE ? extended : datapoint)
                        .put(statistic.name(), values.value(statistic));
            }
            if (!extended.isEmpty()) {
                datapoint.put("ExtendedStatistics", extended);
            }
            datapoints.add(datapoint);
        }));
        if (datapoints.size() > MAX_DATAPOINTS) {
            throw CloudWatch.badCombination("You have requested up to " + datapoints.size()
                    + " datapoints, which exceeds the limit of " + MAX_DATAPOINTS
                    + ". You may reduce the datapoints requested by increasing Period, or decreasing the time range.");
        }
        return Map.of("Label", input.text("MetricName"), "Datapoints", datapoints);
    }

    Map<String, Object> getMetricData(Input input) {
        List<Input> queries = input.structures("MetricDataQueries");
        if (queries.isEmpty() || queries.size() > MAX_QUERIES) {
            throw CloudWatch.badValue("MetricDataQueries has " + queries.size() + " queries; give 1 to " + MAX_QUERIES);
        }
        boolean ascending =
                input.optionalText("ScanBy").map("TimestampAscending"::equals).orElse(false);
        Set<String> ids = new HashSet<>();
        List<Map<String, Object>> results = new ArrayList<>();
        int values = 0;
        for (Input query : queries) {
            String id = query.text("Id");
            if (!ids.add(id)) {
                throw CloudWatch.badValue("MetricDataQueries has the Id " + id + " twice");
            }
            Input stat = query.structure("MetricStat")
                    .orElseThrow(() -> CloudWatch.badValue(
                            "The query " + id + " has no MetricStat; metric math is not served here"));
            NavigableMap<Long, Double> points = points(stat, input);
            values += points.size();
            if (query.optionalText("ReturnData").map(Boolean::parseBoolean).orElse(true)) {
                results.add(result(id, query, stat, ascending ? points : points.descendingMap()));
            }
        }
        if (values > MAX_DATA_VALUES) {
            throw CloudWatch.badValue("The queries have " + values + " data points, at most " + MAX_DATA_VALUES
                    + " are returned; ask for a shorter time or a longer period");
        }
        return Map.of("MetricDataResults", results, "Messages", List.of());
    }

    private NavigableMap<Long, Double> points(Input stat, Input times) {
        Statistic statistic = Statistic.of(stat.text("Stat"));
        Input metric = stat.requiredStructure("Metric");
        NavigableMap<Long, Double> points = new TreeMap<>();
        read(CloudWatch.metric(metric, metric.text("Namespace")), times, period(stat), stat)
                .forEach((second, units) -> {
                    StatisticSet all = new StatisticSet();
                    units.values().forEach(all::addAll);
                    points.put(second, all.value(statistic));
                });
        return points;
    }

    private static Map<String, Object> result(String id, Input query, Input stat, NavigableMap<Long, Double> inOrder) {
        String name = stat.requiredStructure("Metric").text("MetricName");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("Id", id);
        result.put("Label", query.optionalText("Label").orElse(name));
        result.put(
                "Timestamps",
                inOrder.keySet().stream().map(Instant::ofEpochSecond).toList());
        result.put("Values", List.copyOf(inOrder.values()));
        result.put("StatusCode", "Complete");
        result.put("Messages", Collections.emptyList());
        return result;
    }

    private NavigableMap<Long, Map<String, StatisticSet>> read(
            MetricId metric, Input times, Duration period, Input unit) {
        Instant start = times.requiredTimestamp("StartTime");
        Instant end = times.requiredTimestamp("EndTime");
        if (!start.isBefore(end)) {
            throw CloudWatch.badValue("StartTime (" + start + ") must be before EndTime (" + end + ")");
        }
        return store.read(metric, start, end, period, unit.optionalText("Unit").orElse(null));
    }

    private static Duration period(Input input) {
        double seconds = input.requiredNumber("Period");
        boolean valid = seconds == 1
                || seconds == 5
                || seconds == 10
                || seconds == 20
                || seconds == 30
                || (seconds >= 60 && seconds % 60 == 0 && seconds <= Integer.MAX_VALUE);
        if (!valid) {
            throw CloudWatch.badValue("Period (" + seconds + ") must be 1, 5, 10, 20, 30 or a multiple of 60 seconds");
        }
        return Duration.ofSeconds((long) seconds);
    }
}
