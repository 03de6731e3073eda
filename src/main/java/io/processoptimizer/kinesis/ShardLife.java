package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.CommitCadence;
import io.processoptimizer.event.RecordPosition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a processor is to its shard: it waits for the shard, works on it, and stops, never to begin again. */
sealed interface ShardLife {
    /** KCL has not handed over the shard yet. */
    record Waiting() implements ShardLife {}

    /**
     * Holds the shard.
     *
     * @param committed the position of the last state that was handed to a commit, or null
     * @param delivered the last record that KCL delivered, or null
     * @param parents shards whose last states may be needed no more once this one has a state of its own
     */
    record Working(
            String shardId,
            Claim claim,
            ShardEngine engine,
            CommitCadence cadence,
            @Nullable RecordPosition committed,
            @Nullable RecordPosition delivered,
            List<String> parents)
            implements ShardLife {
        Working delivered(RecordPosition last) {
            return new Working(shardId, claim, engine, cadence, committed, last, parents);
        }

        Working committed(@Nullable RecordPosition position) {
            return new Working(shardId, claim, engine, cadence, position, delivered, parents);
        }

        Working withoutParents() {
            return new Working(shardId, claim, engine, cadence, committed, delivered, List.of());
        }

        Stopped stop(String why) {
            return new Stopped(shardId, why);
        }
    }

    /** Writes nothing any more. */
    record Stopped(String shardId, String why) implements ShardLife {}
}
