package io.processoptimizer.recover.rewind;

import io.processoptimizer.aws.PatientCalls;
import io.processoptimizer.checkpoint.RecoveryStore;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.ShardLease;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.ListShardsResponse;
import software.amazon.awssdk.services.kinesis.model.Shard;

/** Puts together what stream, leases and store know of each shard. */
public final class KnownApplication {
    private KnownApplication() {}

    /**
     * Reads all of it, leases and pointers consistently.
     *
     * @throws RefusedException where the application has never run
     */
    public static List<ShardFacts> shards(
            KinesisAsyncClient kinesis, String stream, LeaseTable leases, RecoveryStore store)
            throws InterruptedException, RefusedException {
        Map<String, ShardLease> rows = new TreeMap<>();
        leases.leases().forEach(lease -> rows.put(lease.shardId(), lease));
        List<ShardFacts> facts = new ArrayList<>();
        // The youngest first: who has begun as a child is not taken for one whose parents were never ours.
        List<Shard> youngestFirst = listed(kinesis, stream);
        Collections.reverse(youngestFirst);
        for (Shard shard : youngestFirst) {
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
        if (facts.stream().noneMatch(shard -> shard.pointer() != null)) {
            throw new RefusedException("the state table knows no shard of this application: either no worker of it has"
                    + " committed yet, or state.table names another table than the workers use; check both");
        }
        return facts;
    }

    private static List<Shard> listed(KinesisAsyncClient kinesis, String stream) throws InterruptedException {
        PatientCalls calls = new PatientCalls();
        List<Shard> shards = new ArrayList<>();
        String token = null;
        // As many pages as the stream has shards for: each names the next.
        do {
            String from = token;
            ListShardsResponse page = calls.answer(() -> kinesis.listShards(r -> {
                if (from == null) {
                    r.streamName(stream);
                } else {
                    r.nextToken(from);
                }
            }));
            shards.addAll(page.shards());
            token = page.nextToken();
        } while (token != null);
        return shards;
    }
}
