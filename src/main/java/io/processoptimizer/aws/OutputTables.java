package io.processoptimizer.aws;

import io.processoptimizer.advise.AdjustmentPolicy;
import io.processoptimizer.advise.AdviceRequest;
import io.processoptimizer.advise.AdviceSettings;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceOutputs;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.DeadLetter;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.WindowResult;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Where the outputs of all shards of a worker go: START HERE for this package. Each shard writes through a {@link ShardOutputs} of
 * its own, so that it knows when its outputs are durable; the queue, and with it the back-pressure, is common to all.
 */
public final class OutputTables implements AutoCloseable {
    /** Adjustments of one worker that wait for EventBridge; each is rare, and a plant must not be steered by a backlog. */
    private static final int ADJUSTMENT_CAPACITY = 1_000;

    /**
     * Requests for advice that wait for a table or the event bus, of one worker; one more holds the shard up. Those that wait for models
     * have a bound of their own, and never do.
     */
    private static final int UNSETTLED_CAPACITY = 5_000;

    private final Semaphore unsettled = new Semaphore(UNSETTLED_CAPACITY);

    private final ReliableWrites writes;

    /** A queue of its own: an event bus that does not answer must not hold up results. */
    private final ReliableWrites adjustmentWrites = new ReliableWrites(ADJUSTMENT_CAPACITY);

    private final ResultTable results;
    private final AdviceTable advice;
    private final AdjustmentPolicy policy;
    private final AtomicReference<@Nullable Counsel> counsel = new AtomicReference<>();

