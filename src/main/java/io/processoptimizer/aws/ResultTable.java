package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.emit.ResultJson;
import io.processoptimizer.emit.WindowResult;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Window results as items: one a window, the newest result of it. A write that is not newer than what is stored (by
 * {@link WindowResult#rank()}) is refused by its condition, which is success: so any number of re-runs, in any order, leaves the same
 * items.
 */
final class ResultTable {
    /** Orders the results of a window; not in the JSON, since it only repeats other fields. */
    static final String RANK = "result_rank";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final String defaultWindow;
    private final Expiry expiry;

    ResultTable(DynamoDbAsyncClient dynamo, String table, String defaultWindow, Expiry expiry) {
        this.dynamo = dynamo;
        this.table = table;
        this.defaultWindow = defaultWindow;
        this.expiry = expiry;
    }

    /** The item of a result, its key included. */
    Map<String, AttributeValue> item(WindowResult result) {
        Map<String, AttributeValue> item = JsonItems.item(ResultJson.toBytes(result));
        String key =
                result.window().equals(defaultWindow) ? result.processId() : result.processId() + "#" + result.window();
        item.put("process_id", fromS(key));
        item.put("timestamp", fromN(Long.toString(result.endMillis())));
        item.put(RANK, fromN(Long.toString(result.rank())));
        expiry.addTo(item);
        return item;
    }

    String name(WindowResult result) {
        return "the result of " + result.processId() + " at " + result.endMillis() + " in table " + table;
    }

    /** True where it was newer than what was stored. */
    CompletableFuture<Boolean> write(Map<String, AttributeValue> item) {
        return Conditions.orElseFine(dynamo.putItem(r -> r.tableName(table)
                .item(item)
                .conditionExpression("attribute_not_exists(#rank) OR #rank < :rank")
                .expressionAttributeNames(Map.of("#rank", RANK))
                .expressionAttributeValues(Map.of(":rank", item.get(RANK)))));
    }
}
