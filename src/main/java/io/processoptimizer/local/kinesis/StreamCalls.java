package io.processoptimizer.local.kinesis;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Streams and their settings. A stream is active as soon as its creation is answered. */
final class StreamCalls {
    private static final int ON_DEMAND_SHARDS = 4;
    private static final int MOST_SHARDS_A_STREAM = 10_000;
    private static final int MOST_A_PAGE = 10_000;
    private static final int STREAMS_A_PAGE = 100;
    private static final int SHARDS_A_PAGE = 100;

    private final StreamRegistry registry;

    StreamCalls(StreamRegistry registry) {
        this.registry = registry;
    }

    Map<String, Call> calls() {
        Map<String, Call> calls = new HashMap<>();
        calls.put("CreateStream", this::createStream);
        calls.put("DeleteStream", this::deleteStream);
        calls.put("DescribeStream", this::describeStream);
        calls.put("DescribeStreamSummary", this::describeStreamSummary);
        calls.put("ListStreams", this::listStreams);
        calls.put("DescribeLimits", this::describeLimits);
        calls.put("IncreaseStreamRetentionPeriod", this::increaseRetention);
        calls.put("DecreaseStreamRetentionPeriod", this::decreaseRetention);
        calls.put("StartStreamEncryption", this::startEncryption);
        calls.put("StopStreamEncryption", this::stopEncryption);
        calls.put("UpdateStreamMode", this::updateStreamMode);
        calls.put("UpdateMaxRecordSize", this::updateMaxRecordSize);
        return calls;
    }

    private Reply createStream(Fields request) {
        String name = request.requiredName("StreamName");
        Fields details = request.object("StreamModeDetails");
        KinesisStream.Mode mode = details == null
                ? KinesisStream.Mode.PROVISIONED
                : details.requiredOneOf("StreamMode", KinesisStream.Mode.class);
        int shards = mode == KinesisStream.Mode.ON_DEMAND
                ? ON_DEMAND_SHARDS
                : request.requiredInteger("ShardCount", 1, MOST_SHARDS_A_STREAM);
        int kib = recordKib(request, KinesisStream.LEAST_RECORD_KIB);
        Map<String, String> tags = TagCalls.checked(request.texts("Tags"));
        KinesisStream stream = registry.create(name, mode, shards);
        stream.changeMaxRecordKib(kib);
        synchronized (stream) {
            stream.tags().putAll(tags);
        }
        return Reply.EMPTY;
    }

    private static int recordKib(Fields request, int otherwise) {
        return request.integer(
                "MaxRecordSizeInKiB", KinesisStream.LEAST_RECORD_KIB, KinesisStream.MOST_RECORD_KIB, otherwise);
    }

    private Reply deleteStream(Fields request) {
        KinesisStream stream = registry.named(request);
        synchronized (stream) {
            if (!stream.consumers().isEmpty() && !request.flag("EnforceConsumerDeletion")) {
                throw KinesisError.RESOURCE_IN_USE.with(registry.label(stream.name()) + " has registered consumers: "
                        + stream.consumers().keySet() + ". Deregister them or set EnforceConsumerDeletion.");
            }
            stream.consumers().clear();
        }
        registry.delete(stream);
        return Reply.EMPTY;
    }

