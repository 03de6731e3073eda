package io.processoptimizer.kinesis;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** A row of the simulated lease table. */
final class SimulatedLease {
    final SimulatedStream.Shard shard;

    @Nullable
    String owner;

    long counter;
    String checkpoint = "TRIM_HORIZON";

    /** Tells the tenure that may checkpoint. */
    long token;

    SimulatedLease(SimulatedStream.Shard shard) {
        this.shard = shard;
    }

    boolean hasEnded() {
        return checkpoint.equals("SHARD_END");
    }

    /** KCL's row. */
    Map<String, AttributeValue> item(boolean showsChildren) {
        Map<String, AttributeValue> item = LeaseItem.unowned(
                shard.id(), shard.parents, shard.range.startingHashKey(), shard.range.endingHashKey(), counter);
        item.put("checkpoint", AttributeValue.fromS(checkpoint));
        if (owner != null) {
            item.put("leaseOwner", AttributeValue.fromS(owner));
        }
        if (showsChildren && !shard.children.isEmpty()) {
            item.put("childShardIds", AttributeValue.fromSs(shard.children));
        }
        return item;
    }

    /** What the table says of it, with another owner and counter where it lies. */
    ShardLease row(@Nullable String saidOwner, long saidCounter, boolean showsChildren) {
        return new ShardLease(
                shard.id(),
                saidOwner,
                saidCounter,
                checkpoint,
                shard.parents,
                showsChildren ? shard.children : List.of(),
                shard.range.startingHashKey(),
                shard.range.endingHashKey());
    }
}
