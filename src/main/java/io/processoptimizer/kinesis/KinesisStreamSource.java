package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.replay.StreamDescription;
import io.processoptimizer.replay.StreamSource;
import java.math.BigInteger;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.StreamDescriptionSummary;
import software.amazon.awssdk.services.kinesis.model.StreamStatus;

/** A Kinesis stream, read by polling without leases: any number of readers beside the worker, which does not notice them. */
public final class KinesisStreamSource implements StreamSource {
    private final KinesisAsyncClient kinesis;
    private final PatientCalls calls = new PatientCalls();
    private final String stream;
    private final InstantSource clock;
    private final Map<String, RecordedShard> shards = new ConcurrentHashMap<>();

    /** @param clients not closed by this */
    public KinesisStreamSource(AwsClients clients, String stream, InstantSource clock) {
        this.kinesis = clients.kinesis();
        this.stream = stream;
        this.clock = clock;
    }

    @Override
    public StreamDescription describe() throws InterruptedException {
        StreamDescriptionSummary summary = summary();
        List<RecordedShard> found = new ArrayList<>();
        String token = null;
        // As many pages as the stream has shards for: each names the next.
        do {
            ListShardsResponse page = page(token);
            page.shards().forEach(shard -> found.add(recorded(shard)));
            token = page.nextToken();
        } while (token != null);
        found.forEach(shard -> shards.put(shard.shardId(), shard));
        return new StreamDescription(
                stream,
                summary.streamARN(),
                summary.streamCreationTimestamp().toEpochMilli(),
                Duration.ofHours(summary.retentionPeriodHours()).toMillis(),
                found);
    }

    private StreamDescriptionSummary summary() throws InterruptedException {
        StreamDescriptionSummary summary;
        try {
            summary = calls.answer(() -> kinesis.describeStreamSummary(r -> r.streamName(stream)))
                    .streamDescriptionSummary();
        } catch (ResourceNotFoundException e) {
            throw new IllegalStateException(
                    "stream " + stream
                            + " does not exist there; check its name (stream.name), aws.region and aws.endpoint",
                    e);
        }
        if (summary.streamStatus() != StreamStatus.ACTIVE && summary.streamStatus() != StreamStatus.UPDATING) {
            throw new IllegalStateException("stream " + stream + " is " + summary.streamStatusAsString()
                    + " and cannot be read; wait until it is ACTIVE");
        }
        return summary;
    }

    private ListShardsResponse page(@Nullable String token) throws InterruptedException {
        return calls.answer(() -> kinesis.listShards(r -> {
            if (token == null) {
                r.streamName(stream);
            } else {
                r.nextToken(token);
            }
        }));
    }

    private static RecordedShard recorded(Shard shard) {
        return new RecordedShard(
                shard.shardId(),
                new BigInteger(shard.hashKeyRange().startingHashKey()),
                new BigInteger(shard.hashKeyRange().endingHashKey()),
                Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                        .filter(parent -> parent != null)
                        .toList(),
                shard.sequenceNumberRange().endingSequenceNumber() != null);
    }

    @Override
    public ShardReader open(String shardId, ReadFrom from) throws InterruptedException {
        RecordedShard shard = shards.get(shardId);
        if (shard == null) {
            describe();
            shard = shards.get(shardId);
        }
        if (shard == null) {
            throw new IllegalStateException("stream " + stream + " has no shard " + shardId);
        }
        return new KinesisShardReader(kinesis, calls, stream, shard, from, clock);
    }

    /** The clients are not this one's to close. */
    @Override
    public void close() {}
}
