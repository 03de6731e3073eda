package io.processoptimizer.aws;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.WindowResult;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where the outputs of all shards of a worker go: START HERE for this package. Each shard writes through a {@link ShardOutputs} of
 * its own, so that it knows when its outputs are durable; the queue, and with it the back-pressure, is common to all.
 */
public final class OutputTables implements AutoCloseable {
    /** Adjustments of one worker that wait for EventBridge; each is rare, and a plant must not be steered by a backlog. */
    private static final int ADJUSTMENT_CAPACITY = 1_000;

    private final ReliableWrites writes;

    /** A queue of its own: an event bus that does not answer must not hold up results. */
    private final ReliableWrites adjustmentWrites = new ReliableWrites(ADJUSTMENT_CAPACITY);

    private final ResultTable results;
    private final AdviceTable advice;
    private final DeadLetterTable deadLetters;
    private final OeeMetrics metrics;
    private final String defaultWindow;

    /**
     * How outputs are written.
     *
     * @param tables their names
     * @param defaultWindow the window whose items have the plain process id as their key
     * @param queueCapacity most writes that are not yet durable, ≥ 1
     * @param expireAfter items may be deleted so long after they were written; null: never
     * @param events where adjustments go
     * @param metricsNamespace CloudWatch namespace
     * @param metricsDetail which metrics a process gets
     */
    public record Settings(
            Tables.Names tables,
            String defaultWindow,
            int queueCapacity,
            @Nullable Duration expireAfter,
            EventBus events,
            String metricsNamespace,
            OeeMetrics.Detail metricsDetail) {}

    /**
     * Where adjustments go.
     *
     * @param name name or ARN of the bus
     * @param source source of the events
     * @param detailType detail type of the events
     */
    public record EventBus(String name, String source, String detailType) {}

    public OutputTables(AwsClients clients, Settings settings, Clock clock) {
        Expiry expiry = new Expiry(settings.expireAfter(), clock);
        Tables.Names tables = settings.tables();
        writes = new ReliableWrites(settings.queueCapacity());
        results = new ResultTable(clients.dynamo(), tables.results(), settings.defaultWindow(), expiry);
        EventBus bus = settings.events();
        advice = new AdviceTable(
                clients.dynamo(),
                tables.advice(),
                new EventPublisher(
                        clients.events(), new EventPublisher.Target(bus.name(), bus.source(), bus.detailType())),
                expiry,
                clock);
        deadLetters = new DeadLetterTable(clients.dynamo(), tables.deadLetters(), expiry, clock);
        metrics = new OeeMetrics(clients.cloudWatch(), settings.metricsNamespace(), settings.metricsDetail());
        this.defaultWindow = settings.defaultWindow();
    }

    /** The outputs of one shard, for one tenure. */
    public ShardOutputs forShard() {
        return new ShardOutputs(this);
    }

    /** Writes that are not yet durable. */
    public int pending() {
        return writes.pending() + adjustmentWrites.pending();
    }

    /** Metrics that CloudWatch never got. */
    public long droppedMetrics() {
        return metrics.dropped();
    }

    /** @param measured whether its metrics are published, too */
    CompletableFuture<?> write(WindowResult result, boolean measured) throws InterruptedException {
        Map<String, AttributeValue> item = results.item(result);
        return writes.submit(
                results.name(result),
                () -> results.write(item).thenAccept(written -> {
                    if (measured && written && result.window().equals(defaultWindow)) {
                        metrics.offer(result);
                    }
                }));
    }

    /** Results are written on time; advice follows. */
    CompletableFuture<?> write(AdviceRecord record) throws InterruptedException {
        return writes.submitToFollow(advice.name(record), () -> advice.write(record));
    }

    /** @param grounded completed when the advice that the adjustment rests on is durable */
    CompletableFuture<?> write(Adjustment adjustment, CompletableFuture<?> grounded) throws InterruptedException {
        return adjustmentWrites.submit(
                advice.name(adjustment), () -> grounded.thenCompose(stored -> advice.deliver(adjustment)));
    }

    CompletableFuture<?> write(DeadLetter letter) throws InterruptedException {
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Map<String, AttributeValue> item : deadLetters.items(letter)) {
            parts.add(writes.submit(deadLetters.name(letter), () -> deadLetters.write(letter, item)));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        writes.close();
        adjustmentWrites.close();
        metrics.close();
    }
}
