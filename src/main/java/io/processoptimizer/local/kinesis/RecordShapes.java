package io.processoptimizer.local.kinesis;

import java.util.ArrayList;
import java.util.List;

/** The objects that several answers share. */
final class RecordShapes {
    private RecordShapes() {}

    static Reply record(Shard shard, StoredRecord record) {
        return writer -> {
            writer.text("SequenceNumber", shard.sequenceNumberOf(record));
            writer.timestamp("ApproximateArrivalTimestamp", record.arrivalMillis());
            writer.bytes("Data", record.data());
            writer.text("PartitionKey", record.partitionKey());
        };
    }

    static List<Shard> childrenOf(Shard shard) {
        Shard.Closing closing = shard.closing();
        return closing == null ? List.of() : closing.children();
    }

    static Reply childShard(Shard child) {
        List<String> parents = new ArrayList<>();
        String parent = child.place().parent();
        if (parent != null) {
            parents.add(parent);
        }
        String adjacent = child.place().adjacentParent();
        if (adjacent != null) {
            parents.add(adjacent);
        }
        return writer -> {
            writer.text("ShardId", child.id());
            writer.texts("ParentShards", parents);
            writer.object("HashKeyRange", hashKeys(child.hashKeys()));
        };
    }

    static Reply shard(Shard shard) {
        Shard.Closing closing = shard.closing();
        return writer -> {
            writer.text("ShardId", shard.id());
            writer.text("ParentShardId", shard.place().parent());
            writer.text("AdjacentParentShardId", shard.place().adjacentParent());
            writer.object("HashKeyRange", hashKeys(shard.hashKeys()));
            writer.object("SequenceNumberRange", range -> {
                range.text("StartingSequenceNumber", shard.startingSequenceNumber());
                range.text("EndingSequenceNumber", closing == null ? null : closing.endingSequenceNumber());
            });
        };
    }

    private static Reply hashKeys(HashKeyRange range) {
        return writer -> {
            writer.text("StartingHashKey", range.start().toString());
            writer.text("EndingHashKey", range.end().toString());
        };
    }
}
