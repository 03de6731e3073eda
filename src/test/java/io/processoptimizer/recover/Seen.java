package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.ShardStanding.OnStream;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A shard as it is seen where all is well, to be changed in what a test is about. Times are ms before {@link #NOW}. */
final class Seen {
    static final long NOW = 1_800_000_000_000L;
    static final long HOUR = 3_600_000;
    static final Sighting.Stream STREAM = new Sighting.Stream("arn:stream", 1_000, 24 * HOUR);

    /** The defaults. */
    static final Expectations EXPECTED = new Expectations(10_000, 5_000, 30_000, 60_000, HOUR, 24 * HOUR);

    final String shardId;
    OnStream onStream = OnStream.OPEN;
    List<String> parents = List.of();
    boolean hasLease = true;

    @Nullable
    String owner = "worker-1";

    @Nullable
    String handsOver;

    long counter = 500;
    String checkpoint = "700";
    LeaseWatch.Age age = new LeaseWatch.Age(500L, 4_000, 0);
    boolean hasPointer = true;

    @Nullable
    String state = "700";

    String holder = "worker-1";
    long epoch = 12;
    long committedAgo = 20_000;
    Set<String> children = Set.of();
    List<ShardPointer.Failure> failures = new ArrayList<>();
    ShardProbe.@Nullable Lag lag = new ShardProbe.Lag(20_000, NOW - 20_000, false);
    boolean hasSavepoint = true;

    @Nullable
    String configuration = "aaaaaaaaaaaa";

    @Nullable
    Reprocessing reprocessing;

    Seen(String shardId) {
        this.shardId = shardId;
    }

    Seen still(long millis) {
        age = new LeaseWatch.Age(null, millis, 0);
        return this;
    }

    Seen behind(long millis) {
        lag = new ShardProbe.Lag(millis, NOW - millis, false);
        return this;
    }

    /** A child that nobody has begun with. */
    Seen childOf(String... of) {
        parents = List.of(of);
        checkpoint = "TRIM_HORIZON";
        hasPointer = false;
        hasSavepoint = false;
        return this;
    }

    Seen ended(String... into) {
        onStream = OnStream.CLOSED;
        checkpoint = "SHARD_END";
        children = Set.of(into);
        return this;
    }

    @SuppressWarnings("NullAway") // it does not see in class files that parts of nested types may be null
    ShardStanding standing() {
        ShardLease lease = new ShardLease(
                shardId, owner, counter, checkpoint, parents, List.of(), BigInteger.ZERO, ShardLease.MAX_HASH_KEY);
        Snapshot snapshot = state == null ? null : snapshot(state);
        return new ShardStanding(
                shardId,
                onStream,
                parents,
                hasLease ? new LeaseRows.Lease(lease, 0, handsOver) : null,
                hasLease ? age : null,
                hasPointer
                        ? new ShardPointer(new Claim(holder, epoch), snapshot, children, failures, false, reprocessing)
                        : null,
                lag,
                null,
                hasSavepoint ? List.of(snapshot("600")) : List.of());
    }

    private Snapshot snapshot(String sequence) {
        return new Snapshot(
                "id-" + sequence, new RecordPosition(sequence, 0), 1, 100, NOW - committedAgo, configuration, null);
    }

    static Sighting sighting(Seen... shards) {
        return new Sighting(
                NOW,
                STREAM,
                "app",
                STREAM,
                true,
                true,
                List.of(new LeaseRows.Reporter("worker-1", NOW - 12_000)),
                List.of(shards).stream().map(Seen::standing).toList(),
                null);
    }
}
