package io.processoptimizer.window;

import io.processoptimizer.event.EventId;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One record of a test's stream: an event or a process snapshot, and when it arrived. The event is never changed once the record
 * stands; the builder methods return new records.
 */
record Given(@Nullable TelemetryEvent event, @Nullable ProcessSnapshot snapshot, long arrival) {
    static Given event(String processId, String stepId, long time) {
        TelemetryEvent event = new TelemetryEvent();
        event.processId = processId;
        event.stepId = stepId;
        event.timestampMillis = time;
        return new Given(event, null, TelemetryEvent.ABSENT);
    }

    static Given snapshot(ProcessSnapshot snapshot) {
        return new Given(null, snapshot, TelemetryEvent.ABSENT);
    }

    /** A snapshot of one step's reading and of the quality. */
    static Given reading(String processId, String stepId, long time, double utilization, double quality) {
        return snapshot(new ProcessSnapshot(
                processId,
                time,
                TelemetryEvent.ABSENT,
                TelemetryEvent.ABSENT,
                Math.round(quality * TelemetryEvent.NANO),
                TelemetryEvent.ABSENT,
                List.of(new ProcessSnapshot.StepReading(
                        stepId, Math.round(utilization * TelemetryEvent.NANO), TelemetryEvent.ABSENT)),
                null));
    }

    String processId() {
        return event != null
                ? event.processId
                : Objects.requireNonNull(snapshot).processId();
    }

    long time() {
        return event != null
                ? event.timestampMillis
                : Objects.requireNonNull(snapshot).timestampMillis();
    }

    Given arriving(long millis) {
        return new Given(event, snapshot, millis);
    }

    Given state(StepState state) {
        return with(event -> event.state = state);
    }

    Given claim(StepState state, long durationMillis) {
        return with(event -> {
            event.state = state;
            event.durationMillis = durationMillis;
        });
    }

    Given good(long parts) {
        return with(event -> event.good = parts);
    }

    Given reject(long parts) {
        return with(event -> event.reject = parts);
    }

    Given goodTotal(long reading) {
        return with(event -> event.goodTotal = reading);
    }

    Given rejectTotal(long reading) {
        return with(event -> event.rejectTotal = reading);
    }

    Given processedTotal(long reading) {
        return with(event -> event.processedTotal = reading);
    }

    Given product(String product) {
        return with(event -> event.product = product);
    }

    Given idealCycle(long micros) {
        return with(event -> event.idealCycleMicros = micros);
    }

    Given cycle(long micros) {
        return with(event -> event.cycleTimeMicros = micros);
    }

    Given energy(long milliwattHours) {
        return with(event -> event.energyMilliwattHours = milliwattHours);
    }

    Given utilization(double utilization) {
        return with(event -> event.utilizationNano = Math.round(utilization * TelemetryEvent.NANO));
    }

    Given correction() {
        return with(event -> event.correction = true);
    }

    Given id(String eventId) {
        return with(event -> event.eventId = EventId.digest(eventId));
    }

    /** Copies the event into the slot that is offered to the engine, as a decoder would fill it. */
    void into(TelemetryEvent slot) {
        TelemetryEvent from = Objects.requireNonNull(event);
        slot.processId = from.processId;
        slot.stepId = from.stepId;
        slot.timestampMillis = from.timestampMillis;
        slot.state = from.state;
        slot.durationMillis = from.durationMillis;
        slot.product = from.product;
        slot.cycleTimeMicros = from.cycleTimeMicros;
        slot.idealCycleMicros = from.idealCycleMicros;
        slot.good = from.good;
        slot.reject = from.reject;
        slot.startupReject = from.startupReject;
        slot.rework = from.rework;
        slot.goodTotal = from.goodTotal;
        slot.rejectTotal = from.rejectTotal;
        slot.processedTotal = from.processedTotal;
        slot.energyMilliwattHours = from.energyMilliwattHours;
        slot.utilizationNano = from.utilizationNano;
        slot.eventId = from.eventId;
        slot.correction = from.correction;
    }

    Given with(Change change) {
        TelemetryEvent copy = new TelemetryEvent();
        into(copy);
        change.to(copy);
        return new Given(copy, null, arrival);
    }

    /** Fills a field of an event under construction. */
    @FunctionalInterface
    interface Change {
        void to(TelemetryEvent event);
    }

    @Override
    public String toString() {
        String at = arrival == TelemetryEvent.ABSENT ? "" : " arriving " + arrival;
        if (snapshot != null) {
            return snapshot + at;
        }
        TelemetryEvent e = Objects.requireNonNull(event);
        StringBuilder text = new StringBuilder(e.processId + "/" + e.stepId + " @" + e.timestampMillis + at);
        append(text, "state", e.state);
        append(text, "for", known(e.durationMillis));
        append(text, "product", e.product);
        append(text, "cycle", known(e.cycleTimeMicros));
        append(text, "ideal", known(e.idealCycleMicros));
        append(text, "good", e.good == 0 ? null : e.good);
        append(text, "reject", e.reject == 0 ? null : e.reject);
        append(text, "startup", e.startupReject == 0 ? null : e.startupReject);
        append(text, "rework", e.rework == 0 ? null : e.rework);
        append(text, "good total", known(e.goodTotal));
        append(text, "reject total", known(e.rejectTotal));
        append(text, "processed total", known(e.processedTotal));
        append(text, "energy", known(e.energyMilliwattHours));
        append(text, "utilization", known(e.utilizationNano));
        append(text, "id", e.eventId == EventId.NONE ? null : e.eventId);
        append(text, "correction", e.correction ? "" : null);
        return text.toString();
    }

    private static @Nullable Long known(long value) {
        return value == TelemetryEvent.ABSENT ? null : value;
    }

    private static void append(StringBuilder text, String name, @Nullable Object value) {
        if (value != null) {
            text.append(' ').append(name).append(' ').append(value);
        }
    }
}
