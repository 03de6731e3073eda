package io.processoptimizer.kinesis;

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
}
