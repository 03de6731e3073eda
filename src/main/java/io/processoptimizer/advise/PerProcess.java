package io.processoptimizer.advise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of each process across restarts. Bounded: where there are too many, the half whose time lies furthest back is
 * forgotten.
 */
final class PerProcess<V> {
    private final int maxProcesses;
    private final ToLongFunction<V> time;
    private final Map<String, V> values = new HashMap<>();

    PerProcess(int maxProcesses, ToLongFunction<V> time) {
        this.maxProcesses = maxProcesses;
        this.time = time;
    }

    @Nullable
    V get(String processId) {
        return values.get(processId);
    }

    void put(String processId, V value) {
        if (values.size() >= maxProcesses && !values.containsKey(processId)) {
            forgetOldestHalf();
        }
        values.put(processId, value);
    }

    private void forgetOldestHalf() {
        List<String> oldest = values.entrySet().stream()
                .sorted(Comparator.comparingLong((Map.Entry<String, V> entry) -> time.applyAsLong(entry.getValue()))
                        .thenComparing(Map.Entry::getKey, Comparator.naturalOrder()))
                .limit((maxProcesses + 1) / 2)
                .map(Map.Entry::getKey)
                .toList();
        oldest.forEach(values::remove);
    }

    /** Writes one value. */
    interface Writer<V> {
        void write(V value, DataOutput out) throws IOException;
    }

    /** Reads one value. */
    interface Reader<V> {
        V read(DataInput in) throws IOException;
    }

    /** In the order of the ids: equal states have equal snapshots. */
    void write(DataOutput out, Writer<V> writer) throws IOException {
        out.writeInt(values.size());
        for (Map.Entry<String, V> entry : new TreeMap<>(values).entrySet()) {
            out.writeUTF(entry.getKey());
            writer.write(entry.getValue(), out);
        }
    }

    void read(DataInput in, Reader<V> reader, Predicate<String> wanted) throws IOException {
        int entries = in.readInt();
        for (int i = 0; i < entries; i++) {
            String processId = in.readUTF();
            V value = reader.read(in);
            if (wanted.test(processId)) {
                values.put(processId, value);
            }
        }
    }
}
