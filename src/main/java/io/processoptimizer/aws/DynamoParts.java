package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * States in the state table, beside the pointers: an item {@code state#ID} of the shard says that there is a state and of how many
 * parts, and each part is an item of a partition of its own, {@code SHARD#ID#NNNN}.
 *
 * <p>Apart for two reasons. DynamoDB charges a query for all it passes, the bytes that are not asked for included: a list of the states
 * must not lie among their bytes. And a partition takes 1,000 units a second, 1 MB, and a state may be larger.
 */
public final class DynamoParts implements SnapshotParts {
    /** An item holds 400 KB with its keys; the rest is room for those. */
    private static final int PART_BYTES = 380 * 1024;

    /** Parts on the wire at once: some megabytes. */
    private static final int PARTS_AT_ONCE = 8;

    private static final String PREFIX = "state#";

    /** The sort key of a part, which is alone in its partition. */
    private static final String DATA = "data";

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
        String what = "writing the state of " + shardId;
        // First the item that lists it: what dies under way is found, and deleted.
        Map<String, AttributeValue> listed = new HashMap<>(key(shardId, PREFIX + id));
        listed.put("chunks", fromN(Integer.toString(parts.size())));
        calls.await(what, dynamo.putItem(r -> r.tableName(table).item(listed)));
        someAtOnce(what, parts.size(), i -> {
            Map<String, AttributeValue> item = new HashMap<>(partKey(shardId, id, i));
            item.put(DATA, fromB(SdkBytes.fromByteArrayUnsafe(parts.get(i))));
            return dynamo.putItem(r -> r.tableName(table).item(item));
        });
    }

    @Override
    public List<byte[]> get(String shardId, String id, int count) {
        return someAtOnce(
                "reading the state of " + shardId,
                count,
                i -> dynamo.getItem(r ->
                                r.tableName(table).key(partKey(shardId, id, i)).consistentRead(true))
                        .thenApply(answer -> bytes(shardId, partition(shardId, id, i), answer.item())));
    }

    private <T> List<T> someAtOnce(String what, int count, IntFunction<CompletableFuture<T>> call) {
        List<T> answers = new ArrayList<>(count);
        for (int from = 0; from < count; from += PARTS_AT_ONCE) {
            List<CompletableFuture<T>> underWay = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + PARTS_AT_ONCE); i++) {
                underWay.add(call.apply(i));
            }
            underWay.forEach(one -> answers.add(calls.await(what, one)));
        }
        return answers;
    }

    private static byte[] bytes(String shardId, String part, Map<String, AttributeValue> item) {
        AttributeValue data = item.get(DATA);
        if (data == null || data.b() == null) {
            throw new UnreadableSnapshotException("the state of " + shardId + " lacks its part " + part);
        }
        return data.b().asByteArray();
    }

    @Override
    public List<String> ids(String shardId) {
        return calls.items("listing the states of " + shardId, dynamo, table, shardId, PREFIX).stream()
                .map(item -> item.getOrDefault("part", fromS(PREFIX)).s().substring(PREFIX.length()))
                .toList();
    }

    @Override
    public void delete(String shardId, String id) {
        String what = "deleting an old state of " + shardId;
        AttributeValue count = calls.await(
                        what,
                        dynamo.getItem(r -> r.tableName(table)
                                .key(key(shardId, PREFIX + id))
                                .consistentRead(true)))
                .item()
                .get("chunks");
        if (count == null) {
            return;
        }
        someAtOnce(
                what,
                Integer.parseInt(count.n()),
                i -> dynamo.deleteItem(r -> r.tableName(table).key(partKey(shardId, id, i))));
        // Last the item that lists it: a deletion that dies under way is made again.
        calls.await(what, dynamo.deleteItem(r -> r.tableName(table).key(key(shardId, PREFIX + id))));
    }

    private static Map<String, AttributeValue> partKey(String shardId, String id, int index) {
        return key(partition(shardId, id, index), DATA);
    }

    private static String partition(String shardId, String id, int index) {
        return String.format(Locale.ROOT, "%s#%s#%04d", shardId, id, index);
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }
}
