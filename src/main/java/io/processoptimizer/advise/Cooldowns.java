package io.processoptimizer.advise;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Up to which window each process was advised: what makes the cooldown hold across restarts. Bounded: where there are too many, the
 * half that was advised longest ago is forgotten, which ends its cooldown early if at all.
 */
final class Cooldowns {
    private final int maxProcesses;
    private final Map<String, Long> lastAdvisedEnd = new TreeMap<>();

    Cooldowns(int maxProcesses) {
        this.maxProcesses = maxProcesses;
    }

    /** End of the last window of the process that was advised on, epoch milliseconds, or null. */
    @Nullable
    Long lastAdvisedEnd(String processId) {
        return lastAdvisedEnd.get(processId);
    }

    void advised(String processId, long endMillis) {
        if (lastAdvisedEnd.size() >= maxProcesses && !lastAdvisedEnd.containsKey(processId)) {
            forgetOldestHalf();
        }
        lastAdvisedEnd.put(processId, endMillis);
    }

    private void forgetOldestHalf() {
        List<String> oldest = lastAdvisedEnd.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue()
                        .thenComparing(Map.Entry::getKey, Comparator.naturalOrder()))
                .limit((maxProcesses + 1) / 2)
                .map(Map.Entry::getKey)
                .toList();
        oldest.forEach(lastAdvisedEnd::remove);
    }

    void write(DataOutput out) throws IOException {
        out.writeInt(lastAdvisedEnd.size());
        for (Map.Entry<String, Long> entry : lastAdvisedEnd.entrySet()) {
            out.writeUTF(entry.getKey());
            out.writeLong(entry.getValue());
        }
    }

    void read(DataInput in, Predicate<String> wanted) throws IOException {
        int entries = in.readInt();
        for (int i = 0; i < entries; i++) {
            String processId = in.readUTF();
            long end = in.readLong();
            if (wanted.test(processId)) {
                lastAdvisedEnd.put(processId, end);
            }
        }
    }
}
