package io.processoptimizer.kinesis;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The real pipeline over simulated tables. */
final class SimulatedEngine implements ShardEngine {
    private final ShardRange range;
    private final SimulatedTables.Pending outputs;
    private final PlantedBug bug;
    private final ShardPipeline pipeline;
    private final Set<RecordPosition> poison;
    private final Set<RecordPosition> refused = new HashSet<>();
    private int adopted;
    private @Nullable Reprocessing reprocessing;

    /** @param poison records that it cannot process */
    SimulatedEngine(
            ShardRange range,
            PipelineSettings settings,
            SimulatedTables.Pending outputs,
            Collection<RecordPosition> poison,
            PlantedBug bug) {
        this.range = range;
        this.poison = Set.copyOf(poison);
        this.outputs = outputs;
        this.bug = bug;
        pipeline = new ShardPipeline(settings, SimulatedStream.DEFINITIONS, outputs);
    }

    @Override
    public void accept(RecordPosition position, String partitionKey, long arrivalMillis, byte[] data) {
        RecordPosition held = position();
        boolean isNew = held == null || position.compareTo(held) > 0;
        if (isNew && poison.contains(position) && !refused.contains(position)) {
            throw new IllegalStateException("poison");
        }
        outputs.repeated = reprocessing != null && reprocessing.covers(position) && !reprocessing.publish();
        pipeline.accept(InputRecord.of(range, position, partitionKey, arrivalMillis, data));
    }

    @Override
    public void advanceTo(long nowMillis) {
        pipeline.advanceTo(nowMillis);
    }

    @Override
    public byte[] snapshot() {
        return pipeline.snapshot();
    }

    @Override
    public void restore(byte[] state) {
        if (bug == PlantedBug.POSITION_IS_FORGOTTEN) {
            pipeline.adopt(state, range);
        } else {
            pipeline.restore(state);
        }
    }

    @Override
    public void adopt(byte[] parent) {
        adopted++;
        boolean forgotten = bug == PlantedBug.PARENTS_ARE_FORGOTTEN
                || (bug == PlantedBug.SECOND_PARENT_IS_FORGOTTEN && adopted > 1);
        if (!forgotten) {
            pipeline.adopt(
                    parent, bug == PlantedBug.HASH_FILTER_IS_FORGOTTEN ? ShardRange.whole(range.shardId()) : range);
        }
    }

    @Override
    public void stateLost() {
        pipeline.stateLost();
    }

    @Override
    public void recordsLost() {
        pipeline.recordsLost();
    }

    @Override
    public void reprocess(Reprocessing asked) {
        reprocessing = asked;
        Reprocessing understood = bug == PlantedBug.REPROCESSING_PUBLISHES
                ? new Reprocessing(asked.generation(), asked.processes(), asked.until(), true, null, asked.earlier())
                : asked;
        pipeline.reprocess(understood);
        if (bug == PlantedBug.LATER_PROCESSES_KEEP_THEIR_GENERATION) {
            pipeline.reprocess(new Reprocessing(1, Set.of("nobody"), asked.until(), asked.publish(), null));
        }
    }

    @Override
    public long readUpToMillis() {
        return pipeline.readUpToMillis();
    }

    @Override
    public void refuse(RecordPosition position) {
        refused.add(position);
        pipeline.refuse(position);
    }

    @Override
    public @Nullable RecordPosition position() {
        return pipeline.position(range.shardId());
    }

    @Override
    public CompletableFuture<Void> acknowledged() {
        return switch (bug) {
            case OUTPUTS_ARE_NOT_AWAITED -> CompletableFuture.completedFuture(null);
            case ONLY_THE_LAST_OUTPUT_IS_AWAITED -> outputs.lastAcknowledged();
            default -> outputs.acknowledged();
        };
    }
}
