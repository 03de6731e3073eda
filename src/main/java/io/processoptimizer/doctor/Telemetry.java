package io.processoptimizer.doctor;

import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.decode.EventDecoder;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What recent records of a stream look like under a configuration: a decoder's view, without windows. Not thread-safe. */
public final class Telemetry {
    /** Names that are kept to be shown or looked up; a plant has thousands. */
    private static final int MAX_NAMES = 10_000;

    private final Rules rules;
    private final EventDecoder decoder;
    private final Map<RejectReason, Long> refused = new TreeMap<>();
    private final Map<RejectReason, String> examples = new TreeMap<>();
    private final Set<String> processes = new TreeSet<>();
    private final Set<String> withoutIdealCycle = new TreeSet<>();
    private long records;
    private long bytes;
    private long misrouted;
    private long ahead;
    private long late;
    private final Map<String, Long> newestOfProcess = new HashMap<>();
    private long newestArrival = TelemetryEvent.ABSENT;
    private long newestEvent = TelemetryEvent.ABSENT;
    private long longestDelay;
    private double recordsPerSecond;
    private double bytesPerSecond;

    /**
     * What records are judged by.
     *
     * @param definitions of the processes
     * @param mappings of records that are not canonical
     * @param maxRecordBytes a longer record is refused
     * @param keyIsProcess whether the partition key must be the process id
     * @param maxFutureMillis how far a timestamp may be ahead of its arrival
     * @param lateAfterMillis a record so much older than the newest of its process may be refused as late
     */
    public record Rules(
            ProcessDefinitions definitions,
            InputMappings mappings,
            int maxRecordBytes,
            boolean keyIsProcess,
            long maxFutureMillis,
            long lateAfterMillis) {}

    public Telemetry(Rules rules) {
        this.rules = rules;
        this.decoder = new EventDecoder(rules.maxRecordBytes(), rules.mappings());
    }

    /** Takes one record. */
    public void take(byte[] data, String partitionKey, long arrivalMillis) {
        records++;
        bytes += data.length;
        newestArrival = Math.max(newestArrival, arrivalMillis);
        decoder.decode(data, 0, data.length, arrivalMillis, new DecodedInput() {
            @Override
            public void event(TelemetryEvent event) {
                seen(event.processId, partitionKey, event.timestampMillis, arrivalMillis);
                boolean known = event.idealCycleMicros != TelemetryEvent.ABSENT
                        || rules.definitions()
                                        .of(event.processId, event.timestampMillis)
                                        .idealCycleMicros(event.stepId, event.product)
                                != TelemetryEvent.ABSENT;
                if (event.hasParts() && !known && withoutIdealCycle.size() < MAX_NAMES) {
                    withoutIdealCycle.add(event.processId);
                }
            }

            @Override
            public void snapshot(ProcessSnapshot snapshot) {
                seen(snapshot.processId(), partitionKey, arrivalMillis, arrivalMillis);
            }

            @Override
            public void rejected(RejectReason reason, String detail) {
                refused.merge(reason, 1L, Long::sum);
                examples.putIfAbsent(reason, detail);
            }
        });
    }

    private void seen(String processId, String partitionKey, long timestampMillis, long arrivalMillis) {
        if (processes.size() < MAX_NAMES) {
            processes.add(processId);
        }
        if (rules.keyIsProcess() && !processId.equals(partitionKey)) {
            misrouted++;
        }
        if (timestampMillis - arrivalMillis > rules.maxFutureMillis()) {
            ahead++;
            return;
        }
        longestDelay = Math.max(longestDelay, arrivalMillis - timestampMillis);
        newestEvent = Math.max(newestEvent, timestampMillis);
        Long newest = newestOfProcess.get(processId);
        if (newest != null && newest - timestampMillis > rules.lateAfterMillis()) {
            late++;
        } else if (newest == null ? newestOfProcess.size() < MAX_NAMES : newest < timestampMillis) {
            newestOfProcess.put(processId, timestampMillis);
        }
    }

    /** Adds what a shard gives in a second, as it was measured on its records. */
    public void rate(double shardRecordsPerSecond, double shardBytesPerSecond) {
        recordsPerSecond += shardRecordsPerSecond;
        bytesPerSecond += shardBytesPerSecond;
    }

    public long records() {
        return records;
    }

    public long bytes() {
        return bytes;
    }

    /** Of all shards together. */
    public double recordsPerSecond() {
        return recordsPerSecond;
    }

    /** Of all shards together. */
    public double bytesPerSecond() {
        return bytesPerSecond;
    }

    /** When the newest record arrived, epoch ms, or {@link TelemetryEvent#ABSENT}. */
    public long newestArrivalMillis() {
        return newestArrival;
    }

    /** Records that the decoder refuses, by reason. */
    public Map<RejectReason, Long> refused() {
        return Collections.unmodifiableMap(refused);
    }

    /** What was wrong with the first record of a reason, or null. */
    public @Nullable String example(RejectReason reason) {
        return examples.get(reason);
    }

    public Set<String> processes() {
        return Collections.unmodifiableSet(processes);
    }

    /** Processes whose parts have no ideal cycle, neither in the record nor in a definition: their performance is not known. */
    public Set<String> withoutIdealCycle() {
        return Collections.unmodifiableSet(withoutIdealCycle);
    }

    /** Records whose partition key is not the process id, where it must be. */
    public long misrouted() {
        return misrouted;
    }

    /** Records with a timestamp further ahead of their arrival than is allowed. */
    public long ahead() {
        return ahead;
    }

    /** The newest time that a record names, epoch ms, or {@link TelemetryEvent#ABSENT}. */
    public long newestEventMillis() {
        return newestEvent;
    }

    /** The longest time between what a record is about and its arrival, ms, ≥ 0. */
    public long longestDelayMillis() {
        return longestDelay;
    }

    /** Records that are older, compared with the newest of their process, than windows wait for. */
    public long late() {
        return late;
    }
}
