package io.processoptimizer.status;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * What a worker counts, as Prometheus reads it. Every name stands here, and in a table of the README; the first word is the stage. Figures
 * are asked for when they are read, so nothing here runs on the way of a record.
 */
public final class WorkerMetrics implements AutoCloseable {
    private static final double MILLIS_PER_SECOND = 1e3;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final WorkerFacts worker;
    private final Clock clock;
    private final MultiGauge lag;
    private final MultiGauge commitAge;
    private final MultiGauge callAge;

    public WorkerMetrics(WorkerFacts worker, OutputCounts counts, Clock clock) {
        this.worker = worker;
        this.clock = clock;
        lag = MultiGauge.builder("kinesis.shard.lag")
                .description("How far the last batch of the shard was behind the tip of the stream")
                .baseUnit("milliseconds")
                .register(registry);
        callAge = MultiGauge.builder("kinesis.shard.call.age")
                .description("Time since KCL called the shard's processor")
                .baseUnit("seconds")
                .register(registry);
        commitAge = MultiGauge.builder("checkpoint.commit.age")
                .description("Time since the state of the shard was written; absent before the first time")
                .baseUnit("seconds")
                .register(registry);
        gauge(
                "kinesis.shards",
                "Shards that this worker processes",
                it -> it.shards().size());
        gauge("kinesis.live", "1 where /healthz says 200", it -> it.health().isLive() ? 1 : 0);
        gauge("kinesis.ready", "1 where /readyz says 200", it -> it.health().isReady() ? 1 : 0);
        FunctionCounter.builder("decode.records", worker, WorkerFacts::records)
                .description("User records processed")
                .register(registry);
        counts.refused()
                .forEach((reason, adder) ->
                        counter("decode.refused", "Refused inputs, by reason", "reason", reason.label(), adder));
        windows(counts);
        advice(counts);
        emit(worker);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    private void windows(OutputCounts counts) {
        String closed = "Windows closed: final at first, revised by late facts, or provisional";
        counter("window.closed", closed, "kind", "final", counts.finals());
        counter("window.closed", closed, "kind", "revised", counts.revised());
        counter("window.closed", closed, "kind", "provisional", counts.provisional());
        FunctionCounter.builder("window.gaps", counts.gaps(), LongAdder::sum)
                .description("Times that a process fell silent")
                .register(registry);
        FunctionCounter.builder(
                        "window.definitions.taken.over",
                        worker,
                        it -> it.definitions().takenOver())
                .description("Times that additions to the file of process definitions were taken over")
                .register(registry);
        gauge(
                "window.definitions.refused",
                "1 where the file of process definitions holds changes that are not taken over",
                it -> it.definitions().refusal() == null ? 0 : 1);
    }

    private void advice(OutputCounts counts) {
        counts.advice()
                .forEach((source, adder) ->
                        counter("advise.given", "Advice given, by who gave it", "source", source, adder));
        counts.fallbacks()
                .forEach((reason, adder) -> counter(
                        "advise.fallbacks",
                        "Advice of the rules instead of a model's, by why",
                        "reason",
                        reason.label(),
                        adder));
        counts.notAsked()
                .forEach((why, adder) -> counter(
                        "advise.not.asked", "Windows that nobody was asked about, by why", "why", why.label(), adder));
        gauge("advise.budget.calls", "Calls of the language model today, by all workers", it -> spent(it, true, false));
        gauge("advise.budget.calls.max", "Calls allowed in a day", it -> spent(it, true, true));
        gauge("advise.budget.tokens", "Tokens spent today, by all workers", it -> spent(it, false, false));
        gauge("advise.budget.tokens.max", "Tokens allowed in a day", it -> spent(it, false, true));
        counts.adjustments()
                .forEach((source, adder) ->
                        counter("emit.adjustments", "Adjustments decided, by source", "source", source, adder));
        counts.effects()
                .forEach((verdict, adder) ->
                        counter("emit.effects", "Measured effects of adjustments", "verdict", verdict.label(), adder));
    }

    private void emit(WorkerFacts of) {
        gauge(
                "emit.queue.size",
                "Outputs that are not durable yet",
                it -> it.outflow().waiting());
        gauge(
                "emit.queue.capacity",
                "Outputs that may wait before reading pauses",
                it -> it.outflow().capacity());
        FunctionCounter.builder(
                        "emit.cloudwatch.dropped", of, it -> it.outflow().droppedMetrics())
                .description("Metrics that CloudWatch never got")
                .register(registry);
    }

    /** NaN where no model is asked. */
    private static double spent(WorkerFacts worker, boolean isCalls, boolean isMost) {
        WorkerFacts.Spending spending = worker.spending();
        if (spending == null) {
            return Double.NaN;
        }
        return (double)
                (isCalls
                        ? isMost ? spending.mostCalls() : spending.calls()
                        : isMost ? spending.mostTokens() : spending.tokens());
    }

    private void gauge(String name, String description, ToDoubleFunction<WorkerFacts> value) {
        Gauge.builder(name, worker, value).description(description).register(registry);
    }

    private void counter(String name, String description, String label, String value, LongAdder adder) {
        FunctionCounter.builder(name, adder, LongAdder::sum)
                .description(description)
                .tag(label, value)
                .register(registry);
    }

    /** The text that Prometheus reads, in its format 0.0.4. */
    public synchronized String scrape() {
        long now = clock.millis();
        List<WorkerFacts.ShardFacts> shards = worker.shards();
        lag.register(
                shards.stream()
                        .map(shard -> row(shard, (double) shard.lagMillis()))
                        .toList(),
                true);
        callAge.register(
                shards.stream()
                        .map(shard -> row(shard, (now - shard.seenMillis()) / MILLIS_PER_SECOND))
                        .toList(),
                true);
        commitAge.register(
                shards.stream()
                        .filter(shard -> shard.committedMillis() > 0)
                        .map(shard -> row(shard, (now - shard.committedMillis()) / MILLIS_PER_SECOND))
                        .toList(),
                true);
        return registry.scrape();
    }

    private static MultiGauge.Row<?> row(WorkerFacts.ShardFacts shard, double value) {
        return MultiGauge.Row.of(Tags.of("shard", shard.shardId()), value);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
