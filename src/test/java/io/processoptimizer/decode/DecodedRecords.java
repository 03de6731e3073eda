package io.processoptimizer.decode;

import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keeps what a decoder hands over, as values that can be compared. */
final class DecodedRecords implements DecodedInput {
    final List<Object> all = new ArrayList<>();

    static Object decode(EventDecoder decoder, String record) {
        return decode(decoder, record.getBytes(StandardCharsets.UTF_8), TelemetryEvent.ABSENT);
    }

    static Object decode(EventDecoder decoder, byte[] record, long arrivalMillis) {
        // Away from the array's start, with neighbours that a reader past the end would stumble over.
        byte[] framed = new byte[record.length + 4];
        System.arraycopy(record, 0, framed, 2, record.length);
        framed[0] = '{';
        framed[record.length + 2] = '}';
        DecodedRecords out = new DecodedRecords();
        decoder.decode(framed, 2, record.length, arrivalMillis, out);
        return out.only();
    }

    Object only() {
        if (all.size() != 1) {
            throw new AssertionError("expected exactly one hand-over, got " + all);
        }
        return all.get(0);
    }

    @Override
    public void event(TelemetryEvent event) {
        all.add(Event.of(event));
    }

    @Override
    public void snapshot(ProcessSnapshot snapshot) {
        all.add(snapshot);
    }

    @Override
    public void rejected(RejectReason reason, String detail) {
        all.add(new Rejected(reason, detail));
    }

    record Rejected(RejectReason reason, String detail) {}

    record Event(
            String processId,
            String stepId,
            long timestampMillis,
            @Nullable StepState state,
            long durationMillis,
            @Nullable String product,
            long cycleTimeMicros,
            long idealCycleMicros,
            List<Long> goodRejectStartupRework,
            List<Long> goodRejectProcessedTotals,
            long energyMilliwattHours,
            long utilizationNano,
            long eventId,
            boolean correction) {
        static Event of(TelemetryEvent event) {
            return new Event(
                    event.processId,
                    event.stepId,
                    event.timestampMillis,
                    event.state,
                    event.durationMillis,
                    event.product,
                    event.cycleTimeMicros,
                    event.idealCycleMicros,
                    List.of(event.good, event.reject, event.startupReject, event.rework),
                    List.of(event.goodTotal, event.rejectTotal, event.processedTotal),
                    event.energyMilliwattHours,
                    event.utilizationNano,
                    event.eventId,
                    event.correction);
        }
    }
}
