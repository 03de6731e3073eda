package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardPointer.Failure;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotEnvelope;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import io.processoptimizer.event.RecordPosition;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/**
 * Which state of each shard counts: per shard an item {@code pointer}, and an item {@code savepoint#ID} for each state that is kept
 * beyond the next commit; the states themselves are {@link SnapshotParts}. The pointer is moved on condition that it is the writer's,
 * so a tenure that has ended can write states, but none of them counts. States that neither a pointer nor a savepoint names are deleted
 * when the next commit or tenure comes by.
 */
public final class PointerTable implements SnapshotStore {
    private static final Logger LOG = LoggerFactory.getLogger(PointerTable.class);
    private static final String POINTER = "pointer";
    private static final String SAVEPOINT = "savepoint#";
    private static final String OURS = "epoch = :epoch AND holder = :holder";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final SnapshotParts parts;
    private final SavepointPolicy policy;
    private final Clock clock;
    private final StateCalls calls;

    /** Counts commits, from a start that is later than every count of an earlier process. */
    private final AtomicLong commits;

    public PointerTable(
            DynamoDbAsyncClient dynamo, String table, SnapshotParts parts, SavepointPolicy policy, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.parts = parts;
        this.policy = policy;
        this.clock = clock;
        this.calls = new StateCalls("table " + table);
        this.commits = new AtomicLong(clock.millis() * 1_000);
    }

    /** States and pointers in one table. */
    public static PointerTable withStates(
            DynamoDbAsyncClient dynamo, String table, SavepointPolicy policy, Clock clock) {
        return new PointerTable(dynamo, table, new DynamoParts(dynamo, table), policy, clock);
    }

    // ---- the pointer

    @Override
    public ShardPointer claim(String shardId, Claim claim) throws FencedException {
        Map<String, AttributeValue> values = new HashMap<>();
        ShardPointer pointer = pointer(update(
                        shardId,
                        claim,
                        "SET epoch = :epoch, holder = :holder",
                        "attribute_not_exists(epoch) OR epoch < :epoch OR (" + OURS + ")",
                        values)
                .attributes());
        deleteOldStates(shardId, pointer.snapshot());
        return pointer;
    }

    @Override
    public @Nullable ShardPointer pointer(String shardId) {
        Map<String, AttributeValue> item = calls.await(
                        "reading the pointer of " + shardId,
                        dynamo.getItem(r ->
                                r.tableName(table).key(key(shardId, POINTER)).consistentRead(true)))
                .item();
        return item == null || item.isEmpty() ? null : pointer(item);
    }

    private static ShardPointer pointer(Map<String, AttributeValue> item) {
        AttributeValue children = item.get("children");
        AttributeValue times = item.get("failures");
        String failedAt = text(item, "failed_sequence");
        return new ShardPointer(
                new Claim(text(item, "holder", "?"), number(item, "epoch")),
                text(item, "state") == null ? null : snapshot(text(item, "state", ""), item),
                children == null ? Set.of() : Set.copyOf(children.ss()),
                failedAt == null || times == null
                        ? null
                        : new Failure(
                                new RecordPosition(failedAt, number(item, "failed_subsequence")),
                                Integer.parseInt(times.n())));
    }

    private static Snapshot snapshot(String id, Map<String, AttributeValue> item) {
        String sequence = text(item, "sequence");
        return new Snapshot(
                id,
                sequence == null ? null : new RecordPosition(sequence, number(item, "subsequence")),
                (int) number(item, "chunks"),
                number(item, "bytes"),
                number(item, "committed_at"));
    }

    @Override
    public byte[] load(String shardId, Snapshot snapshot) {
        return SnapshotEnvelope.unpack(
                "the state " + snapshot.id() + " of " + shardId, parts.get(shardId, snapshot.id(), snapshot.parts()));
    }

    // ---- commit

