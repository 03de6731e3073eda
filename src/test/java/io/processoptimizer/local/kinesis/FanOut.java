package io.processoptimizer.local.kinesis;

import java.net.URI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** One SubscribeToShard of the SDK and all that it brought. */
final class FanOut {
    private final List<SubscribeToShardEvent> events = new CopyOnWriteArrayList<>();
    private final CompletableFuture<Void> end;

    private FanOut(KinesisAsyncClient client, String consumerArn, String shardId, StartingPosition from) {
        end = client.subscribeToShard(
                b -> b.consumerARN(consumerArn).shardId(shardId).startingPosition(from),
                SubscribeToShardResponseHandler.builder()
                        .subscriber(event -> {
                            if (event instanceof SubscribeToShardEvent records) {
                                events.add(records);
                            }
                        })
                        .build());
    }

    static KinesisAsyncClient client(URI endpoint) {
        return KinesisAsyncClient.builder()
                .endpointOverride(endpoint)
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("test", "test")))
                .build();
    }

    static FanOut subscribe(KinesisAsyncClient client, String consumerArn, String shardId, StartingPosition from) {
        return new FanOut(client, consumerArn, shardId, from);
    }

    List<SubscribeToShardEvent> events() {
        return events;
    }

    List<String> texts() {
        return events.stream()
                .flatMap(event -> event.records().stream())
                .map(Record::data)
                .map(data -> data.asUtf8String())
                .toList();
    }

    SubscribeToShardEvent lastEvent() {
        return events.get(events.size() - 1);
    }

    CompletableFuture<Void> end() {
        return end;
    }
}
