package io.processoptimizer.kinesis;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/**
 * Puts leases to another place while workers run. Each change is one update: it takes the lease from its owner, forgets a hand-over that
 * was under way, and moves the counter on, so that the owner can neither renew nor checkpoint, and KCL hands the shard out anew.
 */
public final class LeasePlaces {
    /** Where KCL begins with the oldest record. */
    public static final String TRIM_HORIZON = "TRIM_HORIZON";

    /** Where KCL is done. */
    public static final String SHARD_END = "SHARD_END";

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final PatientCalls calls = new PatientCalls();

    /** @param table named as the application is */
    public LeasePlaces(DynamoDbAsyncClient dynamo, String table) {
        this.dynamo = dynamo;
        this.table = table;
    }

    /** How KCL writes a position; null: the oldest record. */
    public static String checkpoint(@Nullable RecordPosition position) {
        return position == null ? TRIM_HORIZON : position.sequenceNumber();
    }

    /**
     * Moves a lease.
     *
     * @param observed as it was read
     * @param checkpoint a sequence number, {@link #TRIM_HORIZON} or {@link #SHARD_END}
     * @param subSequenceNumber ≥ 0
     * @param counter what its counter becomes, greater than the observed one
     * @return false where it is no longer as observed: nothing was changed, read it again
     */
    public boolean place(ShardLease observed, String checkpoint, long subSequenceNumber, long counter)
            throws InterruptedException {
        LeaseItem.requireRising(observed, counter);
        Map<String, AttributeValue> values = new HashMap<>();
        values.put(":observed", number(observed.counter()));
        values.put(":next", number(counter));
        values.put(":checkpoint", fromS(checkpoint));
        values.put(":sub", number(subSequenceNumber));
        try {
            calls.answer(() -> dynamo.updateItem(r -> r.tableName(table)
                    .key(Map.of("leaseKey", fromS(observed.shardId())))
                    .updateExpression("SET leaseCounter = :next, checkpoint = :checkpoint,"
                            + " checkpointSubSequenceNumber = :sub REMOVE " + LeaseItem.TENURE)
                    .conditionExpression("leaseCounter = :observed")
                    .expressionAttributeValues(values)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /**
     * The row of a shard whose lease KCL has deleted, since its children went on.
     *
     * @param counter of the new lease, ≥ 0
     */
    public record NewLease(
            String shardId, List<String> parents, BigInteger startingHashKey, BigInteger endingHashKey, long counter) {
        public NewLease {
            parents = List.copyOf(parents);
        }
    }

    /**
     * Makes a lease that nobody owns.
     *
     * @return false where there is one by now
     */
    public boolean make(NewLease lease, String checkpoint, long subSequenceNumber) throws InterruptedException {
        Map<String, AttributeValue> row = LeaseItem.unowned(
                lease.shardId(), lease.parents(), lease.startingHashKey(), lease.endingHashKey(), lease.counter());
        row.put("checkpoint", fromS(checkpoint));
        row.put("checkpointSubSequenceNumber", number(subSequenceNumber));
        try {
            calls.answer(() -> dynamo.putItem(
                    r -> r.tableName(table).item(row).conditionExpression("attribute_not_exists(leaseKey)")));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    private static AttributeValue number(long value) {
        return fromN(Long.toString(value));
    }
}
