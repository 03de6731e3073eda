package io.processoptimizer.local.kinesis;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The open subscriptions: one a consumer and shard at most, so their number is bounded by consumers and shards. A second one is
 * refused for 5 s and takes over after that. Thread safe.
 */
final class Subscriptions {
    /** As in the service. */
    private static final long TAKE_OVER_AFTER_MILLIS = 5_000;

    /** Building events is short work; two threads keep one large event from delaying all others. */
    private static final int THREADS = 2;

    private static final int IDLE_SECONDS = 10;

    /** What all subscriptions use. */
    record Shared(StreamRegistry registry, ScheduledExecutorService scheduler, Subscription.Timing timing) {}

    private record Key(String consumerArn, String shardId) {}

    /** A subscription and since when; an ended one is kept for as long as it hinders the next. */
    private record Open(Subscription subscription, long sinceMillis, boolean ended) {}

    private final StreamRegistry registry;
    private final Subscription.Timing timing;
    private final Map<Key, Open> open = new HashMap<>();
    private @Nullable Shared shared;

    Subscriptions(StreamRegistry registry, Subscription.Timing timing) {
        this.registry = registry;
        this.timing = timing;
    }

    /** Made for the first subscription; idle threads end by themselves, so an endpoint nobody stops leaves none behind. */
    private Shared shared() {
        if (shared == null) {
            ScheduledThreadPoolExecutor scheduler = new ScheduledThreadPoolExecutor(THREADS, task -> {
                Thread thread = new Thread(task, "kinesis-subscriptions");
                thread.setDaemon(true);
                return thread;
            });
            scheduler.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
            scheduler.allowCoreThreadTimeOut(true);
            scheduler.setRemoveOnCancelPolicy(true);
            // What is still to be pushed when the endpoint stops goes with its connections.
            scheduler.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy());
            shared = new Shared(registry, scheduler, timing);
        }
        return shared;
    }

    synchronized void stop() {
        if (shared != null) {
            shared.scheduler().shutdownNow();
            shared = null;
        }
        open.clear();
    }

    /** @throws KinesisException ResourceNotFound, ResourceInUse, InvalidArgument or Validation, before anything is sent */
    void open(Fields request, EventStreamResponse response) {
        String arn = request.requiredText("ConsumerARN");
        KinesisStream stream = registry.ofConsumer(arn);
        registry.consumer(stream, arn);
        Shard shard = registry.shard(stream, request.requiredName("ShardId"));
        Fields start = request.object("StartingPosition");
        if (start == null) {
            throw KinesisError.VALIDATION.with("StartingPosition must not be null.");
        }
        StartingPosition from = new StartingPosition(
                start.requiredOneOf("Type", StartingPosition.Type.class),
                start.sequenceNumber("SequenceNumber"),
                start.timestampMillis("Timestamp"));
        long position = from.in(shard, registry.nowMillis());
        enter(new Key(arn, shard.id()), new Subscription.Source(stream, shard, position), response)
                .start();
    }

    private synchronized Subscription enter(Key key, Subscription.Source source, EventStreamResponse response) {
        long now = registry.nowMillis();
        open.values().removeIf(other -> other.ended() && now - other.sinceMillis() >= TAKE_OVER_AFTER_MILLIS);
        Open earlier = open.get(key);
        if (earlier != null && now - earlier.sinceMillis() < TAKE_OVER_AFTER_MILLIS) {
            throw inUse(key, "was subscribed to less than " + TAKE_OVER_AFTER_MILLIS + " ms ago; retry after that");
        }
        if (earlier != null) {
            earlier.subscription().refuse(inUse(key, "was taken over by another subscription"));
        }
        Subscription[] self = new Subscription[1];
        Subscription subscription = new Subscription(source, response, shared(), () -> left(key, self[0]));
        self[0] = subscription;
        open.put(key, new Open(subscription, now, false));
        return subscription;
    }

    private static KinesisException inUse(Key key, String what) {
        return KinesisError.RESOURCE_IN_USE.with(
                "Shard " + key.shardId() + " of consumer " + key.consumerArn() + " " + what);
    }

    private synchronized void left(Key key, Subscription subscription) {
        Open entry = open.get(key);
        if (entry == null || entry.subscription() != subscription) {
            return;
        }
        if (registry.limits().throttled()) {
            open.put(key, new Open(subscription, entry.sinceMillis(), true));
        } else {
            open.remove(key);
        }
    }

    /** Ends all subscriptions of a consumer that is gone. */
    synchronized void end(StreamConsumer consumer) {
        open.forEach((key, entry) -> {
            if (key.consumerArn().equals(consumer.arn()) && !entry.ended()) {
                entry.subscription()
                        .refuse(KinesisError.RESOURCE_NOT_FOUND.with(
                                "Consumer " + consumer.arn() + " was deregistered."));
            }
        });
    }
}