    /** Stores what models answered, away from their clients' threads, which must not wait for room. */
    private final ExecutorService recorder = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "advice-recorder");
        thread.setDaemon(true);
        return thread;
    });

    private final DeadLetterTable deadLetters;
    private final OeeMetrics metrics;
    private final String defaultWindow;
    private final String adviceTable;
    private final Clock clock;

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
     * @param advice which advice becomes an adjustment, and until when
     */
    public record Settings(
            Tables.Names tables,
            String defaultWindow,
            int queueCapacity,
            @Nullable Duration expireAfter,
            EventBus events,
            String metricsNamespace,
            OeeMetrics.Detail metricsDetail,
            AdviceSettings advice) {}

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
                Duration.ofMillis(settings.advice().maxAgeMillis()),
                clock);
        policy = new AdjustmentPolicy(settings.advice());
        deadLetters = new DeadLetterTable(clients.dynamo(), tables.deadLetters(), expiry, clock);
        metrics = new OeeMetrics(clients.cloudWatch(), settings.metricsNamespace(), settings.metricsDetail());
        this.defaultWindow = settings.defaultWindow();
        this.adviceTable = tables.advice();
        this.clock = clock;
    }

    /**
     * Has models asked from now on.
     *
     * @param settings how long, and how many at a time
     * @param clients where the models are
     * @param names which models
     */
    public Counsel consult(Counsel.Settings settings, AwsClients clients, ModelNames names) {
        EfficiencyEndpoint efficiency = names.efficiencyEndpoint() == null
                ? null
                : new EfficiencyEndpoint(clients.sageMaker(settings.efficiencyTimeout()), names.efficiencyEndpoint());
        LanguageModel language = names.languageModel() == null
                ? null
                : new LanguageModel(
                        clients.bedrock(settings.timeout()), names.languageModel(), names.api(), names.maxTokens());
        Counsel made = new Counsel(
                settings,
                new Counsel.Models(
                        efficiency, language, new AdviceBudget(clients.dynamo(), adviceTable, names.budget(), clock)),
                advice,
                clock);
        // So that waiting for models alone never uses up the room.
        unsettled.release(settings.queueCapacity());
        counsel.set(made);
        return made;
    }

    /**
     * The models that are asked.
     *
     * @param efficiencyEndpoint endpoint in SageMaker; null: none
     * @param languageModel model id, inference profile or ARN in Bedrock; null: none
     * @param api how the language model is called
     * @param maxTokens longest answer of the language model
     * @param budget most that is spent on the language model in a day
     */
    public record ModelNames(
            @Nullable String efficiencyEndpoint,
            @Nullable String languageModel,
            LanguageModel.Api api,
            int maxTokens,
            AdviceBudget.Limits budget) {}

    /**
     * The outputs of one shard, for one tenure.
     *
     * @param watcher is told of advice and adjustments once they are settled, from many threads
     */
    public ShardOutputs forShard(AdviceOutputs watcher) {
        return new ShardOutputs(this, watcher);
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

    /**
     * Settles what comes of a request: what models say or what stands in for it is recorded, and the adjustment that rests on what is
     * recorded delivered.
     *
     * @param before nobody is asked until this has ended, well or not
     * @return completed when all of it is durable
     */
    CompletableFuture<?> settle(AdviceRequest request, CompletableFuture<?> before, AdviceOutputs watcher)
            throws InterruptedException {
        unsettled.acquire();
        CompletableFuture<?> settled;
        try {
            settled = settled(request, before, watcher);
        } catch (InterruptedException | RuntimeException e) {
            unsettled.release();
            throw e;
        }
        return settled.whenComplete((done, failure) -> unsettled.release());
    }

    private CompletableFuture<?> settled(AdviceRequest request, CompletableFuture<?> before, AdviceOutputs watcher)
            throws InterruptedException {
        Counsel asked = counsel.get();
        CompletableFuture<AdviceRecord> answer =
                asked == null ? CompletableFuture.completedFuture(request.unaided()) : asked.ask(request, before);
        if (answer.isDone()) {
            return record(request, answer.join(), watcher);
        }
        return answer.thenComposeAsync(
                record -> {
                    try {
                        return record(request, record, watcher);
                    } catch (InterruptedException e) {
                        return CompletableFuture.failedFuture(new InterruptedOutputException(e));
                    }
                },
                recorder);
    }

    /** Results are written on time; advice follows. */
    private CompletableFuture<?> record(AdviceRequest request, AdviceRecord record, AdviceOutputs watcher)
            throws InterruptedException {
        CompletableFuture<AdviceRecord> stored = new CompletableFuture<>();
        CompletableFuture<?> recorded = writes.submitToFollow(
                advice.name(record), () -> advice.record(record).thenAccept(stored::complete));
        return recorded.thenCombine(stored, (done, settled) -> settled)
                .thenCompose(settled -> decided(request, settled, watcher));
    }

    private CompletableFuture<?> decided(AdviceRequest request, AdviceRecord recorded, AdviceOutputs watcher) {
        watcher.advice(recorded);
        return policy.decide(request, recorded)
                .map(adjustment -> CompletableFuture.completedFuture(adjustment)
                        .thenComposeAsync(decided -> deliver(decided, watcher), recorder))
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private CompletableFuture<@Nullable Void> deliver(Adjustment adjustment, AdviceOutputs watcher) {
        try {
            CompletableFuture<Void> delivered =
                    adjustmentWrites.submit(advice.name(adjustment), () -> advice.deliver(adjustment));
            watcher.adjustment(adjustment);
            return delivered;
        } catch (InterruptedException e) {
            return CompletableFuture.failedFuture(new InterruptedOutputException(e));
        }
    }

    /**
     * Stores the effect of an adjustment, if there is one.
     *
     * @param decided completed when it is settled whether there is
     */
    CompletableFuture<?> settle(Effect effect, CompletableFuture<?> decided, AdviceOutputs watcher)
            throws InterruptedException {
        unsettled.acquire();
        CompletableFuture<?> settled;
        try {
            settled = decided.thenComposeAsync(known -> measured(effect, watcher), recorder);
        } catch (RuntimeException e) {
            unsettled.release();
            throw e;
        }
        return settled.whenComplete((done, failure) -> unsettled.release());
    }

    private CompletableFuture<?> measured(Effect effect, AdviceOutputs watcher) {
        try {
            return writes.submitToFollow(
                    advice.name(effect),
                    () -> advice.measured(effect).thenAccept(isOfAnAdjustment -> {
                        if (isOfAnAdjustment) {
                            watcher.effect(effect);
                        }
                    }));
        } catch (InterruptedException e) {
            return CompletableFuture.failedFuture(new InterruptedOutputException(e));
        }
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
        recorder.shutdownNow();
        adjustmentWrites.close();
        metrics.close();
    }
}
