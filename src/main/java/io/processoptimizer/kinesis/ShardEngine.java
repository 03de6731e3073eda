package io.processoptimizer.kinesis;

import io.processoptimizer.event.RecordPosition;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The pipeline of one shard together with its outputs, as the processor drives it; one thread at a time. */
public interface ShardEngine {
    /**
     * Takes one user record, in the order of the shard; a record at or before the restored position is dropped.
     *
     * @param arrivalMillis when it arrived on the stream, epoch milliseconds
     */
    void accept(RecordPosition position, String partitionKey, long arrivalMillis, byte[] data);

    /** Nothing older than this instant waits in the shard: quiet processes get provisional results. */
    void advanceTo(long nowMillis);

    /** The complete state at the last accepted record. */
    byte[] snapshot();

    /**
     * Takes over a state; before the first record.
     *
     * @throws IllegalArgumentException where it cannot be read
     */
    void restore(byte[] state);

    /** The last record that the state contains, or null. */
    @Nullable
    RecordPosition position();

    /** Completed when every output emitted so far is durable; failed where one never will be. */
    CompletableFuture<Void> acknowledged();
}
