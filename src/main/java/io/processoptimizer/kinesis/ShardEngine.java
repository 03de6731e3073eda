package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.NewerSnapshotException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
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
     * Takes over the shard's own state; before the first record.
     *
     * @throws UnreadableSnapshotException where it cannot be read
     * @throws NewerSnapshotException where a newer version wrote it
     */
    void restore(byte[] state);

    /**
     * Takes over what belongs to the shard of the state of a parent; before the first record, once for each parent.
     *
     * @throws UnreadableSnapshotException where it cannot be read
     * @throws NewerSnapshotException where a newer version wrote it
     */
    void adopt(byte[] parent);

    /** The state of what came before the next record is lost. */
    void stateLost();

    /** Records between the restored state and the next record may have been lost on the stream. */
    void recordsLost();

    /** An operator has rewound the shard: see there. Called after the state was taken over, before the first record. */
    void reprocess(Reprocessing asked);

    /** Everything that arrived before has been read, epoch milliseconds; {@link TelemetryEvent#ABSENT} where that is not known. */
    long readUpToMillis();

    /** The record at this position becomes a dead letter, unread: processing ended on it before. */
    void refuse(RecordPosition position);

    /** The last record that the state contains, or null. */
    @Nullable
    RecordPosition position();

    /** Completed when every output emitted so far is durable; failed where one never will be. */
    CompletableFuture<Void> acknowledged();
}
