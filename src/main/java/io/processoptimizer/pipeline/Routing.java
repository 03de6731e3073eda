package io.processoptimizer.pipeline;

import io.processoptimizer.pipeline.PipelineSettings.KeyRule;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Whether a record came to the shard where its process lives. All records of a process must share a shard, or no worker sees the
 * whole of it; so the partition key is the process id, or, where the setting allows it, a key that the producer keeps constant per
 * process.
 */
final class Routing {
    private final KeyRule rule;
    private final int maxProcesses;

    /** Keys known to hash into their shard: spares an MD5 per record. */
    private final Map<String, ShardRange> owned = new HashMap<>();

    /** With constant keys: the key that each process came with first. */
    private final Map<String, String> keyOfProcess = new LinkedHashMap<>();

    Routing(KeyRule rule, int maxProcesses) {
        this.rule = rule;
        this.maxProcesses = maxProcesses;
    }

    /** Null where the record belongs here, else a sentence that says what is wrong. */
    @Nullable
    String faultOf(String processId, InputRecord record) {
        String partitionKey = record.partitionKey();
        if (partitionKey == null) {
            return null;
        }
        if (rule == KeyRule.PROCESS_ID && !partitionKey.equals(processId)) {
            return "the partition key '" + partitionKey + "' is not the process_id '" + processId
                    + "'; put the record with its process_id as the key, or set input.partition_key:"
                    + " constant_per_process";
        }
        if (!ownsKey(record.shard(), partitionKey)) {
            return "the partition key '" + partitionKey + "' hashes outside "
                    + record.shard().shardId()
                    + "; put the record without an explicit hash key";
        }
        return rule == KeyRule.CONSTANT_PER_PROCESS ? faultOfConstantKey(processId, partitionKey) : null;
    }

    private boolean ownsKey(ShardRange range, String partitionKey) {
        if (range.ownsEveryKey() || range.equals(owned.get(partitionKey))) {
            return true;
        }
        if (!range.owns(partitionKey)) {
            return false;
        }
        if (owned.size() >= maxProcesses) {
            owned.clear();
        }
        owned.put(partitionKey, range);
        return true;
    }

    private @Nullable String faultOfConstantKey(String processId, String partitionKey) {
        String known = keyOfProcess.get(processId);
        if (known == null) {
            if (keyOfProcess.size() >= maxProcesses) {
                return "the keys of " + maxProcesses + " processes are remembered already, which is"
                        + " limits.processes_per_shard; raise it or split the shard";
            }
            keyOfProcess.put(processId, partitionKey);
            return null;
        }
        return known.equals(partitionKey)
                ? null
                : "process '" + processId + "' came with the partition key '" + known + "' before and now with '"
                        + partitionKey + "'; input.partition_key: constant_per_process needs one key per process";
    }

    @Nullable
    String keyOf(String processId) {
        return keyOfProcess.get(processId);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(keyOfProcess.size());
        for (Map.Entry<String, String> entry : keyOfProcess.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeUTF(entry.getValue());
        }
    }

    /** Adds the keys that {@link #write} wrote and that are wanted. */
    void read(DataInput in, Predicate<String> wantedKeys) throws IOException {
        int entries = in.readInt();
        for (int i = 0; i < entries; i++) {
            String processId = in.readUTF();
            String key = in.readUTF();
            if (wantedKeys.test(key)) {
                keyOfProcess.put(processId, key);
            }
        }
    }

    /** Whether the records of a process, whose key is in the state already where keys are remembered, belong to a shard. */
    boolean belongsTo(ShardRange range, String processId) {
        return rule == KeyRule.PROCESS_ID ? range.owns(processId) : keyOfProcess.containsKey(processId);
    }
}
