package io.processoptimizer.local.kinesis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One SubscribeToShard: pushes a shard's records to one client until the shard ends, the time is up, another subscription takes
 * over or the client goes. Holds no records of its own: one event is built when the one before it was written, so a slow client
 * slows only itself.
 */
final class Subscription {
    private static final Logger LOG = LoggerFactory.getLogger(Subscription.class);

    /**
     * The times of a subscription.
     *
     * @param lifetime after which it ends and the client subscribes again
     * @param heartbeat after which an event without records is sent where there are none
     */
    record Timing(Duration lifetime, Duration heartbeat) {
        static final Timing AS_IN_THE_SERVICE = new Timing(Duration.ofMinutes(5), Duration.ofSeconds(5));
    }

    /** An append is pushed with what follows within this time: one event for many records, and still well under 70 ms. */
    private static final long GATHERING_MILLIS = 20;

    /** How often the end of the lifetime, a due heartbeat and regained throughput are looked for. */
    private static final long TICK_MILLIS = 100;

    private static final int MOST_RECORDS_AN_EVENT = 1_000;
    private static final long MOST_BYTES_AN_EVENT = 1L << 20;

    private final StreamRegistry registry;
    private final KinesisStream stream;
    private final Shard shard;
    private final EventStreamResponse response;
    private final ScheduledExecutorService scheduler;
    private final Timing timing;
    private final Runnable onEnd;
    private final Runnable listener = this::gather;
    private final AtomicBoolean gathering = new AtomicBoolean();
    private final Throttle bytes = new Throttle(ShardRates.READ_BYTES);
    private final long startedNanos = System.nanoTime();

    // Guarded by this.
    private long position;
    private boolean writing = true;
    private boolean ended;
    private long lastEventNanos = startedNanos;
    private @Nullable ScheduledFuture<?> ticks;

    /** Not guarded: set under the lock of all subscriptions, which is also taken, inside this one's, when this one ends. */
    private volatile @Nullable KinesisException refusal;

    /**
     * A subscription that is not yet started.
     *
     * @param source what to push, and from where
     * @param onEnd called once when it ended, whoever ended it
     */
    Subscription(Source source, EventStreamResponse response, Subscriptions.Shared shared, Runnable onEnd) {
        this.registry = shared.registry();
        this.scheduler = shared.scheduler();
        this.timing = shared.timing();
        this.stream = source.stream();
        this.shard = source.shard();
        this.position = source.position();
        this.response = response;
        this.onEnd = onEnd;
    }

    /** What to push, and from where. */
    record Source(KinesisStream stream, Shard shard, long position) {}

    void start() {
        shard.addListener(listener);
        synchronized (this) {
            ticks = scheduler.scheduleWithFixedDelay(this::push, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
        }
        response.start(this::written, this::failed);
    }

    /** Ends the subscription and tells the client why, once what is being written is out. */
    void refuse(KinesisException why) {
        refusal = why;
        scheduler.execute(this::push);
    }

    private void gather() {
        if (gathering.compareAndSet(false, true)) {
            // Its failure is handled where it runs.
            var unused = scheduler.schedule(this::gathered, GATHERING_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void gathered() {
        gathering.set(false);
        push();
    }

    private void written() {
        synchronized (this) {
            writing = false;
        }
        // Off the server's thread, and without recursion where writes complete at once.
        scheduler.execute(this::push);
    }

    private void push() {
        try {
            pushNext();
        } catch (RuntimeException e) {
            LOG.error(
                    "A subscription to {} of {} failed inside the endpoint; this is a defect of it",
                    shard.id(),
                    stream.name(),
                    e);
            failed(e);
        }
    }

    private synchronized void pushNext() {
        if (writing || ended) {
            return;
        }
        long nanos = System.nanoTime();
        KinesisException why = refusal;
        if (why != null) {
            writing = true;
            response.exception(why, this::endInGoodOrder, this::failed);
            return;
        }
        if (nanos - startedNanos >= timing.lifetime().toNanos()) {
            endInGoodOrder();
            return;
        }
        boolean heartbeat = nanos - lastEventNanos >= timing.heartbeat().toNanos();
        long now = registry.nowMillis();
        boolean held = registry.limits().throttled() && !bytes.has(1, now);
        if (!heartbeat && (held || !shard.hasMoreAt(position))) {
            return;
        }
        int most = held ? 0 : MOST_RECORDS_AN_EVENT;
        Shard.Page page =
                shard.push(position, new Shard.PageBounds(most, MOST_BYTES_AN_EVENT, stream.horizonMillis(now)), now);
        List<Shard> children = RecordShapes.childrenOf(shard);
        if (page.atEnd() && children.isEmpty()) {
            refusal = KinesisError.RESOURCE_NOT_FOUND.with(registry.label(stream.name()) + " was deleted.");
            scheduler.execute(this::push);
            return;
        }
        bytes.take(page.records().stream().mapToLong(StoredRecord::payloadBytes).sum());
        position = page.nextPosition();
        writing = true;
        lastEventNanos = nanos;
        Runnable next = page.atEnd() ? this::endInGoodOrder : this::written;
        response.event("SubscribeToShardEvent", event(page, children), next, this::failed);
    }

    private Reply event(Shard.Page page, List<Shard> children) {
        String continuation = continuation(page);
        return writer -> {
            writer.objects("Records", page.records(), record -> RecordShapes.record(shard, record));
            // A client knows the shard's end by the missing number, and the children must then be there.
            writer.text("ContinuationSequenceNumber", page.atEnd() ? null : continuation);
            writer.number("MillisBehindLatest", page.millisBehindLatest());
            if (page.atEnd()) {
                writer.objects("ChildShards", children, RecordShapes::childShard);
            }
        };
    }

    private String continuation(Shard.Page page) {
        return page.records().isEmpty()
                ? shard.sequenceNumberBefore(page.nextPosition())
                : shard.sequenceNumberOf(page.records().get(page.records().size() - 1));
    }

    private void endInGoodOrder() {
        if (stop()) {
            response.end();
        }
    }

    private void failed(Throwable cause) {
        if (stop()) {
            response.fail(cause);
        }
    }

    private boolean stop() {
        synchronized (this) {
            if (ended) {
                return false;
            }
            ended = true;
            if (ticks != null) {
                ticks.cancel(false);
            }
        }
        shard.removeListener(listener);
        onEnd.run();
        return true;
    }
}
