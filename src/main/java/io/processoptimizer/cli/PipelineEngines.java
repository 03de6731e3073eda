package io.processoptimizer.cli;

import io.processoptimizer.aws.OutputTables;
import io.processoptimizer.aws.ShardOutputs;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.emit.NoOutputs;
import io.processoptimizer.emit.Outputs;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.ShardEngine;
import io.processoptimizer.kinesis.ShardEngines;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.pipeline.InputRecord;
import io.processoptimizer.pipeline.PipelineSettings;
import io.processoptimizer.pipeline.ShardPipeline;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.status.StatusView;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The pipeline of each shard, with its outputs going to the tables and before a person's eyes. */
final class PipelineEngines implements ShardEngines {
    private final PipelineSettings settings;
    private final ProcessDefinitions definitions;
    private final OutputTables tables;
    private final StatusView view;
    private final Function<ShardLease, Outputs> watchers;

    /** With nobody who watches. */
    PipelineEngines(PipelineSettings settings, ProcessDefinitions definitions, OutputTables tables, StatusView view) {
        this(settings, definitions, tables, view, shard -> new NoOutputs());
    }

    /** @param watchers gives who is told of what comes of a shard, once a tenure */
    PipelineEngines(
            PipelineSettings settings,
            ProcessDefinitions definitions,
            OutputTables tables,
            StatusView view,
            Function<ShardLease, Outputs> watchers) {
        this.settings = settings;
        this.definitions = definitions;
        this.tables = tables;
        this.view = view;
        this.watchers = watchers;
    }

    @Override
    public ShardEngine open(ShardLease shard) {
        ShardRange range = new ShardRange(shard.shardId(), shard.startingHashKey(), shard.endingHashKey());
        String window = settings.windows().defaultWindow().name();
        Outputs shown = new BothOutputs(
                new ShownOutputs(view, result -> result.window().equals(window)), watchers.apply(shard));
        ShardOutputs outputs = tables.forShard(shown);
        return new Engine(
                range, new ShardPipeline(settings, definitions, new WatchedOutputs(outputs, shown), outputs), outputs);
    }

    private record Engine(ShardRange range, ShardPipeline pipeline, ShardOutputs outputs) implements ShardEngine {
        @Override
        public void accept(RecordPosition position, String partitionKey, long arrivalMillis, byte[] data) {
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
            pipeline.restore(state);
        }

        @Override
        public void adopt(byte[] parent) {
            pipeline.adopt(parent, range);
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
            pipeline.reprocess(asked);
        }

        @Override
        public long readUpToMillis() {
            return pipeline.readUpToMillis();
        }

        @Override
        public void refuse(RecordPosition position) {
            pipeline.refuse(position);
        }

        @Override
        public @Nullable RecordPosition position() {
            return pipeline.position(range.shardId());
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return outputs.acknowledged();
        }
    }
}
