package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * The operation that an operator has under way on an application, in the state table: there is one at a time, and it says by itself how far
 * it is, so that anybody can take it up. Beside it the counter of generations, which exceeds every earlier one of the application.
 */
public final class RecoveryItem {
    private static final String DONE = "done";
    private static final String COUNTER = "counter";
    private static final String OPERATION = "operation";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final String application;
    private final StateCalls calls;

    /** @param table the table of states */
    public RecoveryItem(DynamoDbAsyncClient dynamo, String table, String application) {
        this.dynamo = dynamo;
        this.table = table;
        this.application = application;
        this.calls = new StateCalls("table " + table);
    }

    /**
     * An operation, as it is stored.
     *
     * @param id names it
     * @param operator who began it
     * @param startedMillis when, epoch milliseconds
     * @param phase how far it is, in one word; {@value #DONE} at the end
     * @param json all that is needed to go on
     */
    public record Stored(String id, String operator, long startedMillis, String phase, String json) {
        public boolean isDone() {
            return phase.equals(DONE);
        }
    }

    /** A number that no rewind of the application has had. */
    public long nextGeneration() {
        Map<String, AttributeValue> now = calls.await(
                        "counting generations",
                        dynamo.updateItem(r -> r.tableName(table)
                                .key(key(COUNTER))
                                .updateExpression("ADD generation :one")
                                .expressionAttributeValues(Map.of(":one", fromN("1")))
                                .returnValues(ReturnValue.UPDATED_NEW)))
                .attributes();
        return generations(now);
    }

    /** How many generations the application has had; 0: none. */
    public long generations() {
        Map<String, AttributeValue> counter = calls.await(
                        "reading the count of generations",
                        dynamo.getItem(r -> r.tableName(table).key(key(COUNTER)).consistentRead(true)))
                .item();
        return generations(counter);
    }

    /** The application has had at least so many: what is put in from elsewhere has results of those. */
    public void raiseGenerations(long least) {
        if (least <= 0) {
            return;
        }
        try {
            calls.await(
                    "raising the count of generations",
                    dynamo.updateItem(r -> r.tableName(table)
                            .key(key(COUNTER))
                            .updateExpression("SET generation = :least")
                            .conditionExpression("attribute_not_exists(generation) OR generation < :least")
                            .expressionAttributeValues(Map.of(":least", fromN(Long.toString(least))))));
        } catch (ConditionalCheckFailedException e) {
            // There were as many already.
            return;
        }
    }

    private static long generations(Map<String, AttributeValue> counter) {
        return Long.parseLong(counter.getOrDefault("generation", fromN("0")).n());
    }

    /** The last operation, if it was begun and is not done; else null. */
    public @Nullable Stored unfinished() {
        Stored last = operation();
        return last == null || last.isDone() ? null : last;
    }

    /** The last operation, whether or not it is done; null where there was none. */
    public @Nullable Stored operation() {
        Map<String, AttributeValue> item = calls.await(
                        "reading the operation under way",
                        dynamo.getItem(
                                r -> r.tableName(table).key(key(OPERATION)).consistentRead(true)))
                .item();
        return item == null || item.isEmpty()
                ? null
                : new Stored(
                        text(item, "id"),
                        text(item, "operator"),
                        Long.parseLong(item.getOrDefault("started", fromN("0")).n()),
                        text(item, "phase"),
                        text(item, "operation"));
    }

    /**
     * Begins an operation.
     *
     * @return false where another one is not done; the same one may be begun again
     */
    public boolean begin(Stored operation) {
        return put(
                operation,
                "attribute_not_exists(part) OR #phase = :done OR #id = :id",
                Map.of(":done", fromS(DONE), ":id", fromS(operation.id())),
                Map.of("#phase", "phase", "#id", "id"));
    }

    /**
     * Stores how far an operation is.
     *
     * @throws IllegalStateException where another one has taken its place
     */
    public void update(Stored operation) {
        if (!put(operation, "#id = :id", Map.of(":id", fromS(operation.id())), Map.of("#id", "id"))) {
            throw new IllegalStateException("the operation " + operation.id()
                    + " was ended by somebody else meanwhile; look at 'recover status'");
        }
    }

    private boolean put(
            Stored operation, String condition, Map<String, AttributeValue> values, Map<String, String> names) {
        Map<String, AttributeValue> item = new HashMap<>(key(OPERATION));
        item.put("id", fromS(operation.id()));
        item.put("operator", fromS(operation.operator()));
        item.put("started", fromN(Long.toString(operation.startedMillis())));
        item.put("phase", fromS(operation.phase()));
        item.put("operation", fromS(operation.json()));
        try {
            calls.await(
                    "writing the operation under way",
                    dynamo.putItem(r -> r.tableName(table)
                            .item(item)
                            .conditionExpression(condition)
                            .expressionAttributeNames(names)
                            .expressionAttributeValues(values)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private Map<String, AttributeValue> key(String part) {
        return Map.of("shard", fromS("recovery of " + application), "part", fromS(part));
    }

    private static String text(Map<String, AttributeValue> item, String name) {
        return item.getOrDefault(name, fromS("")).s();
    }
}
