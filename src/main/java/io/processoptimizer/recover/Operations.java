package io.processoptimizer.recover;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.Calls;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Whether an operator's change of an application is under way, read from the item that every such change leaves. */
public final class Operations {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private Operations() {}

    /** The one that was begun and is not done; null: none. */
    public static Sighting.@Nullable Operation unfinished(
            DynamoDbAsyncClient dynamo, String stateTable, String application) throws InterruptedException {
        Map<String, AttributeValue> item = Calls.await(
                        dynamo.getItem(r -> r.tableName(stateTable)
                                .key(Map.of("shard", fromS("recovery of " + application), "part", fromS("operation")))
                                .consistentRead(true)),
                        ANSWER_WITHIN)
                .item();
        String phase = text(item, "phase", "done");
        return phase.equals("done")
                ? null
                : new Sighting.Operation(
                        text(item, "id", "?"), text(item, "operator", "?"), number(item, "started"), phase);
    }

    private static String text(Map<String, AttributeValue> item, String name, String otherwise) {
        AttributeValue value = item.get(name);
        return value == null || value.s() == null ? otherwise : value.s();
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
