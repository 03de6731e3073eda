package io.processoptimizer.kinesis;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** How KCL 3.5 writes a lease, in single-stream mode. */
final class LeaseItem {
    /** What is removed to make a lease nobody's, and to forget a hand-over that was under way. */
    static final String TENURE = "leaseOwner, checkpointOwner, pendingCheckpoint,"
            + " pendingCheckpointSubSequenceNumber, pendingCheckpointState";

    private LeaseItem() {}

    /**
     * A lease that nobody owns.
     *
     * @param parents empty: the shard came from none
     */
    static Map<String, AttributeValue> unowned(
            String shardId, List<String> parents, BigInteger startingHashKey, BigInteger endingHashKey, long counter) {
        Map<String, AttributeValue> row = new HashMap<>();
        row.put("leaseKey", fromS(shardId));
        row.put("entityType", fromS("LEASE"));
        row.put("checkpoint", fromS("TRIM_HORIZON"));
        row.put("checkpointSubSequenceNumber", fromN("0"));
        row.put("leaseCounter", fromN(Long.toString(counter)));
        row.put("ownerSwitchesSinceCheckpoint", fromN("0"));
        row.put("startingHashKey", fromS(startingHashKey.toString()));
        row.put("endingHashKey", fromS(endingHashKey.toString()));
        if (!parents.isEmpty()) {
            row.put("parentShardId", AttributeValue.fromSs(parents));
        }
        return row;
    }

    /** @throws IllegalArgumentException where the counter would not rise: who holds the lease would not notice */
    static void requireRising(ShardLease observed, long counter) {
        if (counter <= observed.counter()) {
            throw new IllegalArgumentException("the counter of " + observed.shardId() + " is " + observed.counter()
                    + " and must rise, not become " + counter);
        }
    }
}