    @Override
    public void commit(String shardId, Claim claim, ShardState state, Set<String> children) throws FencedException {
        List<byte[]> packed = SnapshotEnvelope.pack(state.data(), parts.maxPartBytes());
        // Rises with every commit of a tenure, and tenures differ in their epoch: no two commits share an id.
        String id = String.format(Locale.ROOT, "%019d-%019d", claim.epoch(), commits.incrementAndGet());
        parts.put(shardId, id, packed);
        Snapshot snapshot = new Snapshot(id, state.position(), packed.size(), state.data().length, clock.millis());
        Map<String, AttributeValue> before = point(shardId, claim, snapshot, children);
        if (policy.isDue(number(before, "savepoint_at"), snapshot.writtenMillis())) {
            keepAsSavepoint(shardId, claim, snapshot);
        }
        deleteOldStates(shardId, snapshot);
    }

    /** Moves the pointer; returns the item as it was. */
    private Map<String, AttributeValue> point(String shardId, Claim claim, Snapshot snapshot, Set<String> children)
            throws FencedException {
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":state", fromS(snapshot.id()));
        values.put(":chunks", fromN(Integer.toString(snapshot.parts())));
        values.put(":bytes", fromN(Long.toString(snapshot.bytes())));
        values.put(":now", fromN(Long.toString(snapshot.writtenMillis())));
        String set = "SET #state = :state, chunks = :chunks, #bytes = :bytes, committed_at = :now";
        String remove = " REMOVE failed_sequence, failed_subsequence, failures";
        RecordPosition position = snapshot.position();
        if (position != null) {
            set += ", #sequence = :sequence, subsequence = :subsequence";
            values.put(":sequence", fromS(position.sequenceNumber()));
            values.put(":subsequence", fromN(Long.toString(position.subSequenceNumber())));
        } else {
            remove += ", #sequence, subsequence";
        }
        if (!children.isEmpty()) {
            set += ", children = :children";
            values.put(":children", AttributeValue.fromSs(List.copyOf(children)));
        } else {
            remove += ", children";
        }
        return update(shardId, claim, set + remove, OURS, values).attributes();
    }

    private UpdateItemResponse update(
            String shardId, Claim claim, String expression, String condition, Map<String, AttributeValue> values)
            throws FencedException {
        values.put(":epoch", fromN(Long.toString(claim.epoch())));
        values.put(":holder", fromS(claim.owner()));
        Map<String, String> names = new HashMap<>();
        for (String reserved : List.of("state", "bytes", "sequence")) {
            if (expression.contains("#" + reserved)) {
                names.put("#" + reserved, reserved);
            }
        }
        boolean moves = expression.contains("#state");
        try {
            return calls.await(
                    "writing the pointer of " + shardId,
                    dynamo.updateItem(r -> r.tableName(table)
                            .key(key(shardId, POINTER))
                            .updateExpression(expression)
                            .conditionExpression(condition)
                            .expressionAttributeNames(names.isEmpty() ? null : names)
                            .expressionAttributeValues(values)
                            .returnValues(moves ? ReturnValue.ALL_OLD : ReturnValue.ALL_NEW)));
        } catch (ConditionalCheckFailedException e) {
            throw new FencedException(shardId, claim);
        }
    }

    @Override
    public int failed(String shardId, Claim claim, RecordPosition position) throws FencedException {
        ShardPointer before = pointer(shardId);
        Failure last = before == null ? null : before.failure();
        int times = last != null && last.position().equals(position) ? last.times() + 1 : 1;
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":sequence", fromS(position.sequenceNumber()));
        values.put(":subsequence", fromN(Long.toString(position.subSequenceNumber())));
        values.put(":times", fromN(Integer.toString(times)));
        update(
                shardId,
                claim,
                "SET failed_sequence = :sequence, failed_subsequence = :subsequence, failures = :times",
                OURS,
                values);
        return times;
    }

    // ---- savepoints

    /** A failure costs this savepoint only: the next commit after the interval makes another. */
    private void keepAsSavepoint(String shardId, Claim claim, Snapshot snapshot) throws FencedException {
        Map<String, AttributeValue> item = new HashMap<>(key(shardId, SAVEPOINT + snapshot.id()));
        item.put("chunks", fromN(Integer.toString(snapshot.parts())));
        item.put("bytes", fromN(Long.toString(snapshot.bytes())));
        item.put("committed_at", fromN(Long.toString(snapshot.writtenMillis())));
        RecordPosition position = snapshot.position();
        if (position != null) {
            item.put("sequence", fromS(position.sequenceNumber()));
            item.put("subsequence", fromN(Long.toString(position.subSequenceNumber())));
        }
        calls.await(
                "keeping a savepoint of " + shardId,
                dynamo.putItem(r -> r.tableName(table).item(item)));
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":now", fromN(Long.toString(snapshot.writtenMillis())));
        update(shardId, claim, "SET savepoint_at = :now", OURS, values);
    }

    @Override
    public List<Snapshot> savepoints(String shardId) {
        List<Snapshot> found = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // A page at a time; each starts behind the last.
        do {
            Map<String, AttributeValue> start = from;
            QueryResponse page = calls.await(
                    "listing the savepoints of " + shardId,
                    dynamo.query(r -> r.tableName(table)
                            .keyConditionExpression("#shard = :shard AND begins_with(part, :prefix)")
                            .consistentRead(true)
                            .expressionAttributeNames(Map.of("#shard", "shard"))
                            .expressionAttributeValues(Map.of(":shard", fromS(shardId), ":prefix", fromS(SAVEPOINT)))
                            .exclusiveStartKey(start.isEmpty() ? null : start)));
            for (Map<String, AttributeValue> item : page.items()) {
                found.add(snapshot(text(item, "part", "").substring(SAVEPOINT.length()), item));
            }
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        found.sort(Comparator.comparingLong(Snapshot::writtenMillis).reversed());
        return found;
    }

    @Override
    public void rewind(String shardId, Claim claim, Snapshot savepoint) throws FencedException {
        point(shardId, claim, savepoint, Set.of());
    }

    // ---- what is not needed any more

    @Override
    public void retire(String shardId) {
        ShardPointer ended = pointer(shardId);
        if (ended == null || !ended.isSealed() || ended.snapshot() == null) {
            return;
        }
        for (String child : ended.children()) {
            ShardPointer pointer = pointer(child);
            boolean goesOnByItself = pointer != null && (pointer.snapshot() != null || pointer.isSealed());
            if (!goesOnByItself) {
                return;
            }
        }
        calls.await(
                "retiring " + shardId,
                dynamo.updateItem(r -> r.tableName(table)
                        .key(key(shardId, POINTER))
                        .updateExpression("REMOVE #state")
                        .expressionAttributeNames(Map.of("#state", "state"))));
        deleteOldStates(shardId, null);
    }

    /** Deletes states that nothing names and savepoints past their time; a failure leaves them to the next time. */
    private void deleteOldStates(String shardId, @Nullable Snapshot current) {
        try {
            long now = clock.millis();
            Set<String> kept = new HashSet<>();
            for (Snapshot savepoint : savepoints(shardId)) {
                if (policy.isExpired(savepoint.writtenMillis(), now)) {
                    deleteSavepoint(shardId, savepoint);
                } else {
                    kept.add(savepoint.id());
                }
            }
            for (String id : parts.ids(shardId)) {
                // Ids rise: a greater one than the current may be a commit of a later tenure under way.
                boolean old = current == null || id.compareTo(current.id()) < 0;
                if (old && !kept.contains(id)) {
                    parts.delete(shardId, id);
                }
            }
        } catch (SnapshotStoreException e) {
            // They cost a little storage until then; nothing refers to them.
            LOG.info("{}", e.getMessage());
        }
    }

    private void deleteSavepoint(String shardId, Snapshot savepoint) {
        CompletableFuture<?> call =
                dynamo.deleteItem(r -> r.tableName(table).key(key(shardId, SAVEPOINT + savepoint.id())));
        calls.await("deleting a savepoint of " + shardId, call);
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }

    private static @Nullable String text(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? null : value.s();
    }

    private static String text(Map<String, AttributeValue> item, String name, String otherwise) {
        String text = text(item, name);
        return text == null ? otherwise : text;
    }

    private static long number(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
