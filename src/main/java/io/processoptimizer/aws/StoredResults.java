package io.processoptimizer.aws;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.processoptimizer.replay.CollectedResults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** The results that the live table holds, as lines of {@code windows.ndjson}. */
public final class StoredResults {
    private static final JsonFactory JSON = new JsonFactory();

    /** A page has at most 1 MB. */
    private static final Duration PAGE_WITHIN = Duration.ofSeconds(30);

    private StoredResults() {}

    /** Reads the whole table, a page after the other. */
    public static void scan(DynamoDbAsyncClient dynamo, String table, String defaultWindow, CollectedResults results)
            throws IOException, InterruptedException {
        Map<String, AttributeValue> after = Map.of();
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page = Calls.await(
                    dynamo.scan(r -> r.tableName(table).exclusiveStartKey(from.isEmpty() ? null : from)), PAGE_WITHIN);
            for (Map<String, AttributeValue> item : page.items()) {
                results.add(line(item, defaultWindow));
            }
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : Map.of();
        } while (!after.isEmpty());
    }

    private static byte[] line(Map<String, AttributeValue> item, String defaultWindow) throws IOException {
        String window = text(item, "window");
        String key = text(item, "process_id");
        String processId = window.equals(defaultWindow) ? key : key.substring(0, key.length() - window.length() - 1);
        Set<String> ofTheTable = Set.of("process_id", "timestamp", ResultTable.RANK, Tables.TTL_ATTRIBUTE);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("process_id", processId);
            for (Map.Entry<String, AttributeValue> field : item.entrySet()) {
                if (!ofTheTable.contains(field.getKey())) {
                    json.writeFieldName(field.getKey());
                    JsonItems.write(field.getValue(), json);
                }
            }
            json.writeEndObject();
        }
        return bytes.toByteArray();
    }

    private static String text(Map<String, AttributeValue> item, String field) throws IOException {
        AttributeValue value = item.get(field);
        if (value == null || value.s() == null) {
            throw new IOException("an item of the results table has no text in " + field
                    + ", so it is no result; is it the right table?");
        }
        return value.s();
    }
}
