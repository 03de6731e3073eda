package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** Calls to where states are kept: what may pass is told from what says something about the state. */
final class StateCalls {
    /** A part takes milliseconds; the SDK's retries included, an answer comes within this or the call is given up. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private final String where;

    StateCalls(String where) {
        this.where = where;
    }

    <T> T await(String what, CompletableFuture<T> call) {
        try {
            return Calls.await(call, ANSWER_WITHIN);
        } catch (ConditionalCheckFailedException | UnreadableSnapshotException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SnapshotStoreException("interrupted while " + what + " in " + where, e);
        } catch (RuntimeException e) {
            throw new SnapshotStoreException(what + " in " + where + " failed: " + e.getMessage(), e);
        }
    }

    /** All items of a shard whose part begins so, read consistently, in rising order of their parts. */
    List<Map<String, AttributeValue>> items(
            String what, DynamoDbAsyncClient dynamo, String table, String shardId, String prefix) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // A page at a time; each starts behind the last.
        do {
            Map<String, AttributeValue> start = from;
            QueryResponse page = await(
                    what,
                    dynamo.query(r -> r.tableName(table)
                            .keyConditionExpression("#shard = :shard AND begins_with(part, :prefix)")
                            .consistentRead(true)
                            .expressionAttributeNames(Map.of("#shard", "shard"))
                            .expressionAttributeValues(Map.of(":shard", fromS(shardId), ":prefix", fromS(prefix)))
                            .exclusiveStartKey(start.isEmpty() ? null : start)));
            items.addAll(page.items());
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return items;
    }
}
