package io.processoptimizer.kinesis;

import io.processoptimizer.event.RecordPosition;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One lease as KCL would have it, for every shard that is not unknown. */
final class FakeLeases implements Leases {
    final Set<String> unknown = new HashSet<>();
    final List<String> givenBack = new ArrayList<>();
    final List<@Nullable RecordPosition> rewoundTo = new ArrayList<>();
    List<String> parents = List.of();
    String checkpoint = "TRIM_HORIZON";
    String owner;
    boolean unreachable;

    FakeLeases(String owner) {
        this.owner = owner;
    }

    @Override
    public @Nullable ShardLease lease(String shardId) {
        return unknown.contains(shardId)
                ? null
                : new ShardLease(
                        shardId,
                        owner,
                        7,
                        checkpoint,
                        parents,
                        List.of("c-1", "c-2"),
                        BigInteger.ZERO,
                        ShardLease.MAX_HASH_KEY);
    }

    @Override
    public boolean giveBack(String shardId, String workerId) {
        return givenBack.add(shardId);
    }

    @Override
    public boolean giveBackAbove(String shardId, String workerId, long epoch) {
        return giveBack(shardId, workerId);
    }

    @Override
    public boolean rewind(String shardId, String workerId, @Nullable RecordPosition position) {
        if (unreachable) {
            throw new IllegalStateException("no answer");
        }
        return rewoundTo.add(position);
    }
}
