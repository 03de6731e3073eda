/**
 * CloudWatch metrics, in memory: data points enter with PutMetricData and leave, aggregated by period and statistic, with
 * GetMetricData and GetMetricStatistics. It knows the documented limits of these calls, nothing of alarms, dashboards or metric math.
 */
@NullMarked
package io.processoptimizer.local.cloudwatch;

import org.jspecify.annotations.NullMarked;
