package io.processoptimizer.local.cloudwatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MetricStoreTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final MetricStore store = new MetricStore();

    @Test
    void pointsOfOnePeriodAreOneAndUnitsStayApart() {
        add("m", 0, "Count", 1);
        add("m", 60, "Count", 3);
        add("m", 60, "Percent", 50);
        add("m", 300, "Count", 9);

        var found = store.read(metric("m"), at(0), at(600), Duration.ofMinutes(5), null);

        assertThat(found).containsOnlyKeys(0L, 300L);
        assertThat(found.firstEntry().getValue()).containsOnlyKeys("Count", "Percent");
        assertThat(found.firstEntry().getValue().get("Count"))
                .extracting(point -> point.value(Statistic.of("Sum")))
                .isEqualTo(4.0);
        assertThat(store.read(metric("m"), at(0), at(600), Duration.ofMinutes(5), "Percent"))
                .containsOnlyKeys(0L);
    }

    @Test
    void endIsExclusive() {
        add("m", 60, "Count", 1);

        assertThat(store.read(metric("m"), at(0), at(60), Duration.ofMinutes(1), null))
                .isEmpty();
        assertThat(store.read(metric("m"), at(60), at(61), Duration.ofMinutes(1), null))
                .hasSize(1);
    }

    @Test
    void oldestWrittenPointsAreForgottenBeyondTheBound() {
        add("first", 0, "Count", 1);
        for (int second = 0; second < MetricStore.MAX_POINTS; second++) {
            add("flood", second, "Count", 1);
        }

        assertThat(store.metrics(Instant.EPOCH)).containsExactly(metric("flood"));
        assertThat(store.read(metric("flood"), at(0), at(MetricStore.MAX_POINTS), Duration.ofSeconds(1), null))
                .hasSize(MetricStore.MAX_POINTS);
    }

    @Test
    void percentilesStayNearWhereThereAreMoreValuesThanAreKept() {
        StatisticSet set = new StatisticSet();
        for (int i = 0; i < 1_000; i++) {
            set.add(i * 10, 1);
        }
        for (int i = 0; i < 9_000; i++) {
            set.add(i + 0.5, 1);
        }

        assertThat(set.value(Statistic.of("p50"))).isCloseTo(4_550, within(100.0));
        assertThat(set.value(Statistic.of("SampleCount"))).isEqualTo(10_000);
    }

    private void add(String metric, long second, String unit, double value) {
        store.add(metric(metric), second, unit, NOW, point -> point.add(value, 1));
    }

    private static MetricId metric(String name) {
        return new MetricId("Test", name, new TreeMap<>());
    }

    private static Instant at(long second) {
        return Instant.ofEpochSecond(second);
    }
}
