package io.processoptimizer.aws;

import io.processoptimizer.analyse.oee.Factors;
import io.processoptimizer.emit.WindowResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.cloudwatch.CloudWatchAsyncClient;
import software.amazon.awssdk.services.cloudwatch.model.Dimension;
import software.amazon.awssdk.services.cloudwatch.model.MetricDatum;
import software.amazon.awssdk.services.cloudwatch.model.StandardUnit;

/**
 * OEE and its factors as CloudWatch metrics. Best effort: the queue is bounded, what does not fit or cannot be sent is dropped and
 * counted, and nothing ever waits for it. The items of the metrics table are the record; these are for dashboards and alarms.
 */
public final class OeeMetrics implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OeeMetrics.class);

    /** What one PutMetricData takes. */
    static final int MAX_BATCH = 1_000;

    /** Some minutes of a few thousand processes: a short failure of CloudWatch loses nothing. */
    private static final int QUEUE = 100_000;

    private static final long SEND_EVERY_MILLIS = 1_000;

    /** A request at most this long, so that the queue drains past one that hangs. */
    private static final long SEND_WITHIN_SECONDS = 10;

    /** At the end metrics are worth only a short wait. */
    private static final long CLOSE_WITHIN_SECONDS = 2;

    /** Metrics older than this are refused by CloudWatch (two weeks). */
    private static final long MAX_AGE_MILLIS = TimeUnit.DAYS.toMillis(14);

    private static final long REPORT_EVERY_NANOS = TimeUnit.MINUTES.toNanos(5);

    private final CloudWatchAsyncClient cloudWatch;
    private final String namespace;
    private final Detail detail;
    private final BlockingQueue<MetricDatum> queue = new ArrayBlockingQueue<>(QUEUE);
    private final AtomicLong dropped = new AtomicLong();
    private final ScheduledExecutorService sender;
    private long lastReportNanos = System.nanoTime() - REPORT_EVERY_NANOS;

    /** How many metrics a process gets; each is billed. */
    public enum Detail {
        /** OEE_Score, Availability, Performance and Quality. */
        ALL,
        /** OEE_Score only. */
        SUMMARY,
        NONE
    }

    public OeeMetrics(CloudWatchAsyncClient cloudWatch, String namespace, Detail detail) {
        this.cloudWatch = cloudWatch;
        this.namespace = namespace;
        this.detail = detail;
        this.sender = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "cloudwatch-metrics");
            thread.setDaemon(true);
            return thread;
        });
        var unused = sender.scheduleWithFixedDelay(
                this::sendQuietly, SEND_EVERY_MILLIS, SEND_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Takes the figures of a result that was stored for the first time; only revision 0 counts, as a metric cannot be taken back. */
    public void offer(WindowResult result) {
        if (detail == Detail.NONE || !result.isFinal() || result.revision() != 0) {
            return;
        }
        Dimension process =
                Dimension.builder().name("ProcessId").value(result.processId()).build();
        Instant at = Instant.ofEpochMilli(result.endMillis());
        Factors factors = result.analysis().process().factors();
        offer("OEE_Score", factors.oee(), process, at);
        if (detail == Detail.ALL) {
            offer("Availability", factors.availability(), process, at);
            offer("Performance", factors.performance(), process, at);
            offer("Quality", factors.quality(), process, at);
        }
    }

    private void offer(String name, double ratio, Dimension process, Instant at) {
        if (Double.isNaN(ratio)) {
            return;
        }
        MetricDatum datum = MetricDatum.builder()
                .metricName(name)
                .dimensions(process)
                .unit(StandardUnit.PERCENT)
                .value(ratio * 100)
                .timestamp(at)
                .build();
        if (!queue.offer(datum)) {
            dropped.incrementAndGet();
        }
    }

    /** Metrics that were never sent. */
    public long dropped() {
        return dropped.get();
    }

    private void sendQuietly() {
        try {
            while (send(SEND_WITHIN_SECONDS)) {
                // Until the queue is empty.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends one batch; whether there was one. */
    private boolean send(long withinSeconds) throws InterruptedException {
        List<MetricDatum> batch = new ArrayList<>();
        queue.drainTo(batch, MAX_BATCH);
        long oldest = System.currentTimeMillis() - MAX_AGE_MILLIS;
        int taken = batch.size();
        batch.removeIf(datum -> datum.timestamp().toEpochMilli() < oldest);
        dropped.addAndGet(taken - batch.size());
        if (batch.isEmpty()) {
            return taken > 0;
        }
        try {
            Calls.await(
                    cloudWatch.putMetricData(r -> r.namespace(namespace).metricData(batch)),
                    Duration.ofSeconds(withinSeconds));
        } catch (RuntimeException e) {
            dropped.addAndGet(batch.size());
            report(e);
        }
        return true;
    }

    private void report(RuntimeException failure) {
        long now = System.nanoTime();
        if (now - lastReportNanos >= REPORT_EVERY_NANOS) {
            lastReportNanos = now;
            LOG.warn(
                    "CloudWatch does not take metrics ({} dropped so far; results are not affected): {}",
                    dropped.get(),
                    failure.getMessage());
        }
    }

    /** Sends what waits, once, and stops. */
    @Override
    public void close() {
        sender.shutdown();
        try {
            if (!sender.awaitTermination(CLOSE_WITHIN_SECONDS, TimeUnit.SECONDS)) {
                sender.shutdownNow();
                return;
            }
            boolean unused = send(CLOSE_WITHIN_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
