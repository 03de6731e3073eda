package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromB;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromBool;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.SnapshotEnvelope;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * States of the shards in one DynamoDB table: per shard an item {@code pointer}, and the chunks of its states as items
 * {@code state#ID#NNNN}. The pointer is moved on condition that its epoch is the writer's; chunks are never overwritten, since each
 * commit has an id of its own (epoch, then a count). Chunks that no pointer names are deleted when the next commit or holder comes by.
 */
public final class DynamoSnapshotStore implements SnapshotStore {
    /** An item holds 400 KB with its keys; the rest is room for those. */
    private static final int CHUNK_BYTES = 380 * 1024;

    /** Chunks on the wire at once: some megabytes. */
    private static final int CHUNKS_AT_ONCE = 8;

    /** A chunk takes milliseconds; the SDK's adaptive retries included, an answer comes within this or the call is given up. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(20);

    private static final Logger LOG = LoggerFactory.getLogger(DynamoSnapshotStore.class);
    private static final String POINTER = "pointer";
    private static final String CHUNK_PREFIX = "state#";

    private final DynamoDbAsyncClient dynamo;
    private final String table;

    /** Counts commits, from a start that is later than every count of an earlier process. */
    private final AtomicLong commits = new AtomicLong(System.currentTimeMillis() * 1_000);

    public DynamoSnapshotStore(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    @Override
    public @Nullable ShardState claim(String shardId, Claim claim) throws FencedException {
        Map<String, AttributeValue> pointer;
        try {
            pointer = await(
                            "claim of shard " + shardId,
                            dynamo.updateItem(r -> r.tableName(table)
                                    .key(key(shardId, POINTER))
                                    .updateExpression("SET epoch = :epoch, holder = :holder")
                                    .conditionExpression(
                                            "attribute_not_exists(epoch) OR epoch < :epoch OR (epoch = :epoch AND holder = :holder)")
                                    .expressionAttributeValues(Map.of(
                                            ":epoch",
                                            fromN(Long.toString(claim.epoch())),
                                            ":holder",
                                            fromS(claim.owner())))
                                    .returnValues(ReturnValue.ALL_NEW)))
                    .attributes();
        } catch (ConditionalCheckFailedException e) {
            throw new FencedException(shardId, claim);
        }
        String current = text(pointer, "state");
        deleteChunks(shardId, current);
        return current == null ? null : load(shardId, pointer, current);
    }

    private ShardState load(String shardId, Map<String, AttributeValue> pointer, String id) {
        int count = Integer.parseInt(pointer.getOrDefault("chunks", fromN("0")).n());
        List<byte[]> chunks = new ArrayList<>(count);
        for (int from = 0; from < count; from += CHUNKS_AT_ONCE) {
            List<CompletableFuture<byte[]>> reads = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + CHUNKS_AT_ONCE); i++) {
                String part = part(id, i);
                reads.add(dynamo.getItem(
                                r -> r.tableName(table).key(key(shardId, part)).consistentRead(true))
                        .thenApply(answer -> bytes(shardId, part, answer.item())));
            }
            for (CompletableFuture<byte[]> read : reads) {
                chunks.add(await("state of shard " + shardId, read));
            }
        }
        String sequence = text(pointer, "sequence");
        RecordPosition position = sequence == null
                ? null
                : new RecordPosition(
                        sequence,
                        Long.parseLong(
                                pointer.getOrDefault("subsequence", fromN("0")).n()));
        return new ShardState(position, SnapshotEnvelope.unpack("the state of shard " + shardId, chunks));
    }

    private static byte[] bytes(String shardId, String part, Map<String, AttributeValue> item) {
        AttributeValue data = item.get("data");
        if (data == null || data.b() == null) {
            throw new UnreadableSnapshotException("the state of shard " + shardId + " lacks its part " + part);
        }
        return data.b().asByteArray();
    }

    @Override
    public void commit(String shardId, Claim claim, ShardState state, boolean sealed) throws FencedException {
        List<byte[]> chunks = SnapshotEnvelope.pack(state.data(), CHUNK_BYTES);
        RecordPosition position = state.position();
        // Rises with every commit of a tenure, and tenures differ in their epoch: no two commits share an id.
        String id = String.format(Locale.ROOT, "%019d-%019d", claim.epoch(), commits.incrementAndGet());
        writeChunks(shardId, id, chunks);

        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":epoch", fromN(Long.toString(claim.epoch())));
        values.put(":holder", fromS(claim.owner()));
        values.put(":state", fromS(id));
        values.put(":chunks", fromN(Integer.toString(chunks.size())));
        values.put(":bytes", fromN(Integer.toString(state.data().length)));
        values.put(":now", fromN(Long.toString(System.currentTimeMillis())));
        values.put(":sealed", fromBool(sealed));
        StringBuilder update = new StringBuilder(
                "SET #state = :state, chunks = :chunks, #bytes = :bytes, committed_at = :now, sealed = :sealed");
        if (position != null) {
            update.append(", #sequence = :sequence, subsequence = :subsequence");
            values.put(":sequence", fromS(position.sequenceNumber()));
            values.put(":subsequence", fromN(Long.toString(position.subSequenceNumber())));
        }
        Map<String, String> names = new HashMap<>(Map.of("#state", "state", "#bytes", "bytes"));
        if (position != null) {
            names.put("#sequence", "sequence");
        }
        String previous;
        try {
            previous = text(
                    await(
                                    "pointer of shard " + shardId,
                                    dynamo.updateItem(r -> r.tableName(table)
                                            .key(key(shardId, POINTER))
                                            .updateExpression(update.toString())
                                            .conditionExpression("epoch = :epoch AND holder = :holder")
                                            .expressionAttributeNames(names)
                                            .expressionAttributeValues(values)
                                            .returnValues(ReturnValue.ALL_OLD)))
                            .attributes(),
                    "state");
        } catch (ConditionalCheckFailedException e) {
            throw new FencedException(shardId, claim);
        }
        if (previous != null && !previous.equals(id)) {
            deleteChunks(shardId, id);
        }
    }

    private void writeChunks(String shardId, String id, List<byte[]> chunks) {
        for (int from = 0; from < chunks.size(); from += CHUNKS_AT_ONCE) {
            List<CompletableFuture<?>> writes = new ArrayList<>();
            for (int i = from; i < Math.min(chunks.size(), from + CHUNKS_AT_ONCE); i++) {
                Map<String, AttributeValue> item = new HashMap<>(key(shardId, part(id, i)));
                item.put("data", fromB(SdkBytes.fromByteArrayUnsafe(chunks.get(i))));
                writes.add(dynamo.putItem(r -> r.tableName(table).item(item)));
            }
            for (CompletableFuture<?> write : writes) {
                await("state of shard " + shardId, write);
            }
        }
    }

    /** Deletes chunks that are older than the state to keep; a failure leaves them to the next time. */
    private void deleteChunks(String shardId, @Nullable String keep) {
        try {
            Map<String, AttributeValue> from = Map.of();
            // A page at a time; each is smaller than the last start.
            do {
                Map<String, AttributeValue> start = from;
                QueryResponse found = await(
                        "old states of shard " + shardId,
                        dynamo.query(r -> r.tableName(table)
                                .keyConditionExpression("#shard = :shard AND part BETWEEN :from AND :to")
                                .projectionExpression("part")
                                .expressionAttributeNames(Map.of("#shard", "shard"))
                                .expressionAttributeValues(Map.of(
                                        ":shard",
                                        fromS(shardId),
                                        ":from",
                                        fromS(CHUNK_PREFIX),
                                        ":to",
                                        // Ids rise, so what sorts before the one to keep is older; without one all is
                                        // orphaned.
                                        fromS(CHUNK_PREFIX + (keep == null ? "~" : keep))))
                                .exclusiveStartKey(start.isEmpty() ? null : start)));
                for (Map<String, AttributeValue> item : found.items()) {
                    String part = item.getOrDefault("part", fromS("")).s();
                    await(
                            "old state of shard " + shardId,
                            dynamo.deleteItem(r -> r.tableName(table).key(key(shardId, part))));
                }
                from = found.lastEvaluatedKey();
            } while (!from.isEmpty());
        } catch (SnapshotStoreException e) {
            // They cost a little storage until then; nothing refers to them.
            LOG.info("{}", e.getMessage());
        }
    }

    private static String part(String id, int index) {
        return String.format(Locale.ROOT, "%s%s#%04d", CHUNK_PREFIX, id, index);
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }

    private static @Nullable String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    private <T> T await(String what, CompletableFuture<T> call) {
        try {
            return Calls.await(call, ANSWER_WITHIN);
        } catch (ConditionalCheckFailedException | UnreadableSnapshotException e) {
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SnapshotStoreException("interrupted while waiting for the " + what + " in table " + table, e);
        } catch (RuntimeException e) {
            throw new SnapshotStoreException("the " + what + " in table " + table + " failed: " + e.getMessage(), e);
        }
    }
}
