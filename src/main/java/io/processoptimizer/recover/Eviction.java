package io.processoptimizer.recover;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.status.Times;
import org.jspecify.annotations.Nullable;

/**
 * The plan to take a lease from its holder: what is seen, what will happen, or why not.
 *
 * @param shardId the shard
 * @param observed the lease that is taken, or null where there is nothing to take
 * @param counter what its counter becomes: above every epoch under which the state is held, so that the next tenure can take it
 * @param found who holds it and since when it has not moved: a sentence
 * @param effect what will happen: a sentence; empty where nothing will
 * @param refusal why it is not done and what to do instead; null: it can be done
 */
public record Eviction(
        String shardId,
        @Nullable ShardLease observed,
        long counter,
        String found,
        String effect,
        @Nullable String refusal) {
    /** @param force take it also from a worker that renews it, or while another operation is under way */
    public static Eviction of(
            ShardStanding shard, Sighting.@Nullable Operation operation, Expectations expected, boolean force) {
        LeaseRows.Lease row = shard.lease();
        LeaseWatch.Age age = shard.age();
        if (row == null || age == null) {
            return refused(shard.shardId(), "has no lease", "nothing holds it; see recover status");
        }
        ShardLease lease = row.lease();
        if (lease.hasEnded()) {
            return refused(
                    shard.shardId(), "is processed to its end", "nothing is to be done for it; see recover status");
        }
        ShardPointer pointer = shard.pointer();
        long epoch = pointer == null ? 0 : pointer.holder().epoch();
        if (row.processor() == null && epoch <= lease.counter()) {
            return refused(
                    shard.shardId(),
                    "is held by nobody",
                    "a worker takes it by itself; if none does, start one, or look into its log for "
                            + shard.shardId());
        }
        return new Eviction(
                shard.shardId(),
                lease,
                Math.max(lease.counter(), epoch) + 1,
                found(row, age, expected),
                effect(shard, row),
                force ? null : refusal(shard, operation, expected));
    }

    private static Eviction refused(String shardId, String found, String refusal) {
        return new Eviction(shardId, null, 0, found, "", refusal);
    }

    private static String found(LeaseRows.Lease row, LeaseWatch.Age age, Expectations expected) {
        String owner = row.lease().owner();
        String who = row.checkpointOwner() == null
                ? (owner == null ? "is held by nobody" : "is held by " + owner)
                : "is being handed over from " + row.checkpointOwner() + " to " + (owner == null ? "nobody" : owner);
        return who
                + (age.isRenewed(expected.stale())
                        ? ", which renews the lease"
                        : "; the lease has not moved for at least " + Times.duration(age.stillMillis()));
    }

    private static String effect(ShardStanding shard, LeaseRows.Lease row) {
        String loser = row.processor() == null ? "" : row.processor() + " loses the shard; ";
        String from = shard.state() == null
                ? "from its beginning or its parents' states"
                : "from the state stored at " + Times.clock(shard.state().writtenMillis());
        return loser + "a worker that runs takes it within seconds and goes on " + from
                + "; nothing is lost, results that were written already are refused as not newer";
    }

    private static @Nullable String refusal(
            ShardStanding shard, Sighting.@Nullable Operation operation, Expectations expected) {
        if (operation != null) {
            return "the operation " + operation.id() + " of " + operation.operator()
                    + " is under way and moves leases itself; wait for it, or add --force";
        }
        return shard.isRenewed(expected)
                ? "the lease is renewed, so its worker is alive; look into its log first, and add --force to take the"
                        + " shard from it all the same"
                : null;
    }
}
