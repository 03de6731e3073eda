package io.processoptimizer.recover.move;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.RecoveryItem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Leases, pointers and savepoints of one application as the items that they are. A table that is missing is empty. */
final class ApplicationItems {
    private final DynamoDbAsyncClient dynamo;
    private final String application;
    private final String stateTable;
    private final PatientCalls calls = new PatientCalls();

    ApplicationItems(DynamoDbAsyncClient dynamo, String application, String stateTable) {
        this.dynamo = dynamo;
        this.application = application;
        this.stateTable = stateTable;
    }

    String application() {
        return application;
    }

    String stateTable() {
        return stateTable;
    }

    DynamoDbAsyncClient dynamo() {
        return dynamo;
    }

    PatientCalls calls() {
        return calls;
    }

    /** What operators did to the application; its table must exist. */
    RecoveryItem recovery() {
        return new RecoveryItem(dynamo, stateTable, application);
    }

    /** KCL's rows of leases by shard. */
    SortedMap<String, Map<String, AttributeValue>> leases() throws InterruptedException {
        SortedMap<String, Map<String, AttributeValue>> leases = new TreeMap<>();
        Map<String, AttributeValue> after = Map.of();
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page;
            try {
                page = calls.answer(() -> dynamo.scan(r ->
                        r.tableName(application).consistentRead(true).exclusiveStartKey(from.isEmpty() ? null : from)));
            } catch (ResourceNotFoundException e) {
                return leases;
            }
            for (Map<String, AttributeValue> row : page.items()) {
                String kind = Item.text(row, "entityType");
                String shard = Item.text(row, "leaseKey");
                if (shard != null && row.containsKey("checkpoint") && (kind == null || kind.equals("LEASE"))) {
                    leases.put(shard, row);
                }
            }
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
        return leases;
    }

    @Nullable
    Map<String, AttributeValue> pointer(String shardId) throws InterruptedException {
        return item(shardId, "pointer");
    }

    /** An item of the state table, or null. */
    @Nullable
    Map<String, AttributeValue> item(String shard, String part) throws InterruptedException {
        try {
            Map<String, AttributeValue> item = calls.answer(() -> dynamo.getItem(r -> r.tableName(stateTable)
                            .key(Map.of("shard", fromS(shard), "part", fromS(part)))
                            .consistentRead(true)))
                    .item();
            return item == null || item.isEmpty() ? null : item;
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    /** The items of a shard's savepoints. */
    List<Map<String, AttributeValue>> savepoints(String shardId) throws InterruptedException {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> after = Map.of();
        do {
            Map<String, AttributeValue> from = after;
            QueryResponse page = calls.answer(() -> dynamo.query(r -> r.tableName(stateTable)
                    .keyConditionExpression("#shard = :shard AND begins_with(part, :prefix)")
                    .consistentRead(true)
                    .expressionAttributeNames(Map.of("#shard", "shard"))
                    .expressionAttributeValues(Map.of(":shard", fromS(shardId), ":prefix", fromS("savepoint#")))
                    .exclusiveStartKey(from.isEmpty() ? null : from)));
            items.addAll(page.items());
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
        return items;
    }

    void put(Map<String, AttributeValue> item) throws InterruptedException {
        calls.answer(() -> dynamo.putItem(r -> r.tableName(stateTable).item(item)));
    }
}
