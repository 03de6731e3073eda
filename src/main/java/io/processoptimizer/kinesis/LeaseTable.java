package io.processoptimizer.kinesis;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.aws.TableSpec;
import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableResponse;
import software.amazon.awssdk.services.dynamodb.model.IndexStatus;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.kinesis.model.Shard;

/**
 * KCL's lease table, as far as we touch it ourselves: it is made beforehand with its index and the first leases, which saves a cold
 * start more than half a minute; a lease is read to learn its counter and hash range; and at the end leases are given back. Rows
 * are those of KCL 3.5 in single-stream mode, where leases share the table with other kinds of entity.
 */
public final class LeaseTable implements Leases {
    private static final String INDEX = "LeaseOwnerToLeaseKeyIndex";
    private static final String KEY = "leaseKey";
    private static final String OWNER = "leaseOwner";
    private static final String COUNTER = "leaseCounter";
    private static final String CHECKPOINT = "checkpoint";
    private static final String ENTITY = "entityType";
    private static final String LEASE = "LEASE";

    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);

    /** A table with an index takes AWS about 10 s. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(2);

    private static final long POLL_FIRST_MILLIS = 20;
    private static final long POLL_LONGEST_MILLIS = 2_000;

    /** A worker that starts while a table is throttled or slow waits instead of giving up. */
    private final PatientCalls atStart = new PatientCalls();

    private final DynamoDbAsyncClient dynamo;
    private final String table;

    public LeaseTable(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /**
     * Makes the table with its index where it is missing, and the first leases where it holds none.
     *
     * @param shards the open and closed shards of the stream, as ListShards gives them
     */
    public void prepare(List<Shard> shards) throws InterruptedException {
        if (describe() == null) {
            create();
        }
        awaitReady();
        if (leases(atStart).isEmpty()) {
            // Before the leases, so that whoever finds leases finds it.
            sayThatKclIsNew();
            for (Shard shard : shards) {
                seed(shard);
            }
        }
    }

    private void create() throws InterruptedException {
        try {
            atStart.answer(() -> dynamo.createTable(spec(table).request()));
        } catch (ResourceInUseException e) {
            // Another worker makes it at the same moment.
            return;
        }
    }

    /** The table as KCL 3.5 makes it; it writes workers, leader and versions beside the leases. */
    public static TableSpec spec(String application) {
        TableSpec.Key key = TableSpec.Key.text(KEY);
        return new TableSpec(application, key, null, new TableSpec.Index(INDEX, TableSpec.Key.text(OWNER), key), false);
    }

    private @Nullable DescribeTableResponse describe() throws InterruptedException {
        try {
            return atStart.answer(() -> dynamo.describeTable(r -> r.tableName(table)));
        } catch (ResourceNotFoundException e) {
            return null;
        }
    }

    private void awaitReady() throws InterruptedException {
        long deadline = System.nanoTime() + READY_WITHIN.toNanos();
        long pause = POLL_FIRST_MILLIS;
        while (!isReady(describe())) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("lease table " + table + " is not ready after "
                        + READY_WITHIN.toSeconds() + " s; look at it and at its index " + INDEX + " in the console");
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, POLL_LONGEST_MILLIS);
        }
    }

    private static boolean isReady(@Nullable DescribeTableResponse answer) {
        if (answer == null || answer.table().tableStatus() != TableStatus.ACTIVE) {
            return false;
        }
        // An older table may lack the index: then KCL makes it, and there is nothing to wait for here.
        return answer.table().globalSecondaryIndexes().stream()
                .filter(index -> index.indexName().equals(INDEX))
                .allMatch(index -> index.indexStatus() == IndexStatus.ACTIVE);
    }

    /**
     * KCL writes at its first start which of its versions the application uses. Of several workers that start at one moment only one can,
     * and KCL 3.5.1 in the others never starts ("AssignmentMode is not initialized", 20 times, then it ends).
     */
    private void sayThatKclIsNew() throws InterruptedException {
        createIfAbsent(Map.of(
                KEY,
                fromS("Migration3.0"),
                ENTITY,
                fromS("CLIENT_VERSION_MIGRATION"),
                "cv",
                fromS("CLIENT_VERSION_3X"),
                "mb",
                fromS("process-optimizer"),
                "mts",
                fromN(Long.toString(System.currentTimeMillis())),
                "h",
                AttributeValue.fromL(List.of())));
    }

    private void seed(Shard shard) throws InterruptedException {
        List<String> parents = new ArrayList<>();
        if (shard.parentShardId() != null) {
            parents.add(shard.parentShardId());
        }
        if (shard.adjacentParentShardId() != null) {
            parents.add(shard.adjacentParentShardId());
        }
        createIfAbsent(LeaseItem.unowned(
                shard.shardId(),
                parents,
                new BigInteger(shard.hashKeyRange().startingHashKey()),
                new BigInteger(shard.hashKeyRange().endingHashKey()),
                0));
    }

    private void createIfAbsent(Map<String, AttributeValue> row) throws InterruptedException {
        try {
            atStart.answer(() -> dynamo.putItem(
                    r -> r.tableName(table).item(row).conditionExpression("attribute_not_exists(" + KEY + ")")));
        } catch (ConditionalCheckFailedException e) {
            // Another worker was first.
            return;
        }
    }

    /** The lease of a shard, read consistently, or null. */
    @Override
    public @Nullable ShardLease lease(String shardId) throws InterruptedException {
        Map<String, AttributeValue> row = Calls.await(
                        dynamo.getItem(r -> r.tableName(table)
                                .key(Map.of(KEY, fromS(shardId)))
                                .consistentRead(true)),
                        ANSWER_WITHIN)
                .item();
        return row == null || row.isEmpty() ? null : lease(row);
    }

    /** All leases, read consistently. */
    public List<ShardLease> leases() throws InterruptedException {
        return leases(PatientCalls.once(ANSWER_WITHIN));
    }

    private List<ShardLease> leases(PatientCalls calls) throws InterruptedException {
        List<ShardLease> leases = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // As many pages as the table has: each moves the start on.
        do {
            Map<String, AttributeValue> start = from;
            ScanResponse page = calls.answer(() -> dynamo.scan(
                    r -> r.tableName(table).consistentRead(true).exclusiveStartKey(start.isEmpty() ? null : start)));
            for (Map<String, AttributeValue> row : page.items()) {
                if (LEASE.equals(text(row, ENTITY, LEASE)) && row.containsKey(CHECKPOINT)) {
                    leases.add(lease(row));
                }
            }
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return leases;
    }

    /**
     * Gives back every lease of a worker that has stopped, and takes its row out of the workers that get leases assigned. Each
     * update holds only while the lease is still the worker's.
     *
     * @return how many leases were given back
     */
    public int release(String workerId) throws InterruptedException {
        int released = 0;
        for (ShardLease lease : leases()) {
            if (workerId.equals(lease.owner()) && giveBack(lease.shardId(), workerId)) {
                released++;
            }
        }
        Calls.await(dynamo.deleteItem(r -> r.tableName(table).key(Map.of(KEY, fromS(workerId)))), ANSWER_WITHIN);
        return released;
    }

    /**
     * Gives one lease back, if the worker has it: KCL hands the shard out anew, to this worker or another.
     *
     * @return whether the worker had it
     */
    @Override
    public boolean giveBack(String shardId, String workerId) throws InterruptedException {
        return update(shardId, workerId, "REMOVE " + OWNER + " ADD " + COUNTER + " :one", Map.of());
    }

    /**
     * Gives one lease back, if the worker has it, with a counter above an epoch, so that its next tenure can claim a state of that epoch.
     *
     * @return whether the worker had it
     */
    @Override
    public boolean giveBackAbove(String shardId, String workerId, long epoch) throws InterruptedException {
        return update(
                shardId,
                workerId,
                "SET " + COUNTER + " = :epoch + :one REMOVE " + OWNER,
                Map.of(":epoch", fromN(Long.toString(epoch))));
    }

    /**
     * Sets the worker's lease back to a position and gives it back, in one step, so that KCL reads the records behind the position anew.
     *
     * @param position null: before the first record
     * @return whether the worker had the lease
     */
    @Override
    public boolean rewind(String shardId, String workerId, @Nullable RecordPosition position)
            throws InterruptedException {
        Map<String, AttributeValue> values = Map.of(
                ":checkpoint",
                fromS(position == null ? "TRIM_HORIZON" : position.sequenceNumber()),
                ":sub",
                fromN(Long.toString(position == null ? 0 : position.subSequenceNumber())));
        return update(
                shardId,
                workerId,
                "SET " + CHECKPOINT + " = :checkpoint, checkpointSubSequenceNumber = :sub REMOVE " + LeaseItem.TENURE
                        + " ADD " + COUNTER + " :one",
                values);
    }

    private boolean update(String shardId, String workerId, String expression, Map<String, AttributeValue> more)
            throws InterruptedException {
        Map<String, AttributeValue> values = new HashMap<>(more);
        values.put(":one", fromN("1"));
        values.put(":me", fromS(workerId));
        try {
            Calls.await(
                    dynamo.updateItem(r -> r.tableName(table)
                            .key(Map.of(KEY, fromS(shardId)))
                            .updateExpression(expression)
                            .conditionExpression(OWNER + " = :me")
                            .expressionAttributeValues(values)),
                    ANSWER_WITHIN);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    static ShardLease lease(Map<String, AttributeValue> row) {
        AttributeValue owner = row.get(OWNER);
        return new ShardLease(
                text(row, KEY, ""),
                owner == null ? null : owner.s(),
                Long.parseLong(row.getOrDefault(COUNTER, fromN("0")).n()),
                text(row, CHECKPOINT, "TRIM_HORIZON"),
                texts(row, "parentShardId"),
                texts(row, "childShardIds"),
                new BigInteger(text(row, "startingHashKey", "0")),
                new BigInteger(text(row, "endingHashKey", ShardLease.MAX_HASH_KEY.toString())));
    }

    private static List<String> texts(Map<String, AttributeValue> row, String name) {
        AttributeValue value = row.get(name);
        return value == null ? List.of() : value.ss();
    }

    private static String text(Map<String, AttributeValue> row, String name, String otherwise) {
        AttributeValue value = row.get(name);
        return value == null ? otherwise : value.s();
    }
}
