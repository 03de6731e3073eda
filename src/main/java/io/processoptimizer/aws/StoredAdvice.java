package io.processoptimizer.aws;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The advice records that the live table holds, as lines of {@code advice.ndjson}, in no order. */
public final class StoredAdvice {
    /** A page has at most 1 MB. */
    private static final Duration PAGE_WITHIN = Duration.ofSeconds(30);

    private StoredAdvice() {}

    /** Reads the whole table, a page after the other. */
    public static void write(DynamoDbAsyncClient dynamo, String table, Path file)
            throws IOException, InterruptedException {
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            Map<String, AttributeValue> after = Map.of();
            do {
                Map<String, AttributeValue> from = after;
                ScanResponse page = Calls.await(
                        dynamo.scan(r -> r.tableName(table)
                                .consistentRead(true)
                                .filterExpression("begins_with(id, :advice)")
                                .expressionAttributeValues(Map.of(":advice", AttributeValue.fromS("advice#")))
                                .exclusiveStartKey(from.isEmpty() ? null : from)),
                        PAGE_WITHIN);
                for (Map<String, AttributeValue> item : page.items()) {
                    out.write(JsonItems.json(item));
                    out.write('\n');
                }
                after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
            } while (!after.isEmpty());
        }
    }
}
