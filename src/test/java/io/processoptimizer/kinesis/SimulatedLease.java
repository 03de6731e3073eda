package io.processoptimizer.kinesis;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
