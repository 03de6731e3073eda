package io.processoptimizer.recover.rewind;

import io.processoptimizer.kinesis.LeasePlaces;
import io.processoptimizer.kinesis.LeasePlaces.NewLease;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.ShardLease;
import org.jspecify.annotations.Nullable;

/** What a rewind does with leases. */
public interface LeaseMoves {
    /** The lease of a shard, read consistently; null where there is none. */
    @Nullable
    ShardLease lease(String shardId) throws InterruptedException;

    /** As {@link LeasePlaces#place}. */
    boolean place(ShardLease observed, String checkpoint, long subSequenceNumber, long counter)
            throws InterruptedException;

    /** As {@link LeasePlaces#make}. */
    boolean make(NewLease lease, String checkpoint, long subSequenceNumber) throws InterruptedException;

    /** In KCL's table. */
    static LeaseMoves of(LeaseTable leases, LeasePlaces places) {
        return new LeaseMoves() {
            @Override
            public @Nullable ShardLease lease(String shardId) throws InterruptedException {
                return leases.lease(shardId);
            }

            @Override
            public boolean place(ShardLease observed, String checkpoint, long subSequenceNumber, long counter)
                    throws InterruptedException {
                return places.place(observed, checkpoint, subSequenceNumber, counter);
            }

            @Override
            public boolean make(NewLease lease, String checkpoint, long subSequenceNumber) throws InterruptedException {
                return places.make(lease, checkpoint, subSequenceNumber);
            }
        };
    }
}
