package io.processoptimizer.aws;

import static io.processoptimizer.aws.PointerItems.number;
import static io.processoptimizer.aws.PointerItems.text;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.ComputedWith;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
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
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * Which state of each shard counts: per shard an item {@code pointer}, and an item {@code savepoint#ID} for each state that is kept
 * beyond the next commit; the states themselves are {@link SnapshotParts}. The pointer is moved on condition that it is the writer's,
 * so a tenure that has ended can write states, but none of them counts. States that neither a pointer nor a savepoint names are deleted
 * when the next commit or tenure comes by.
 */
public final class PointerTable implements SnapshotStore, RecoveryStore {
    private static final Logger LOG = LoggerFactory.getLogger(PointerTable.class);
    private static final String POINTER = "pointer";
    private static final String SAVEPOINT = "savepoint#";
    private static final String OURS = "epoch = :epoch AND holder = :holder";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final SnapshotParts parts;
    private final SavepointPolicy policy;
    private final Clock clock;
    private final @Nullable ComputedWith configuration;
    private final StateCalls calls;

    /** Counts commits, from a start that is later than every count of an earlier process. */
    private final AtomicLong commits;

    /** Of a configuration that nobody knows. */
    public PointerTable(
            DynamoDbAsyncClient dynamo, String table, SnapshotParts parts, SavepointPolicy policy, Clock clock) {
        this(dynamo, table, parts, policy, clock, null);
    }

    /** @param configuration what the states that are committed here are computed with; null: not known */
    public PointerTable(
            DynamoDbAsyncClient dynamo,
            String table,
            SnapshotParts parts,
            SavepointPolicy policy,
            Clock clock,
            @Nullable ComputedWith configuration) {
        this.configuration = configuration;
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

    @Override
    public @Nullable String configuration() {
        return configuration == null ? null : configuration.fingerprint();
    }

    @Override
    public boolean computesAs(String fingerprint) {
        return configuration != null && configuration.isAs(fingerprint);
    }

    // ---- the pointer

    @Override
    public ShardPointer claim(String shardId, Claim claim) throws FencedException {
        Change change = new Change().set("epoch", number(claim.epoch())).set("holder", fromS(claim.owner()));
        ShardPointer pointer = PointerItems.pointer(update(
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
        return item == null || item.isEmpty() ? null : PointerItems.pointer(item);
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
        Snapshot snapshot = new Snapshot(
                id, state.position(), packed.size(), state.data().length, clock.millis(), configuration(), null);
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
        Change change = new Change().remove("failures").remove("without_state").state(snapshot);
        if (children.isEmpty()) {
            change.remove("children");
        } else {
            change.set("children", AttributeValue.fromSs(List.copyOf(children)));
        }
        return update(shardId, claim, change, OURS, ReturnValue.ALL_OLD);
    }

    @Override
    public int failed(String shardId, Claim claim, RecordPosition position) throws FencedException {
        ShardPointer before = pointer(shardId);
        if (before == null) {
            throw new FencedException(shardId, claim);
        }
        List<String> failures =
                before.failuresWith(position).stream().map(PointerItems::text).toList();
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

        /** Where the pointer points; null: nowhere. */
        Change state(@Nullable Snapshot snapshot) {
            Map<String, AttributeValue> fields = new HashMap<>();
            if (snapshot != null) {
                fields.putAll(PointerItems.fields(snapshot));
                fields.put("state", fromS(snapshot.id()));
            }
            return replace(PointerItems.STATE, fields);
        }

        /** Sets what is given of the names, and removes the others. */
        Change replace(List<String> all, Map<String, AttributeValue> given) {
            for (String name : all) {
                AttributeValue value = given.get(name);
                if (value == null) {
                    remove(name);
                } else {
                    set(name, value);
                }
            }
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
        item.putAll(PointerItems.fields(snapshot));
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
            if (isRefused(e)) {
                throw new FencedException(shardId, claim);
            }
            LOG.info("{}", e.getMessage());
        }
    }

    /** Whether a condition of a transaction did not hold. */
    private static boolean isRefused(SnapshotStoreException e) {
        return e.getCause() instanceof TransactionCanceledException canceled
                && canceled.cancellationReasons().stream()
                        .anyMatch(reason -> "ConditionalCheckFailed".equals(reason.code()));
    }

    @Override
    public List<Snapshot> savepoints(String shardId) {
        List<Snapshot> found = new ArrayList<>();
        for (Map<String, AttributeValue> item :
                calls.items("listing the savepoints of " + shardId, dynamo, table, shardId, SAVEPOINT)) {
            found.add(PointerItems.snapshot(text(item, "part", "").substring(SAVEPOINT.length()), item));
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
            Set<String> kept = new HashSet<>();
            for (Snapshot savepoint : savepoints(shardId)) {
                boolean expired = !savepoint.isKept() && policy.isExpired(savepoint.writtenMillis(), clock.millis());
                if (!expired || !expire(shardId, savepoint)) {
                    kept.add(savepoint.id());
                }
            }
            // Read after the savepoints are deleted: an operator's move goes to no savepoint that is gone, and one
            // before is seen here.
            ShardPointer now = pointer(shardId);
            if (now != null && now.snapshot() != null) {
                kept.add(now.snapshot().id());
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

    /** Deletes a savepoint past its time; false where an operator keeps it by now. */
    private boolean expire(String shardId, Snapshot savepoint) {
        CompletableFuture<?> call = dynamo.deleteItem(r -> r.tableName(table)
                .key(key(shardId, SAVEPOINT + savepoint.id()))
                .conditionExpression("attribute_not_exists(#label)")
                .expressionAttributeNames(Map.of("#label", "label")));
        try {
            calls.await("deleting a savepoint of " + shardId, call);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    // ---- the operator's

    @Override
    public SortedMap<String, ShardPointer> pointers() {
        SortedMap<String, ShardPointer> pointers = new TreeMap<>();
        Map<String, AttributeValue> from = Map.of();
        // A page at a time; each starts behind the last.
        do {
            Map<String, AttributeValue> start = from;
            ScanResponse page = calls.await(
                    "listing the shards",
                    dynamo.scan(r -> r.tableName(table)
                            .filterExpression("part = :pointer AND attribute_exists(epoch)")
                            .expressionAttributeValues(Map.of(":pointer", fromS(POINTER)))
                            .consistentRead(true)
                            .exclusiveStartKey(start.isEmpty() ? null : start)));
            page.items().forEach(item -> pointers.put(text(item, "shard", ""), PointerItems.pointer(item)));
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return pointers;
    }

    @Override
    public Snapshot keep(String shardId, Snapshot snapshot, String label) throws PointerMovedException {
        if (label.isEmpty()) {
            throw new IllegalArgumentException("a savepoint that is kept needs a label");
        }
        if (relabel(shardId, snapshot, label)) {
            return snapshot.labelled(label);
        }
        TransactWriteItem isPresent = TransactWriteItem.builder()
                .conditionCheck(c -> c.tableName(table)
                        .key(key(shardId, POINTER))
                        .conditionExpression("#state = :state")
                        .expressionAttributeNames(Map.of("#state", "state"))
                        .expressionAttributeValues(Map.of(":state", fromS(snapshot.id()))))
                .build();
        String missing = "the state " + snapshot.id() + " is neither a savepoint nor the present state any more";
        transact(shardId, "keeping a state of " + shardId, missing, List.of(isPresent, kept(shardId, snapshot, label)));
        return snapshot.labelled(label);
    }

    private TransactWriteItem kept(String shardId, Snapshot snapshot, String label) {
        Map<String, AttributeValue> item = new HashMap<>(key(shardId, SAVEPOINT + snapshot.id()));
        item.putAll(PointerItems.fields(snapshot));
        item.put("label", fromS(label));
        return TransactWriteItem.builder()
                .put(p -> p.tableName(table).item(item))
                .build();
    }

    @Override
    public void release(String shardId, Snapshot savepoint) {
        relabel(shardId, savepoint, null);
    }

    /** False where there is no such savepoint. */
    private boolean relabel(String shardId, Snapshot savepoint, @Nullable String label) {
        CompletableFuture<?> call = dynamo.updateItem(r -> r.tableName(table)
                .key(key(shardId, SAVEPOINT + savepoint.id()))
                .updateExpression(label == null ? "REMOVE #label" : "SET #label = :label")
                .conditionExpression("attribute_exists(part)")
                .expressionAttributeNames(Map.of("#label", "label"))
                .expressionAttributeValues(label == null ? null : Map.of(":label", fromS(label))));
        try {
            calls.await("labelling a savepoint of " + shardId, call);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    @Override
    public boolean deleteSavepoint(String shardId, Snapshot savepoint) {
        String what = "deleting a savepoint of " + shardId;
        boolean wasThere = !calls.await(
                        what,
                        dynamo.deleteItem(r -> r.tableName(table)
                                .key(key(shardId, SAVEPOINT + savepoint.id()))
                                .returnValues(ReturnValue.ALL_OLD)))
                .attributes()
                .isEmpty();
        ShardPointer now = pointer(shardId);
        boolean isPresent =
                now != null && now.snapshot() != null && now.snapshot().id().equals(savepoint.id());
        if (!isPresent) {
            parts.delete(shardId, savepoint.id());
        }
        return wasThere;
    }

    @Override
    public ShardPointer move(
            String shardId,
            @Nullable ShardPointer expected,
            Claim operator,
            @Nullable Snapshot to,
            boolean withoutState,
            @Nullable Reprocessing asked)
            throws PointerMovedException {
        ShardPointer moved = ShardPointer.moved(expected, operator, to, withoutState, asked);
        Change change = new Change()
                .set("epoch", number(operator.epoch()))
                .set("holder", fromS(operator.owner()))
                .remove("failures")
                .remove("children")
                .state(to);
        Reprocessing all = moved.reprocessing();
        change.replace(PointerItems.REPROCESSING, all == null ? Map.of() : PointerItems.fields(all));
        change.replace(
                List.of("without_state"),
                withoutState ? Map.of("without_state", AttributeValue.fromBool(true)) : Map.of());
        List<TransactWriteItem> writes = new ArrayList<>();
        writes.add(whereUnchanged(shardId, expected, change));
        if (to != null) {
            boolean isSavepoint = savepoints(shardId).stream()
                    .anyMatch(savepoint -> savepoint.id().equals(to.id()));
            Snapshot present = expected == null ? null : expected.snapshot();
            boolean isPresent = present != null && present.id().equals(to.id());
            writes.add(isPresent && !isSavepoint ? kept(shardId, to, operator.owner()) : whereSavepoint(shardId, to));
        }
        transact(
                shardId,
                "moving the pointer of " + shardId,
                "the pointer is not as it was read any more, or the savepoint is gone",
                writes);
        return moved;
    }

    private TransactWriteItem whereUnchanged(String shardId, @Nullable ShardPointer expected, Change change) {
        Map<String, AttributeValue> values = new HashMap<>(change.values);
        List<String> conditions = new ArrayList<>();
        if (expected == null) {
            conditions.add("attribute_not_exists(#epoch)");
        } else {
            Snapshot state = expected.snapshot();
            conditions.add("#epoch = :expected_epoch AND #holder = :expected_holder");
            conditions.add(state == null ? "attribute_not_exists(#state)" : "#state = :expected_state");
            values.put(":expected_epoch", number(expected.holder().epoch()));
            values.put(":expected_holder", fromS(expected.holder().owner()));
            if (state != null) {
                values.put(":expected_state", fromS(state.id()));
            }
        }
        return TransactWriteItem.builder()
                .update(u -> u.tableName(table)
                        .key(key(shardId, POINTER))
                        .updateExpression(change.expression())
                        .conditionExpression(String.join(" AND ", conditions))
                        .expressionAttributeNames(change.names)
                        .expressionAttributeValues(values))
                .build();
    }

    private TransactWriteItem whereSavepoint(String shardId, Snapshot savepoint) {
        return TransactWriteItem.builder()
                .conditionCheck(c -> c.tableName(table)
                        .key(key(shardId, SAVEPOINT + savepoint.id()))
                        .conditionExpression("attribute_exists(part)"))
                .build();
    }

    private void transact(String shardId, String what, String refused, List<TransactWriteItem> writes)
            throws PointerMovedException {
        try {
            calls.await(what, dynamo.transactWriteItems(r -> r.transactItems(writes)));
        } catch (SnapshotStoreException e) {
            if (isRefused(e)) {
                throw new PointerMovedException(shardId, refused);
            }
            throw e;
        }
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }
}
