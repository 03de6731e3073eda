package io.processoptimizer.pipeline;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.ProcessContents;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is inside the state of a shard, for those who look at it from outside.
 *
 * @param readUpToMillis everything that arrived on the stream before this instant is in it, epoch milliseconds, or {@link
 *     TelemetryEvent#ABSENT}
 * @param positions the last record of each shard that it contains, by shard; empty before the first
 * @param processes in the order of their first records
 */
public record StateContents(
        long readUpToMillis, Map<String, RecordPosition> positions, List<ProcessContents> processes) {
    public StateContents {
        positions = Collections.unmodifiableMap(new TreeMap<>(positions));
        processes = List.copyOf(processes);
    }

    /** The last record of a shard, or null before its first. */
    public @Nullable RecordPosition position(String shardId) {
        return positions.get(shardId);
    }

    /** What there is of one process; empty where the state does not know it. */
    public Optional<ProcessContents> process(String processId) {
        return processes.stream()
                .filter(process -> process.processId().equals(processId))
                .findFirst();
    }

    /** Windows of all processes that have begun and are not closed. */
    public long openWindows() {
        return processes.stream().mapToLong(ProcessContents::openWindows).sum();
    }
}
