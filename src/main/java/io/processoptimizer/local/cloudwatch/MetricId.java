package io.processoptimizer.local.cloudwatch;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a metric is told by.
 *
 * @param namespace for instance {@code Manufacturing/OEE}
 * @param name for instance {@code OEE_Score}
 * @param dimensions value by name; the same name with other dimensions is another metric
 */
record MetricId(String namespace, String name, SortedMap<String, String> dimensions) {
    MetricId {
        dimensions = Collections.unmodifiableSortedMap(new TreeMap<>(dimensions));
    }
}
