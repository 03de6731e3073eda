package io.processoptimizer.kinesis;

/** Opens the pipeline of a shard, without state. */
@FunctionalInterface
public interface ShardEngines {
    ShardEngine open(ShardLease shard);
}
