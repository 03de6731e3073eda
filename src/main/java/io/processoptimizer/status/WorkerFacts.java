package io.processoptimizer.status;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the worker says of itself when it is asked. Every method is cheap, and may be called from any thread at any time. */
public interface WorkerFacts {
    /** Its id among the workers. */
    String workerId();

    Health health();

    /** The shards that it processes now, in the order of their ids. */
    List<ShardFacts> shards();

    Definitions definitions();

    /** User records that it has processed since it started. */
    long records();

    Outflow outflow();

    /** What is spent on a language model; null where none is asked, or the table has not answered yet. */
    @Nullable
    Spending spending();

    /**
     * One shard.
     *
     * @param owner the worker that processes it
     * @param records user records that its present worker has processed
     * @param lagMillis how far its last batch was behind the tip
     * @param seenMillis when it was processed last, epoch milliseconds
     * @param committedMillis when its state was written last, epoch milliseconds, or 0 if not in this tenure
     */
    record ShardFacts(
            String shardId, String owner, long records, long lagMillis, long seenMillis, long committedMillis) {}

    /**
     * The file of process definitions since the start.
     *
     * @param takenOver how often additions to it were taken over
     * @param refusal why what it says now is not in force, with the remedy; null where it is
     */
    record Definitions(int takenOver, @Nullable String refusal) {}

    /**
     * Outputs on their way.
     *
     * @param waiting writes that are not durable yet
     * @param capacity how many there may be before reading pauses
     * @param droppedMetrics metrics that CloudWatch never got
     */
    record Outflow(int waiting, int capacity, long droppedMetrics) {}

    /**
     * The budget of the day (UTC), all processes and workers together.
     *
     * @param model which one
     * @param calls calls so far
     * @param mostCalls calls that are allowed
     * @param tokens tokens so far, in and out; of a call under way the most that it can need
     * @param mostTokens tokens that are allowed
     */
    record Spending(String model, long calls, long mostCalls, long tokens, long mostTokens) {}
}
