package io.processoptimizer.local.kinesis;

import java.util.List;
import java.util.Map;

/** Registering consumers with a throughput of their own. A consumer is active as soon as its registration is answered. */
final class ConsumerCalls {
    /** From the service's quotas page: consumers a stream. */
    private static final int MOST_CONSUMERS = 20;

    private static final int MOST_A_PAGE = 10_000;
    private static final int CONSUMERS_A_PAGE = 100;

    private final StreamRegistry registry;
    private final Subscriptions subscriptions;

    ConsumerCalls(StreamRegistry registry, Subscriptions subscriptions) {
        this.registry = registry;
        this.subscriptions = subscriptions;
    }

    Map<String, Call> calls() {
        return Map.of(
                "RegisterStreamConsumer", this::register,
                "DescribeStreamConsumer", this::describe,
                "ListStreamConsumers", this::list,
                "DeregisterStreamConsumer", this::deregister);
    }

    private Reply register(Fields request) {
        KinesisStream stream = registry.named(request);
        String name = request.requiredName("ConsumerName");
        long now = registry.nowMillis();
        StreamConsumer consumer = new StreamConsumer(name, stream.arn() + "/consumer/" + name + ":" + now / 1000, now);
        synchronized (stream) {
            if (stream.consumers().containsKey(name)) {
                throw KinesisError.RESOURCE_IN_USE.with(
                        "Consumer " + name + " of " + registry.label(stream.name()) + " already exists.");
            }
            if (stream.consumers().size() >= MOST_CONSUMERS) {
                throw KinesisError.LIMIT_EXCEEDED.with(registry.label(stream.name()) + " has " + MOST_CONSUMERS
                        + " consumers, which is the most; deregister one first.");
            }
            stream.consumers().put(name, consumer);
        }
        return writer -> writer.object("Consumer", each -> write(each, consumer, "CREATING"));
    }

    private Reply describe(Fields request) {
        Found found = found(request);
        return writer -> writer.object("ConsumerDescription", each -> {
            write(each, found.consumer(), "ACTIVE");
            each.text("StreamARN", found.stream().arn());
        });
    }

    private Reply list(Fields request) {
        KinesisStream stream = registry.named(request);
        int most = request.integer("MaxResults", 1, MOST_A_PAGE, CONSUMERS_A_PAGE);
        String token = request.text("NextToken");
        List<StreamConsumer> found;
        synchronized (stream) {
            found = stream.consumers().values().stream()
                    .filter(consumer -> token == null || consumer.name().compareTo(token) > 0)
                    .limit(most + 1L)
                    .toList();
        }
        List<StreamConsumer> page = found.subList(0, Math.min(most, found.size()));
        return writer -> {
            writer.objects("Consumers", page, consumer -> each -> write(each, consumer, "ACTIVE"));
            writer.text(
                    "NextToken", found.size() > most ? page.get(page.size() - 1).name() : null);
        };
    }

    private Reply deregister(Fields request) {
        Found found = found(request);
        synchronized (found.stream()) {
            found.stream().consumers().remove(found.consumer().name(), found.consumer());
        }
        subscriptions.end(found.consumer());
        return Reply.EMPTY;
    }

    private static void write(ReplyWriter writer, StreamConsumer consumer, String status) throws java.io.IOException {
        writer.text("ConsumerName", consumer.name());
        writer.text("ConsumerARN", consumer.arn());
        writer.text("ConsumerStatus", status);
        writer.timestamp("ConsumerCreationTimestamp", consumer.createdMillis());
    }

    private record Found(KinesisStream stream, StreamConsumer consumer) {}

    /** By ConsumerARN, or by StreamARN and ConsumerName. */
    private Found found(Fields request) {
        String arn = request.text("ConsumerARN");
        if (arn != null) {
            KinesisStream stream = registry.ofConsumer(arn);
            return new Found(stream, registry.consumer(stream, arn));
        }
        if (!request.has("StreamARN") || !request.has("ConsumerName")) {
            throw KinesisError.INVALID_ARGUMENT.with(
                    "Either ConsumerARN, or StreamARN and ConsumerName must be given.");
        }
        KinesisStream stream = registry.named(request);
        String name = request.requiredName("ConsumerName");
        synchronized (stream) {
            StreamConsumer consumer = stream.consumers().get(name);
            if (consumer == null) {
                throw KinesisError.RESOURCE_NOT_FOUND.with(
                        "Consumer " + name + " of " + registry.label(stream.name()) + " not found.");
            }
            return new Found(stream, consumer);
        }
    }
}
