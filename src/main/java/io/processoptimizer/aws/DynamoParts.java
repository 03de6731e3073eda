package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;

/** States as items {@code state#ID#NNNN} of the state table, beside the pointers. */
public final class DynamoParts implements SnapshotParts {
    /** An item holds 400 KB with its keys; the rest is room for those. */
    private static final int PART_BYTES = 380 * 1024;

    /** Parts on the wire at once: some megabytes. */
    private static final int PARTS_AT_ONCE = 8;

    private static final String PREFIX = "state#";

    /** Sorts behind every id. */
    private static final String LAST = PREFIX + "~";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final StateCalls calls;

    public DynamoParts(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
        this.calls = new StateCalls("table " + table);
    }

    @Override
    public int maxPartBytes() {
        return PART_BYTES;
    }

    @Override
    public void put(String shardId, String id, List<byte[]> parts) {
        for (int from = 0; from < parts.size(); from += PARTS_AT_ONCE) {
            List<CompletableFuture<?>> writes = new ArrayList<>();
            for (int i = from; i < Math.min(parts.size(), from + PARTS_AT_ONCE); i++) {
                Map<String, AttributeValue> item = new HashMap<>(key(shardId, part(id, i)));
                item.put("data", fromB(SdkBytes.fromByteArrayUnsafe(parts.get(i))));
                writes.add(dynamo.putItem(r -> r.tableName(table).item(item)));
            }
            for (CompletableFuture<?> write : writes) {
                calls.await("writing the state of " + shardId, write);
            }
        }
    }

    @Override
    public List<byte[]> get(String shardId, String id, int count) {
        List<byte[]> parts = new ArrayList<>(count);
        for (int from = 0; from < count; from += PARTS_AT_ONCE) {
            List<CompletableFuture<byte[]>> reads = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + PARTS_AT_ONCE); i++) {
                String part = part(id, i);
                reads.add(dynamo.getItem(
                                r -> r.tableName(table).key(key(shardId, part)).consistentRead(true))
                        .thenApply(answer -> bytes(shardId, part, answer.item())));
            }
            for (CompletableFuture<byte[]> read : reads) {
                parts.add(calls.await("reading the state of " + shardId, read));
            }
        }
        return parts;
    }

    private static byte[] bytes(String shardId, String part, Map<String, AttributeValue> item) {
        AttributeValue data = item.get("data");
        if (data == null || data.b() == null) {
            throw new UnreadableSnapshotException("the state of " + shardId + " lacks its part " + part);
        }
        return data.b().asByteArray();
    }

    @Override
    public List<String> ids(String shardId) {
        TreeSet<String> ids = new TreeSet<>();
        for (String part : parts(shardId, PREFIX, LAST)) {
            ids.add(part.substring(PREFIX.length(), part.lastIndexOf('#')));
        }
        return List.copyOf(ids);
    }

    @Override
    public void delete(String shardId, String id) {
        for (String part : parts(shardId, part(id, 0), PREFIX + id + "#~")) {
            calls.await(
                    "deleting an old state of " + shardId,
                    dynamo.deleteItem(r -> r.tableName(table).key(key(shardId, part))));
        }
    }

    private List<String> parts(String shardId, String first, String last) {
        List<String> parts = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // A page at a time; each starts behind the last.
        do {
            Map<String, AttributeValue> start = from;
            QueryResponse found = calls.await(
                    "listing the states of " + shardId,
                    dynamo.query(r -> r.tableName(table)
                            .keyConditionExpression("#shard = :shard AND part BETWEEN :first AND :last")
                            .projectionExpression("part")
                            .consistentRead(true)
                            .expressionAttributeNames(Map.of("#shard", "shard"))
                            .expressionAttributeValues(
                                    Map.of(":shard", fromS(shardId), ":first", fromS(first), ":last", fromS(last)))
                            .exclusiveStartKey(start.isEmpty() ? null : start)));
            found.items()
                    .forEach(item ->
                            parts.add(item.getOrDefault("part", fromS("")).s()));
            from = found.lastEvaluatedKey();
        } while (!from.isEmpty());
        return parts;
    }

    private static String part(String id, int index) {
        return String.format(Locale.ROOT, "%s%s#%04d", PREFIX, id, index);
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }
}
