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
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

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
        Change change = new Change().set("epoch", number(claim.epoch())).set("holder", fromS(claim.owner()));
        ShardPointer pointer = pointer(update(
                shardId,
                claim,
                change,
                "attribute_not_exists(epoch) OR epoch < :epoch OR (" + OURS + ")",
                ReturnValue.ALL_NEW));
        Snapshot snapshot = pointer.snapshot();
        // Where there is none yet, a later tenure may have committed by now: only what is older than this one is old.
        deleteOldStates(shardId, snapshot == null ? firstId(claim) : snapshot.id());
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
        String state = text(item, "state");
        return new ShardPointer(
                new Claim(text(item, "holder", "?"), number(item, "epoch")),
                state == null ? null : snapshot(state, item),
                Set.copyOf(texts(item, "children")),
                texts(item, "failures").stream().map(PointerTable::failure).toList());
    }

    /** {@code SEQUENCE/SUBSEQUENCE/TIMES}. */
    private static Failure failure(String text) {
        String[] fields = text.split("/", 3);
        return new Failure(new RecordPosition(fields[0], Long.parseLong(fields[1])), Integer.parseInt(fields[2]));
    }

    private static String text(Failure failure) {
        RecordPosition position = failure.position();
        return position.sequenceNumber() + "/" + position.subSequenceNumber() + "/" + failure.times();
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
        String id = firstId(claim) + String.format(Locale.ROOT, "%019d", commits.incrementAndGet());
        parts.put(shardId, id, packed);
        Snapshot snapshot = new Snapshot(id, state.position(), packed.size(), state.data().length, clock.millis());
        Map<String, AttributeValue> before = point(shardId, claim, snapshot, children);
        if (policy.isDue(number(before, "savepoint_at"), snapshot.writtenMillis())) {
            keepAsSavepoint(shardId, claim, snapshot);
        }
        deleteOldStates(shardId, snapshot.id());
    }

    /**
     * Sorts before the ids of a tenure and behind those of all earlier ones: ids rise with every commit of a tenure, and tenures differ
     * in their epoch.
     */
    private static String firstId(Claim claim) {
        return String.format(Locale.ROOT, "%019d-", claim.epoch());
    }

    /** Moves the pointer; returns the item as it was. */
    private Map<String, AttributeValue> point(String shardId, Claim claim, Snapshot snapshot, Set<String> children)
            throws FencedException {
        Change change = new Change().set("state", fromS(snapshot.id())).remove("failures");
        fields(snapshot).forEach(change::set);
        if (snapshot.position() == null) {
            change.remove("sequence").remove("subsequence");
        }
        if (children.isEmpty()) {
            change.remove("children");
        } else {
            change.set("children", AttributeValue.fromSs(List.copyOf(children)));
        }
        return update(shardId, claim, change, OURS, ReturnValue.ALL_OLD);
    }

    private static Map<String, AttributeValue> fields(Snapshot snapshot) {
        Map<String, AttributeValue> fields = new HashMap<>();
        fields.put("chunks", number(snapshot.parts()));
        fields.put("bytes", number(snapshot.bytes()));
        fields.put("committed_at", number(snapshot.writtenMillis()));
        RecordPosition position = snapshot.position();
        if (position != null) {
            fields.put("sequence", fromS(position.sequenceNumber()));
            fields.put("subsequence", number(position.subSequenceNumber()));
        }
        return fields;
    }

    @Override
    public int failed(String shardId, Claim claim, RecordPosition position) throws FencedException {
        ShardPointer before = pointer(shardId);
        if (before == null) {
            throw new FencedException(shardId, claim);
        }
        List<String> failures =
                before.failuresWith(position).stream().map(PointerTable::text).toList();
        Change change = new Change().set("failures", AttributeValue.fromSs(failures));
        update(shardId, claim, change, OURS, ReturnValue.NONE);
        return before.timesFailed(position) + 1;
    }

    private Map<String, AttributeValue> update(
            String shardId, Claim claim, Change change, String condition, ReturnValue returned) throws FencedException {
        try {
            return calls.await(
                            "writing the pointer of " + shardId,
                            dynamo.updateItem(r -> r.tableName(table)
                                    .key(key(shardId, POINTER))
                                    .updateExpression(change.expression())
                                    .conditionExpression(condition)
                                    .expressionAttributeNames(change.names)
                                    .expressionAttributeValues(change.valuesAnd(claim))
                                    .returnValues(returned)))
                    .attributes();
        } catch (ConditionalCheckFailedException e) {
            throw new FencedException(shardId, claim);
        }
    }

    /** A change of a pointer. Every name is written as {@code #name}, since DynamoDB reserves some, its value as {@code :name}. */
    private static final class Change {
        private final List<String> set = new ArrayList<>();
        private final List<String> removed = new ArrayList<>();
        private final Map<String, String> names = new HashMap<>();
        private final Map<String, AttributeValue> values = new HashMap<>();

        Change set(String name, AttributeValue value) {
            set.add("#" + name + " = :" + name);
            names.put("#" + name, name);
            values.put(":" + name, value);
            return this;
        }

        Change remove(String name) {
            removed.add("#" + name);
            names.put("#" + name, name);
            return this;
        }

        /** At least one attribute is set. */
        String expression() {
            String expression = "SET " + String.join(", ", set);
            return removed.isEmpty() ? expression : expression + " REMOVE " + String.join(", ", removed);
        }

        /** With the values that {@link #OURS} compares. */
        Map<String, AttributeValue> valuesAnd(Claim claim) {
            Map<String, AttributeValue> all = new HashMap<>(values);
            all.put(":epoch", number(claim.epoch()));
            all.put(":holder", fromS(claim.owner()));
            return all;
        }
    }

    // ---- savepoints

    /**
     * In one transaction with the pointer's condition: a later tenure, which may have deleted the state by now, would else be left with
     * a savepoint of nothing. A failure costs this savepoint only: the next commit makes another.
     */
    private void keepAsSavepoint(String shardId, Claim claim, Snapshot snapshot) throws FencedException {
        Map<String, AttributeValue> item = new HashMap<>(key(shardId, SAVEPOINT + snapshot.id()));
        item.putAll(fields(snapshot));
        Change change = new Change().set("savepoint_at", number(snapshot.writtenMillis()));
        try {
            calls.await(
                    "keeping a savepoint of " + shardId,
                    dynamo.transactWriteItems(r -> r.transactItems(
                            TransactWriteItem.builder()
                                    .update(u -> u.tableName(table)
                                            .key(key(shardId, POINTER))
                                            .updateExpression(change.expression())
                                            .conditionExpression(OURS)
                                            .expressionAttributeNames(change.names)
                                            .expressionAttributeValues(change.valuesAnd(claim)))
                                    .build(),
                            TransactWriteItem.builder()
                                    .put(p -> p.tableName(table).item(item))
                                    .build())));
        } catch (SnapshotStoreException e) {
            if (e.getCause() instanceof TransactionCanceledException canceled
                    && canceled.cancellationReasons().stream()
                            .anyMatch(reason -> "ConditionalCheckFailed".equals(reason.code()))) {
                throw new FencedException(shardId, claim);
            }
            LOG.info("{}", e.getMessage());
        }
    }

    @Override
    public List<Snapshot> savepoints(String shardId) {
        List<Snapshot> found = new ArrayList<>();
        for (Map<String, AttributeValue> item :
                calls.items("listing the savepoints of " + shardId, dynamo, table, shardId, SAVEPOINT)) {
            found.add(snapshot(text(item, "part", "").substring(SAVEPOINT.length()), item));
        }
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
        String last = ended.snapshot().id();
        try {
            calls.await(
                    "retiring " + shardId,
                    dynamo.updateItem(r -> r.tableName(table)
                            .key(key(shardId, POINTER))
                            .updateExpression("REMOVE #state")
                            .conditionExpression("#state = :last AND attribute_exists(children)")
                            .expressionAttributeNames(Map.of("#state", "state"))
                            .expressionAttributeValues(Map.of(":last", fromS(last)))));
        } catch (ConditionalCheckFailedException e) {
            // The shard was rewound meanwhile and is processed again.
            return;
        }
        deleteOldStates(shardId, last + "~");
    }

    /**
     * Deletes states that nothing names and savepoints past their time; a failure leaves them to the next time.
     *
     * @param before ids that do not sort before it stay: they are the present one, or of a commit that is still under way
     */
    private void deleteOldStates(String shardId, String before) {
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
                if (id.compareTo(before) < 0 && !kept.contains(id)) {
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

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }

    private static List<String> texts(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value == null ? List.of() : value.ss();
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
