package io.processoptimizer.cli;

import io.processoptimizer.decode.DecodedInput;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepFacts.ObservedCycle;
import io.processoptimizer.window.StepFacts.PartCounts;
import io.processoptimizer.window.StepFacts.Timeline;
import io.processoptimizer.window.StepFacts.WeightedSum;
import io.processoptimizer.window.WindowFacts;
import io.processoptimizer.window.WindowFacts.StatedFigures;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The facts of a window that begins with one record and holds nothing else: what {@code analyze} looks at, one window for each
 * observation of the record. It is as long as the interval that is claimed; what claims none is taken to hold for the default window's
 * length.
 */
final class RecordFacts implements DecodedInput {
    /** Name of the window on the result: none of those that a worker computes. */
    static final String WINDOW = "record";

    private static final long ABSENT = TelemetryEvent.ABSENT;

    private final ProcessDefinitions definitions;
    private final long lengthMillis;

    private final List<WindowFacts> facts = new ArrayList<>();
    private @Nullable RejectReason reason;
    private String detail = "";
    private boolean isSnapshot;

    /** @param lengthMillis how long a record without a duration is taken to hold, > 0 */
    RecordFacts(ProcessDefinitions definitions, long lengthMillis) {
        this.definitions = definitions;
        this.lengthMillis = lengthMillis;
    }

    /** One of each observation, in the order of the record, without those that were refused or say nothing. */
    List<WindowFacts> facts() {
        return facts;
    }

    /** Why the record was refused, or the first observation that was; or null. */
    @Nullable
    RejectReason reason() {
        return reason;
    }

    /** What a person can do about the refusal; empty where there is none. */
    String detail() {
        return detail;
    }

    /** Whether the record stated the figures of a whole process, rather than an event of one step. */
    boolean isSnapshot() {
        return isSnapshot;
    }

    @Override
    public void rejected(RejectReason why, String what) {
        if (reason == null) {
            reason = why;
            detail = what;
        }
    }

    @Override
    public void snapshot(ProcessSnapshot snapshot) {
        isSnapshot = true;
        long start = snapshot.timestampMillis();
        List<StepFacts> steps = new ArrayList<>();
        for (ProcessSnapshot.StepReading step : snapshot.steps()) {
            steps.add(new StepFacts(
                    step.stepId(),
                    held(StepState.UNKNOWN, start, start + lengthMillis),
                    List.of(),
                    0,
                    0,
                    0,
                    held(step.utilizationNano(), lengthMillis),
                    observed(step.cycleTimeMicros())));
        }
        StatedFigures stated = new StatedFigures(
                held(snapshot.availabilityNano(), lengthMillis),
                held(snapshot.performanceNano(), lengthMillis),
                held(snapshot.qualityNano(), lengthMillis),
                held(snapshot.throughputMilli(), lengthMillis));
        facts.add(window(snapshot.processId(), start, lengthMillis, steps, stated));
    }

    @Override
    public void event(TelemetryEvent event) {
        if (event.correction) {
            rejected(RejectReason.BAD_VALUE, "correction is true; expected a record that says something by itself");
            return;
        }
        long start = event.timestampMillis;
        long length = event.durationMillis > 0 ? event.durationMillis : lengthMillis;
        StepState state = event.state == null ? StepState.UNKNOWN : event.state;
        boolean planned = state != StepState.PLANNED_STOP;
        boolean running = state == StepState.RUNNING;
        long energy = event.energyMilliwattHours == ABSENT ? 0 : event.energyMilliwattHours;
        PartCounts parts = new PartCounts(
                event.product, event.idealCycleMicros, event.good, event.reject, event.startupReject, event.rework);
        StepFacts step = new StepFacts(
                event.stepId,
                held(state, start, start + length),
                planned && event.hasParts() ? List.of(parts) : List.of(),
                planned ? 0 : event.good,
                running ? energy : 0,
                running ? 0 : energy,
                held(event.utilizationNano, length),
                observed(event.cycleTimeMicros));
        facts.add(window(event.processId, start, length, List.of(step), null));
    }

    private WindowFacts window(
            String processId, long start, long length, List<StepFacts> steps, @Nullable StatedFigures stated) {
        return new WindowFacts(
                processId, WINDOW, start, start + length, definitions.of(processId, start), steps, stated);
    }

    private static Timeline held(StepState state, long start, long end) {
        return new Timeline(new long[] {start}, new StepState[] {state}, end, start, start, false);
    }

    private static @Nullable WeightedSum held(long value, long millis) {
        return value == ABSENT ? null : new WeightedSum(Math.multiplyExact(value, millis), millis);
    }

    private static @Nullable ObservedCycle observed(long micros) {
        return micros == ABSENT ? null : new ObservedCycle(1, micros, micros);
    }
}
