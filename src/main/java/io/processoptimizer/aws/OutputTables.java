package io.processoptimizer.aws;

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
    private final ReliableWrites writes;
    private final ResultTable results;
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
     * @param metricsNamespace CloudWatch namespace
     * @param metricsDetail which metrics a process gets
     */
    public record Settings(
            Tables.Names tables,
            String defaultWindow,
            int queueCapacity,
            @Nullable Duration expireAfter,
            String metricsNamespace,
            OeeMetrics.Detail metricsDetail) {}

    public OutputTables(AwsClients clients, Settings settings, Clock clock) {
        Expiry expiry = new Expiry(settings.expireAfter(), clock);
        Tables.Names tables = settings.tables();
        writes = new ReliableWrites(settings.queueCapacity());
        results = new ResultTable(clients.dynamo(), tables.results(), settings.defaultWindow(), expiry);
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
        return writes.pending();
    }

    /** Metrics that CloudWatch never got. */
    public long droppedMetrics() {
        return metrics.dropped();
    }

    CompletableFuture<?> write(WindowResult result) throws InterruptedException {
        Map<String, AttributeValue> item = results.item(result);
        return writes.submit(
                results.name(result),
                () -> results.write(item).thenAccept(written -> {
                    if (written && result.window().equals(defaultWindow)) {
                        metrics.offer(result);
                    }
                }));
    }

    CompletableFuture<?> write(DeadLetter letter) throws InterruptedException {
        List<CompletableFuture<?>> parts = new ArrayList<>();
        for (Map<String, AttributeValue> item : deadLetters.items(letter)) {
            parts.add(writes.submit(deadLetters.name(letter), () -> deadLetters.write(item)));
        }
        return CompletableFuture.allOf(parts.toArray(CompletableFuture[]::new));
    }

    @Override
    public void close() {
        writes.close();
        metrics.close();
    }
}
