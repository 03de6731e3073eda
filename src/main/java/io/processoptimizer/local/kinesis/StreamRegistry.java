package io.processoptimizer.local.kinesis;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** The streams of one account and region, the clock they share and the bounds on all of them. Thread safe. */
final class StreamRegistry {
    /** A demo or a test has a handful; the bound keeps a runaway test from filling the heap with empty streams. */
    static final int MAX_STREAMS = 1_000;

    private final InstantSource clock;
    private final KinesisLimits limits;
    private final String accountId;
    private final String arnPrefix;
    private final StorageBudget budget;
    private final ConcurrentSkipListMap<String, KinesisStream> streams = new ConcurrentSkipListMap<>();

    StreamRegistry(InstantSource clock, KinesisLimits limits, String region, String accountId) {
        this.clock = clock;
        this.limits = limits;
        this.accountId = accountId;
        this.arnPrefix = "arn:aws:kinesis:" + region + ":" + accountId + ":stream/";
        this.budget = new StorageBudget(limits.maxStoredBytes());
    }

    long nowMillis() {
        return clock.millis();
    }

    KinesisLimits limits() {
        return limits;
    }

    StorageBudget budget() {
        return budget;
    }

    String arnOf(String streamName) {
        return arnPrefix + streamName;
    }

    /** The stream's name in an ARN of a stream or a consumer; null where it is not one of ours. */
    @Nullable
    String streamNameIn(String arn) {
        if (!arn.startsWith(arnPrefix)) {
            return null;
        }
        String rest = arn.substring(arnPrefix.length());
        int slash = rest.indexOf('/');
        return slash < 0 ? rest : rest.substring(0, slash);
    }

    /** @throws KinesisException ResourceInUse or LimitExceeded */
    synchronized KinesisStream create(String name, KinesisStream.Mode mode, int shardCount) {
        if (streams.containsKey(name)) {
            throw KinesisError.RESOURCE_IN_USE.with(label(name) + " already exists.");
        }
        if (streams.size() >= MAX_STREAMS) {
            throw KinesisError.LIMIT_EXCEEDED.with("This endpoint holds at most " + MAX_STREAMS
                    + " streams; delete some before creating " + name + ".");
        }
        requireRoomForShards(shardCount);
        KinesisStream stream = new KinesisStream(name, arnOf(name), nowMillis(), mode, shardCount, this);
        streams.put(name, stream);
        return stream;
    }

    /** A stream as messages name it. */
    String label(String name) {
        return "Stream " + name + " under account " + accountId;
    }

    /**
     * The stream a request names by StreamName or StreamARN; StreamId is accepted and means nothing, as in the service.
     *
     * @throws KinesisException InvalidArgument where it names none or two, ResourceNotFound where there is no such stream
     */
    KinesisStream named(Fields request) {
        String arn = request.text("StreamARN");
        if (arn == null && !request.has("StreamName")) {
            throw KinesisError.INVALID_ARGUMENT.with("Either StreamName or StreamARN must be given.");
        }
        if (arn == null) {
            return get(request.requiredName("StreamName"));
        }
        String name = streamNameIn(arn);
        if (name == null) {
            throw KinesisError.RESOURCE_NOT_FOUND.with("No stream " + arn
                    + " here; the streams of this endpoint have ARNs that begin with " + arnPrefix + ".");
        }
        if (request.has("StreamName") && !request.requiredName("StreamName").equals(name)) {
            throw KinesisError.INVALID_ARGUMENT.with("StreamARN " + arn + " and StreamName "
                    + request.requiredName("StreamName") + " are two streams; give one of them.");
        }
        return get(name);
    }

    /** @throws KinesisException ResourceNotFound */
    Shard shard(KinesisStream stream, String shardId) {
        Shard shard = stream.shard(Shard.indexIn(shardId), nowMillis());
        if (shard == null) {
            throw KinesisError.RESOURCE_NOT_FOUND.with(
                    "Shard " + shardId + " in " + label(stream.name()) + " does not exist.");
        }
        return shard;
    }

    /** The stream in a consumer's ARN. @throws KinesisException ResourceNotFound */
    KinesisStream ofConsumer(String consumerArn) {
        String name = streamNameIn(consumerArn);
        if (name == null) {
            throw KinesisError.RESOURCE_NOT_FOUND.with("No consumer " + consumerArn + " here.");
        }
        return get(name);
    }

    /** @throws KinesisException ResourceNotFound */
    StreamConsumer consumer(KinesisStream stream, String consumerArn) {
        synchronized (stream) {
            return stream.consumers().values().stream()
                    .filter(consumer -> consumer.arn().equals(consumerArn))
                    .findFirst()
                    .orElseThrow(() -> KinesisError.RESOURCE_NOT_FOUND.with("Consumer " + consumerArn + " not found."));
        }
    }

    /** @throws KinesisException ResourceNotFound */
    KinesisStream get(String name) {
        KinesisStream stream = streams.get(name);
        if (stream == null) {
            throw KinesisError.RESOURCE_NOT_FOUND.with(label(name) + " not found.");
        }
        return stream;
    }

    synchronized void delete(KinesisStream stream) {
        streams.remove(stream.name(), stream);
        stream.delete(nowMillis());
    }

    /** All names in order. */
    List<KinesisStream> all() {
        return List.copyOf(streams.values());
    }

    /** @throws KinesisException LimitExceeded where {@code more} shards would be too many */
    void requireRoomForShards(int more) {
        int held = streams.values().stream()
                .mapToInt(KinesisStream::heldShardCount)
                .sum();
        if (held + more > limits.maxShards()) {
            throw KinesisError.LIMIT_EXCEEDED.with(
                    "This endpoint holds " + held + " shards, open and closed, and at most "
                            + limits.maxShards() + "; this request may need " + more
                            + " more. Delete streams or raise the endpoint's shard limit.");
        }
    }

    /** @throws KinesisException LimitExceeded where the records held leave no room for {@code bytes} */
    void reserve(long bytes) {
        if (budget.tryReserve(bytes)) {
            return;
        }
        long now = nowMillis();
        streams.values().forEach(stream -> stream.trim(now));
        if (!budget.tryReserve(bytes)) {
            throw KinesisError.LIMIT_EXCEEDED.with(
                    "This endpoint keeps records in memory and holds " + budget.usedBytes()
                            + " of at most " + budget.maxBytes() + " bytes; " + bytes
                            + " more do not fit. Delete streams, restart"
                            + " the endpoint, or start it with a larger heap.");
        }
    }
}
