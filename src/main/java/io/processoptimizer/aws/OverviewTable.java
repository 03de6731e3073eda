package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.status.Overviews;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/**
 * Overviews of shards in the table of states: one partition {@code overviews of APPLICATION}, an item a shard. Written on condition that no
 * later tenure has written; read with one query. A lost overview loses nothing but what a page shows.
 */
public final class OverviewTable implements Overviews {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String OURS = "attribute_not_exists(epoch) OR epoch <= :epoch";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final String partition;

    /** @param table the table of states */
    public OverviewTable(DynamoDbAsyncClient dynamo, String table, String application) {
        this.dynamo = dynamo;
        this.table = table;
        this.partition = "overviews of " + application;
    }

    @Override
    public void put(String shardId, long epoch, byte[] overview) throws IOException {
        await(Conditions.orElseFine(dynamo.putItem(r -> r.tableName(table)
                .item(Map.of(
                        "shard", fromS(partition),
                        "part", fromS(shardId),
                        "epoch", fromN(Long.toString(epoch)),
                        "overview", fromB(SdkBytes.fromByteArray(overview))))
                .conditionExpression(OURS)
                .expressionAttributeValues(Map.of(":epoch", fromN(Long.toString(epoch)))))));
    }

    @Override
    public void remove(String shardId, long epoch) throws IOException {
        await(Conditions.orElseFine(dynamo.deleteItem(r -> r.tableName(table)
                .key(Map.of("shard", fromS(partition), "part", fromS(shardId)))
                .conditionExpression(OURS)
                .expressionAttributeValues(Map.of(":epoch", fromN(Long.toString(epoch)))))));
    }

    @Override
    public List<byte[]> all() throws IOException {
        List<byte[]> all = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // A page has 1 MB: as many as the stream's shards need.
        do {
            Map<String, AttributeValue> start = from;
            QueryResponse page = await(dynamo.query(r -> r.tableName(table)
                    .keyConditionExpression("#shard = :partition")
                    .expressionAttributeNames(Map.of("#shard", "shard"))
                    .expressionAttributeValues(Map.of(":partition", fromS(partition)))
                    .exclusiveStartKey(start.isEmpty() ? null : start)));
            for (Map<String, AttributeValue> item : page.items()) {
                AttributeValue overview = item.get("overview");
                if (overview != null && overview.b() != null) {
                    all.add(overview.b().asByteArray());
                }
            }
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return all;
    }

    private static <T> T await(CompletableFuture<T> call) throws IOException {
        try {
            return Calls.await(call, ANSWER_WITHIN);
        } catch (SdkException e) {
            throw new IOException(e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
