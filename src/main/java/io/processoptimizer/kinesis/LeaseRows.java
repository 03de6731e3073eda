package io.processoptimizer.kinesis;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.Calls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** KCL's table as an operator looks at it from outside: leases with a hand-over that is under way, and the workers' own rows. */
public final class LeaseRows {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
    private static final String ENTITY = "entityType";

    private final DynamoDbAsyncClient dynamo;
    private final String table;

    /** @param table named as the application is */
    public LeaseRows(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /**
     * A lease.
     *
     * @param lease whose it is and where KCL stands
     * @param subSequenceNumber of KCL's checkpoint, ≥ 0
     * @param checkpointOwner the worker that is to hand the shard over to the lease's owner; null where no hand-over is under way
     */
    public record Lease(
            ShardLease lease,
            long subSequenceNumber,
            @Nullable String checkpointOwner) {
        public String shardId() {
            return lease.shardId();
        }

        /** The worker that processes the shard and renews the lease: during a hand-over the one that gives it away. */
        public @Nullable String processor() {
            return checkpointOwner == null ? lease.owner() : checkpointOwner;
        }
    }

    /**
     * A worker that reports itself, every half minute at least while it runs.
     *
     * @param workerId its stable id
     * @param reportedMillis when it last did, epoch milliseconds, in steps of a second
     */
    public record Reporter(String workerId, long reportedMillis) {}

    /** Both, as one scan found them. */
    public record Rows(List<Lease> leases, List<Reporter> workers) {
        public Rows {
            leases = List.copyOf(leases);
            workers = List.copyOf(workers);
        }

        /** The lease of a shard, or null. */
        public @Nullable Lease lease(String shardId) {
            for (Lease lease : leases) {
                if (lease.shardId().equals(shardId)) {
                    return lease;
                }
            }
            return null;
        }
    }

    /**
     * Reads the table, consistently.
     *
     * @return null where the table does not exist
     */
    public @Nullable Rows read() throws InterruptedException {
        List<Lease> leases = new ArrayList<>();
        List<Reporter> workers = new ArrayList<>();
        Map<String, AttributeValue> from = Map.of();
        // As many pages as the table has: each moves the start on.
        do {
            Map<String, AttributeValue> start = from;
            ScanResponse page;
            try {
                page = Calls.await(
                        dynamo.scan(r -> r.tableName(table)
                                .consistentRead(true)
                                .exclusiveStartKey(start.isEmpty() ? null : start)),
                        ANSWER_WITHIN);
            } catch (ResourceNotFoundException e) {
                return null;
            }
            for (Map<String, AttributeValue> row : page.items()) {
                AttributeValue kind = row.getOrDefault(ENTITY, fromS("LEASE"));
                if ("LEASE".equals(kind.s()) && row.containsKey("checkpoint")) {
                    leases.add(lease(row));
                } else if ("WORKER_METRIC_STATS".equals(kind.s())) {
                    workers.add(new Reporter(text(row, "wid", text(row, "leaseKey", "?")), number(row, "lut") * 1_000));
                }
            }
            from = page.lastEvaluatedKey();
        } while (!from.isEmpty());
        return new Rows(leases, workers);
    }

    /**
     * Takes a lease from whoever holds it, in one update: it is nobody's, a hand-over that was under way is forgotten, and the counter
     * moves on, so that the holder notices and workers hand the shard out anew. Where KCL stands is left as it is.
     *
     * @param counter what the counter becomes, greater than the observed one
     * @return whether it was still as it was observed; false: nothing was changed
     */
    public boolean free(ShardLease observed, long counter) throws InterruptedException {
        LeaseItem.requireRising(observed, counter);
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":observed", fromN(Long.toString(observed.counter())));
        values.put(":next", fromN(Long.toString(counter)));
        try {
            Calls.await(
                    dynamo.updateItem(r -> r.tableName(table)
                            .key(Map.of("leaseKey", fromS(observed.shardId())))
                            .updateExpression("SET leaseCounter = :next REMOVE " + LeaseItem.TENURE)
                            .conditionExpression("leaseCounter = :observed")
                            .expressionAttributeValues(values)),
                    ANSWER_WITHIN);
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static Lease lease(Map<String, AttributeValue> row) {
        AttributeValue handingOver = row.get("checkpointOwner");
        return new Lease(
                LeaseTable.lease(row),
                number(row, "checkpointSubSequenceNumber"),
                handingOver == null ? null : handingOver.s());
    }

    private static String text(Map<String, AttributeValue> row, String name, String otherwise) {
        AttributeValue value = row.get(name);
        return value == null || value.s() == null ? otherwise : value.s();
    }

    private static long number(Map<String, AttributeValue> row, String name) {
        AttributeValue value = row.get(name);
        return value == null || value.n() == null ? 0 : Long.parseLong(value.n());
    }
}
