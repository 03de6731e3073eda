package io.processoptimizer.pipeline;

import io.processoptimizer.event.RecordPosition;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The last record of each shard that the state contains. A worker's pipeline has one shard, and after a merge the two before it; a
 * replay's has all that were recorded.
 */
public final class Positions {
    private final Map<String, RecordPosition> byShard = new TreeMap<>();

    /** The shard that the last record came from, and its position: most records follow one of their own shard. */
    private String shard = "";

    private @Nullable RecordPosition position;

    /** Moves on to a record, unless the shard is there already or further; returns whether it did. */
    public boolean moveTo(String shardId, RecordPosition to) {
        if (!shardId.equals(shard)) {
            settle();
            shard = shardId;
            position = byShard.get(shardId);
        }
        if (position != null && to.compareTo(position) <= 0) {
            return false;
        }
        position = to;
        return true;
    }

    @Nullable
    RecordPosition of(String shardId) {
        return shardId.equals(shard) ? position : byShard.get(shardId);
    }

    /** A copy: the last record of each shard that has one. */
    Map<String, RecordPosition> all() {
        settle();
        return new TreeMap<>(byShard);
    }

    private void settle() {
        if (position != null) {
            byShard.put(shard, position);
        }
    }

    void write(DataOutput out) throws IOException {
        settle();
        out.writeInt(byShard.size());
        for (Map.Entry<String, RecordPosition> entry : byShard.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue().sequenceNumber());
            out.writeLong(entry.getValue().subSequenceNumber());
        }
    }

    void read(DataInput in) throws IOException {
        int shards = in.readInt();
        for (int i = 0; i < shards; i++) {
            byShard.put(in.readUTF(), new RecordPosition(in.readUTF(), in.readLong()));
        }
    }
}
