package io.processoptimizer.local.cloudwatch;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** All data points, by metric, second and unit; the oldest written are forgotten when there are too many. Thread safe. */
final class MetricStore {
    /** Some 150 bytes each: at most 50 MB. A hundred processes with four metrics a minute fill it in eight hours. */
    static final int MAX_POINTS = 200_000;

    private final Map<MetricId, Series> series = new LinkedHashMap<>();
    private final Deque<PointKey> oldestFirst = new ArrayDeque<>();

    /** Points of one metric by second, and per second by unit. */
    private static final class Series {
        private final NavigableMap<Long, Map<String, StatisticSet>> points = new TreeMap<>();
        private Instant lastWrite = Instant.EPOCH;
    }

    private record PointKey(MetricId metric, long second, String unit) {}

    /** Where values of a metric, a second and a unit are to be added. */
    synchronized void add(MetricId metric, long second, String unit, Instant now, Addition addition) {
        Series of = series.computeIfAbsent(metric, id -> new Series());
        of.lastWrite = now;
        Map<String, StatisticSet> units = of.points.computeIfAbsent(second, at -> new HashMap<>());
        StatisticSet point = units.get(unit);
        if (point == null) {
            point = new StatisticSet();
            units.put(unit, point);
            oldestFirst.add(new PointKey(metric, second, unit));
        }
        addition.to(point);
        while (oldestFirst.size() > MAX_POINTS) {
            forget(oldestFirst.remove());
        }
    }

    /** Adds values to a point. */
    @FunctionalInterface
    interface Addition {
        void to(StatisticSet point);
    }

    private void forget(PointKey key) {
        Series of = Objects.requireNonNull(series.get(key.metric()));
        Map<String, StatisticSet> units = Objects.requireNonNull(of.points.get(key.second()));
        units.remove(key.unit());
        if (units.isEmpty()) {
            of.points.remove(key.second());
        }
        if (of.points.isEmpty()) {
            series.remove(key.metric());
        }
    }

    /** The metrics written at or after a moment, in the order of their first write. */
    synchronized List<MetricId> metrics(Instant writtenSince) {
        return series.entrySet().stream()
                .filter(entry -> !entry.getValue().lastWrite.isBefore(writtenSince))
                .map(Map.Entry::getKey)
                .toList();
    }

    /**
     * The statistics of a metric in {@code [start, end)}, by the start of their period in epoch seconds and by unit.
     *
     * @param unit only values of this unit, or null for all
     */
    synchronized NavigableMap<Long, Map<String, StatisticSet>> read(
            MetricId metric, Instant start, Instant end, Duration period, @Nullable String unit) {
        NavigableMap<Long, Map<String, StatisticSet>> answer = new TreeMap<>();
        Optional<Series> of = Optional.ofNullable(series.get(metric));
        if (of.isEmpty() || !start.isBefore(end)) {
            return answer;
        }
        long seconds = period.toSeconds();
        long from = Math.floorDiv(start.getEpochSecond(), seconds) * seconds;
        of.get().points.subMap(from, end.getEpochSecond()).forEach((second, units) -> {
            long periodStart = Math.floorDiv(second, seconds) * seconds;
            units.forEach((name, values) -> {
                if (unit == null || unit.equals(name)) {
                    answer.computeIfAbsent(periodStart, at -> new TreeMap<>())
                            .computeIfAbsent(name, missing -> new StatisticSet())
                            .addAll(values);
                }
            });
        });
        return answer;
    }
}
