package io.processoptimizer.recover.rewind;

import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.ShardLease;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Puts together what stream, leases and store know of each shard. */
final class KnownApplication {
    private KnownApplication() {}

    /** Reads all of it, consistently where it can be. */
    static List<ShardFacts> shards(List<Shard> stream, LeaseTable leases, RecoveryStore store)
            throws InterruptedException {
        Map<String, ShardLease> rows = new TreeMap<>();
        leases.leases().forEach(lease -> rows.put(lease.shardId(), lease));
        List<ShardFacts> facts = new ArrayList<>();
        for (Shard shard : stream) {
            ShardLease lease = rows.remove(shard.shardId());
            facts.add(new ShardFacts(
                    shard.shardId(),
                    true,
                    Stream.of(shard.parentShardId(), shard.adjacentParentShardId())
                            .filter(parent -> parent != null)
                            .toList(),
                    new BigInteger(shard.hashKeyRange().startingHashKey()),
                    new BigInteger(shard.hashKeyRange().endingHashKey()),
                    shard.sequenceNumberRange().endingSequenceNumber(),
                    lease,
                    store.pointer(shard.shardId()),
                    store.savepoints(shard.shardId())));
        }
        for (ShardLease lease : rows.values()) {
            facts.add(new ShardFacts(
                    lease.shardId(),
                    false,
                    lease.parents(),
                    lease.startingHashKey(),
                    lease.endingHashKey(),
                    null,
                    lease,
                    store.pointer(lease.shardId()),
                    store.savepoints(lease.shardId())));
        }
        return facts;
    }
}
