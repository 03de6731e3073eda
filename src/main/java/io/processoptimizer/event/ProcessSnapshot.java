package io.processoptimizer.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The plain record form: a process states its own figures at one instant. Ratios are in billionths (0 …
 * {@link TelemetryEvent#NANO}); what the record does not state is {@link TelemetryEvent#ABSENT}.
 *
 * @param processId never empty
 * @param timestampMillis epoch milliseconds; the record's arrival where it names no time
 * @param availabilityNano billionths or ABSENT
 * @param performanceNano billionths (may exceed one) or ABSENT
 * @param qualityNano billionths or ABSENT
 * @param throughputMilli parts per hour in thousandths, 0 … 10¹⁰ (so that a day's sum fits), or ABSENT
 * @param steps the stated steps in the order of the record
 * @param eventId the producer's id, or null
 */
public record ProcessSnapshot(
        String processId,
        long timestampMillis,
        long availabilityNano,
        long performanceNano,
        long qualityNano,
        long throughputMilli,
        List<StepReading> steps,
        @Nullable String eventId) {
    public ProcessSnapshot {
        if (processId.isEmpty()) {
            throw new IllegalArgumentException("processId must not be empty");
        }
        steps = List.copyOf(steps);
    }

    /**
     * What a snapshot says of one step.
     *
     * @param utilizationNano billionths, 0 … one, or ABSENT
     * @param cycleTimeMicros observed microseconds per part, > 0, or ABSENT
     */
    public record StepReading(String stepId, long utilizationNano, long cycleTimeMicros) {}
}