    private Reply describeStream(Fields request) {
        KinesisStream stream = registry.named(request);
        int limit = request.integer("Limit", 1, MOST_A_PAGE, SHARDS_A_PAGE);
        String after = request.has("ExclusiveStartShardId") ? request.requiredName("ExclusiveStartShardId") : "";
        List<Shard> shards = stream.shards(registry.nowMillis()).stream()
                .filter(shard -> shard.id().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        return writer -> writer.object("StreamDescription", description -> {
            writeSettings(description, stream);
            description.objects("Shards", shards.subList(0, Math.min(limit, shards.size())), RecordShapes::shard);
            description.flag("HasMoreShards", shards.size() > limit);
        });
    }

    private Reply describeStreamSummary(Fields request) {
        KinesisStream stream = registry.named(request);
        int consumers;
        synchronized (stream) {
            consumers = stream.consumers().size();
        }
        return writer -> writer.object("StreamDescriptionSummary", summary -> {
            writeSettings(summary, stream);
            summary.number("OpenShardCount", stream.openShardCount());
            summary.number("ConsumerCount", consumers);
            summary.number("MaxRecordSizeInKiB", stream.maxRecordKib());
        });
    }

    private static void writeSettings(ReplyWriter writer, KinesisStream stream) throws java.io.IOException {
        writer.text("StreamName", stream.name());
        writer.text("StreamARN", stream.arn());
        writer.text("StreamStatus", "ACTIVE");
        writer.object(
                "StreamModeDetails",
                mode -> mode.text("StreamMode", stream.mode().name()));
        writer.number("RetentionPeriodHours", stream.retentionHours());
        writer.timestamp("StreamCreationTimestamp", stream.createdMillis());
        writer.objects(
                "EnhancedMonitoring", List.of("none"), unused -> each -> each.texts("ShardLevelMetrics", List.of()));
        String key = stream.encryptionKey();
        writer.text("EncryptionType", key == null ? "NONE" : "KMS");
        writer.text("KeyId", key);
    }

    private Reply listStreams(Fields request) {
        int limit = request.integer("Limit", 1, MOST_A_PAGE, STREAMS_A_PAGE);
        String token = request.text("NextToken");
        String start = request.text("ExclusiveStartStreamName");
        String after = token != null ? token : start != null ? start : "";
        List<KinesisStream> found = registry.all().stream()
                .filter(stream -> stream.name().compareTo(after) > 0)
                .limit(limit + 1L)
                .toList();
        List<KinesisStream> page = found.subList(0, Math.min(limit, found.size()));
        boolean more = found.size() > limit;
        return writer -> {
            writer.texts("StreamNames", page.stream().map(KinesisStream::name).toList());
            writer.flag("HasMoreStreams", more);
            writer.text("NextToken", more ? page.get(page.size() - 1).name() : null);
            writer.objects("StreamSummaries", page, stream -> each -> {
                each.text("StreamName", stream.name());
                each.text("StreamARN", stream.arn());
                each.text("StreamStatus", "ACTIVE");
                each.object(
                        "StreamModeDetails",
                        mode -> mode.text("StreamMode", stream.mode().name()));
                each.timestamp("StreamCreationTimestamp", stream.createdMillis());
            });
        };
    }

    private Reply describeLimits(Fields request) {
        List<KinesisStream> streams = registry.all();
        long onDemand = streams.stream()
                .filter(stream -> stream.mode() == KinesisStream.Mode.ON_DEMAND)
                .count();
        int open = streams.stream().mapToInt(KinesisStream::openShardCount).sum();
        return writer -> {
            writer.number("ShardLimit", registry.limits().maxShards());
            writer.number("OpenShardCount", open);
            writer.number("OnDemandStreamCount", onDemand);
            writer.number("OnDemandStreamCountLimit", StreamRegistry.MAX_STREAMS);
        };
    }

    private Reply increaseRetention(Fields request) {
        KinesisStream stream = registry.named(request);
        int hours = retention(request);
        if (hours < stream.retentionHours()) {
            throw KinesisError.INVALID_ARGUMENT.with("Requested retention period (" + hours + " hours) for "
                    + registry.label(stream.name()) + " can not be shorter than existing retention period ("
                    + stream.retentionHours() + " hours). Use DecreaseRetentionPeriod API.");
        }
        stream.changeRetention(hours);
        return Reply.EMPTY;
    }

    private Reply decreaseRetention(Fields request) {
        KinesisStream stream = registry.named(request);
        int hours = retention(request);
        if (hours > stream.retentionHours()) {
            throw KinesisError.INVALID_ARGUMENT.with("Requested retention period (" + hours + " hours) for "
                    + registry.label(stream.name()) + " can not be longer than existing retention period ("
                    + stream.retentionHours() + " hours). Use IncreaseRetentionPeriod API.");
        }
        stream.changeRetention(hours);
        return Reply.EMPTY;
    }

    private static int retention(Fields request) {
        int hours = request.requiredInteger("RetentionPeriodHours", Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (hours < KinesisStream.LEAST_RETENTION_HOURS || hours > KinesisStream.MOST_RETENTION_HOURS) {
            throw KinesisError.INVALID_ARGUMENT.with("RetentionPeriodHours (" + hours + ") must be between "
                    + KinesisStream.LEAST_RETENTION_HOURS + " and " + KinesisStream.MOST_RETENTION_HOURS + ".");
        }
        return hours;
    }

    private Reply startEncryption(Fields request) {
        KinesisStream stream = registry.named(request);
        stream.changeEncryptionKey(encryptionKey(request));
        return Reply.EMPTY;
    }

    private Reply stopEncryption(Fields request) {
        KinesisStream stream = registry.named(request);
        String named = encryptionKey(request);
        if (stream.encryptionKey() != null) {
            if (!named.equals(stream.encryptionKey())) {
                throw KinesisError.INVALID_ARGUMENT.with(
                        registry.label(stream.name()) + " is encrypted with another key than " + named + ".");
            }
            stream.changeEncryptionKey(null);
        }
        return Reply.EMPTY;
    }

    private static String encryptionKey(Fields request) {
        String type = request.text("EncryptionType");
        String key = request.text("KeyId");
        if (!"KMS".equals(type) || key == null || key.isEmpty()) {
            throw KinesisError.VALIDATION.with("EncryptionType (" + type + ") must be KMS, and KeyId must name a key.");
        }
        return key;
    }

    private Reply updateStreamMode(Fields request) {
        KinesisStream stream = registry.named(request);
        Fields details = request.object("StreamModeDetails");
        if (details == null) {
            throw KinesisError.VALIDATION.with("StreamModeDetails must not be null.");
        }
        stream.changeMode(details.requiredOneOf("StreamMode", KinesisStream.Mode.class));
        return Reply.EMPTY;
    }

    private Reply updateMaxRecordSize(Fields request) {
        KinesisStream stream = registry.named(request);
        stream.changeMaxRecordKib(recordKib(request, stream.maxRecordKib()));
        return Reply.EMPTY;
    }
}
