package io.processoptimizer.local.kinesis;

import java.math.BigInteger;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Listing shards and changing how many there are. */
final class ShardCalls {
    private static final int MOST_SHARDS_A_PAGE = 10_000;
    private static final int SHARDS_A_PAGE = 1_000;
    private static final int LONGEST_TOKEN = 1_048_576;
    private static final int MOST_SHARDS_A_STREAM = 10_000;

    /** From the service's quotas page: UpdateShardCount calls a stream in a rolling day. */
    private static final int SCALINGS_A_DAY = 10;

    /** A split at each new boundary leaves two shards, and the merges after it no more than that again. */
    private static final int SHARDS_MADE_PER_TARGET = 4;

    private final StreamRegistry registry;

    ShardCalls(StreamRegistry registry) {
        this.registry = registry;
    }

    Map<String, Call> calls() {
        return Map.of(
                "ListShards", this::listShards,
                "SplitShard", this::splitShard,
                "MergeShards", this::mergeShards,
                "UpdateShardCount", this::updateShardCount);
    }

    private Reply listShards(Fields request) {
        int most = request.integer("MaxResults", 1, MOST_SHARDS_A_PAGE, SHARDS_A_PAGE);
        ShardListToken from = request.has("NextToken") ? continued(request) : firstPage(request);
        KinesisStream stream = registry.get(from.stream());
        long now = registry.nowMillis();
        long horizon = Math.max(stream.createdMillis(), stream.horizonMillis(now));
        List<Shard> shown = stream.shards(now).stream()
                .filter(shard -> shard.id().compareTo(from.afterShardId()) > 0)
                .filter(shard -> from.filter().shows(shard, horizon))
                .limit(most + 1L)
                .toList();
        List<Shard> page = shown.subList(0, Math.min(most, shown.size()));
        String next = shown.size() <= most
                ? null
                : new ShardListToken(
                                from.stream(),
                                from.filter(),
                                page.get(page.size() - 1).id(),
                                now)
                        .token();
        return writer -> {
            writer.objects("Shards", page, RecordShapes::shard);
            writer.text("NextToken", next);
        };
    }

    private ShardListToken continued(Fields request) {
        for (String other : List.of("StreamName", "StreamARN", "ExclusiveStartShardId", "ShardFilter")) {
            if (request.has(other)) {
                throw KinesisError.INVALID_ARGUMENT.with("NextToken and " + other
                        + " cannot be provided together; the token says which shards come next.");
            }
        }
        ShardListToken token = ShardListToken.parse(request.requiredText("NextToken", 1, LONGEST_TOKEN));
        if (registry.nowMillis() - token.issuedMillis() > ShardListToken.LIFETIME_MILLIS) {
            throw KinesisError.EXPIRED_NEXT_TOKEN.with("NextToken expired: it is good for "
                    + ShardListToken.LIFETIME_MILLIS + " milliseconds; list from the start.");
        }
        return token;
    }

    private ShardListToken firstPage(Fields request) {
        KinesisStream stream = registry.named(request);
        String after = request.has("ExclusiveStartShardId") ? request.requiredName("ExclusiveStartShardId") : "";
        Fields filter = request.object("ShardFilter");
        return new ShardListToken(
                stream.name(), filter == null ? ShardFilter.ALL : filter(filter), after, registry.nowMillis());
    }

    private static ShardFilter filter(Fields fields) {
        ShardFilter.Type type = fields.requiredOneOf("Type", ShardFilter.Type.class);
        return switch (type) {
            case AFTER_SHARD_ID -> {
                if (!fields.has("ShardId")) {
                    throw KinesisError.INVALID_ARGUMENT.with("ShardFilter of type " + type + " needs ShardId.");
                }
                yield new ShardFilter(type, fields.requiredName("ShardId"), 0);
            }
            case AT_TIMESTAMP, FROM_TIMESTAMP -> {
                Long millis = fields.timestampMillis("Timestamp");
                if (millis == null) {
                    throw KinesisError.INVALID_ARGUMENT.with("ShardFilter of type " + type + " needs Timestamp.");
                }
                yield new ShardFilter(type, "", millis);
            }
            default -> new ShardFilter(type, "", 0);
        };
    }

