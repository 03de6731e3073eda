package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.checkpoint.SnapshotStoreException;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a shard on which a processor stopped by itself. KCL may still take it for ours, and would then deliver its records to
 * the stopped processor for ever: so the lease is given back, and KCL hands the shard out anew. Each of these may be called for a tenure
 * that is long over while a later one of the same worker is at work; a lease that is given back then costs a change of hands.
 */
final class Disputes {
    private static final Logger LOG = LoggerFactory.getLogger(Disputes.class);

    /** An operator's epoch is one above the lease counter that was read; more changes of hands than that, and the lease is another one. */
    private static final long MAX_AHEAD = 10;

    private final String workerId;
    private final Leases leases;
    private final SnapshotStore store;
    private final BiConsumer<String, Throwable> failed;

    /** @param failed told the shard and why where the worker cannot go on */
    Disputes(String workerId, Leases leases, SnapshotStore store, BiConsumer<String, Throwable> failed) {
        this.workerId = workerId;
        this.leases = leases;
        this.store = store;
        this.failed = failed;
    }

    /** A commit found that the claim is over. Mostly the lease is gone too, or is ours again with a later tenure. */
    void fenced(String shardId, Claim over) {
        if (!isOwnLaterTenure(shardId, over)) {
            giveBack(shardId);
        }
    }

    private boolean isOwnLaterTenure(String shardId, Claim over) {
        try {
            ShardPointer pointer = store.pointer(shardId);
            return pointer != null
                    && pointer.holder().owner().equals(workerId)
                    && pointer.holder().epoch() > over.epoch();
        } catch (SnapshotStoreException e) {
            LOG.info("{}", e.getMessage());
            return false;
        }
    }

    /**
     * A claim under our lease found that a later tenure holds the state. Mostly the lease has changed hands meanwhile. Where its counter
     * is still below the holder's epoch, it never was the holder's. Either an operator has just rewound the shard, and is about to lift
     * the lease above that; or the lease was made anew, as KCL does for the child of a shard that ends a second time after a rewind, or
     * as the whole table was lost: then it is lifted here. Whoever held the state under the lease before is fenced by the next claim.
     */
    void heldByLater(String shardId) {
        try {
            // In this order: a lease that is read later cannot be behind a claim that was made before.
            ShardPointer pointer = store.pointer(shardId);
            ShardLease lease = leases.lease(shardId);
            if (pointer == null || lease == null || !workerId.equals(lease.owner())) {
                return;
            }
            long epoch = pointer.holder().epoch();
            long ahead = epoch - lease.counter();
            if (ahead <= 0 || (pointer.holder().isOperators() && ahead <= MAX_AHEAD)) {
                giveBack(shardId);
            } else if (leases.giveBackAbove(shardId, workerId, epoch)) {
                LOG.warn(
                        "Lease of {} was made anew: its counter is {}, and {} claimed the state under {}; lifted it above that",
                        shardId,
                        lease.counter(),
                        pointer.holder().owner(),
                        epoch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.info("{}", e.getMessage());
            giveBack(shardId);
        }
    }

    /** Gives the shard back, where its lease is ours. */
    void giveBack(String shardId) {
        try {
            if (leases.giveBack(shardId, workerId)) {
                LOG.info("Gave shard {} back to be taken anew", shardId);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            failed.accept(shardId, e);
        }
    }
}
