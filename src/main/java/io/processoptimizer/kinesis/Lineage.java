package io.processoptimizer.kinesis;

import java.util.List;

/** Which shards of the stream came from which, whether or not they have leases. */
@FunctionalInterface
interface Lineage {
    /** The parents of a shard; empty where it has none or the stream does not know it any more. */
    List<String> parentsOf(String shardId) throws InterruptedException;
}