    private Reply splitShard(Fields request) {
        KinesisStream stream = provisioned(request);
        BigInteger key = request.requiredHashKey("NewStartingHashKey");
        String shardId = request.requiredName("ShardToSplit");
        registry.requireRoomForShards(2);
        synchronized (stream) {
            Shard shard = registry.shard(stream, shardId);
            requireOpen(stream, shard);
            HashKeyRange range = shard.hashKeys();
            if (key.compareTo(range.start().add(BigInteger.ONE)) <= 0 || key.compareTo(range.end()) >= 0) {
                throw KinesisError.INVALID_ARGUMENT.with("NewStartingHashKey " + key + " used in SplitShard() on shard "
                        + shardId + " in " + registry.label(stream.name())
                        + " is not both greater than one plus the shard's"
                        + " StartingHashKey " + range.start() + " and less than the shard's EndingHashKey "
                        + range.end()
                        + ".");
            }
            stream.split(shard, key, registry.nowMillis());
        }
        return Reply.EMPTY;
    }

    private Reply mergeShards(Fields request) {
        KinesisStream stream = provisioned(request);
        String firstId = request.requiredName("ShardToMerge");
        String secondId = request.requiredName("AdjacentShardToMerge");
        registry.requireRoomForShards(1);
        synchronized (stream) {
            Shard first = registry.shard(stream, firstId);
            Shard second = registry.shard(stream, secondId);
            requireOpen(stream, first);
            requireOpen(stream, second);
            if (first.hashKeys().isFollowedBy(second.hashKeys())) {
                stream.merge(first, second, first, registry.nowMillis());
            } else if (second.hashKeys().isFollowedBy(first.hashKeys())) {
                stream.merge(second, first, first, registry.nowMillis());
            } else {
                throw KinesisError.INVALID_ARGUMENT.with("Shards " + firstId + " and " + secondId + " in "
                        + registry.label(stream.name()) + " are not an adjacent pair of shards eligible for merging");
            }
        }
        return Reply.EMPTY;
    }

    private Reply updateShardCount(Fields request) {
        KinesisStream stream = provisioned(request);
        int target = request.requiredInteger("TargetShardCount", 1, Integer.MAX_VALUE);
        request.requiredOneOf("ScalingType", ScalingType.class);
        if (target > MOST_SHARDS_A_STREAM) {
            throw KinesisError.LIMIT_EXCEEDED.with("TargetShardCount " + target + " is more than the "
                    + MOST_SHARDS_A_STREAM + " shards a stream can have.");
        }
        registry.requireRoomForShards(SHARDS_MADE_PER_TARGET * target);
        int before;
        synchronized (stream) {
            before = stream.openShardCount();
            if (target > 2 * before || 2 * target < before) {
                throw KinesisError.INVALID_ARGUMENT.with("UpdateShardCount cannot scale "
                        + (target > before ? "up over double" : "down below half")
                        + " your current open shard count. Current open shard count: " + before
                        + " Target shard count: "
                        + target);
            }
            requireScalingsLeft(stream);
            stream.scaleTo(target, registry.nowMillis());
        }
        return writer -> {
            writer.text("StreamName", stream.name());
            writer.number("CurrentShardCount", before);
            writer.number("TargetShardCount", target);
            writer.text("StreamARN", stream.arn());
        };
    }

    private enum ScalingType {
        UNIFORM_SCALING
    }

    private void requireScalingsLeft(KinesisStream stream) {
        if (!registry.limits().throttled()) {
            return;
        }
        long now = registry.nowMillis();
        Deque<Long> times = stream.scalings();
        while (!times.isEmpty() && times.getFirst() <= now - TimeUnit.DAYS.toMillis(1)) {
            times.removeFirst();
        }
        if (times.size() >= SCALINGS_A_DAY) {
            throw KinesisError.LIMIT_EXCEEDED.with(registry.label(stream.name()) + " was scaled " + SCALINGS_A_DAY
                    + " times in the last 24 hours, which is the most; split and merge shards instead.");
        }
        times.addLast(now);
    }

    private KinesisStream provisioned(Fields request) {
        KinesisStream stream = registry.named(request);
        if (stream.mode() == KinesisStream.Mode.ON_DEMAND) {
            throw KinesisError.VALIDATION.with("Request is invalid. " + registry.label(stream.name())
                    + " has the capacity mode ON_DEMAND, in which the service sets the number of shards; change it with"
                    + " UpdateStreamMode first.");
        }
        return stream;
    }

    private void requireOpen(KinesisStream stream, Shard shard) {
        if (!shard.isOpen()) {
            throw KinesisError.INVALID_ARGUMENT.with("Shard " + shard.id() + " in " + registry.label(stream.name())
                    + " has already been merged or split, and thus is not eligible for merging or splitting.");
        }
    }
}
