package io.processoptimizer.analyse;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Facts of one step, told as a test vector tells them: runs one behind the other, then parts. */
public final class StepScript {
    private final String stepId;
    private long start;
    private long end;
    private final List<Long> starts = new ArrayList<>();
    private final List<StepState> states = new ArrayList<>();
    private final List<StepFacts.PartCounts> parts = new ArrayList<>();
    private long before;
    private long activeBefore;
    private boolean partialStart;
    private long energyRunning;
    private long energyOther;
    private StepFacts.@Nullable WeightedSum utilization;
    private StepFacts.@Nullable ObservedCycle observed;

    private StepScript(String stepId, long start) {
        this.stepId = stepId;
        this.start = start;
        this.end = start;
    }

    public static StepScript step(String stepId) {
        return at(stepId, 0);
    }

    public static StepScript at(String stepId, long start) {
        return new StepScript(stepId, start);
    }

    /** A state for so many milliseconds; a run of the same state grows. */
    public StepScript run(StepState state, long millis) {
        if (millis > 0) {
            if (states.isEmpty() || states.get(states.size() - 1) != state) {
                starts.add(end);
                states.add(state);
            }
            end += millis;
        }
        return this;
    }

    /** How long before the window the first run's state, and its active period, began. */
    public StepScript since(long stateMillis, long activeMillis) {
        before = stateMillis;
        activeBefore = activeMillis;
        return this;
    }

    /** The step's first event lies so far behind the window's start. */
    public StepScript firstSeenAfter(long millis) {
        partialStart = true;
        start += millis;
        end += millis;
        return this;
    }

    public StepScript parts(long idealMicros, long good, long reject, long startupReject, long rework) {
        return product(null, idealMicros, good, reject, startupReject, rework);
    }

    public StepScript product(
            @Nullable String product, long idealMicros, long good, long reject, long startupReject, long rework) {
        parts.add(new StepFacts.PartCounts(product, idealMicros, good, reject, startupReject, rework));
        return this;
    }

    public StepScript partsWithoutIdeal(long good, long reject) {
        return parts(TelemetryEvent.ABSENT, good, reject, 0, 0);
    }

    public StepScript energy(long running, long other) {
        energyRunning = running;
        energyOther = other;
        return this;
    }

    /** Billionths, held for so many milliseconds. */
    public StepScript utilization(long nano, long millis) {
        utilization = new StepFacts.WeightedSum(nano * millis, millis);
        return this;
    }

    public StepScript observed(long count, long sumMicros, long fifthPercentileMicros) {
        observed = new StepFacts.ObservedCycle(count, sumMicros, fifthPercentileMicros);
        return this;
    }

    /** End of what has been told so far. */
    public long end() {
        return end;
    }

    public StepFacts build() {
        long first = starts.isEmpty() ? end : starts.get(0);
        boolean active = !states.isEmpty() && states.get(0).isActive();
        return new StepFacts(
                stepId,
                new StepFacts.Timeline(
                        starts.stream().mapToLong(Long::longValue).toArray(),
                        states.toArray(StepState[]::new),
                        end,
                        first - before,
                        active ? first - Math.max(before, activeBefore) : first,
                        partialStart),
                parts,
                0,
                energyRunning,
                energyOther,
                utilization,
                observed);
    }

    /** A window that is as long as its longest step. */
    public static WindowFacts window(ProcessDefinition definition, StepScript... steps) {
        return window(definition, null, steps);
    }

    public static WindowFacts window(
            ProcessDefinition definition, WindowFacts.@Nullable StatedFigures stated, StepScript... steps) {
        long end = Arrays.stream(steps).mapToLong(StepScript::end).max().orElse(0);
        long start = Arrays.stream(steps)
                .filter(step -> !step.partialStart)
                .mapToLong(step -> step.start)
                .min()
                .orElse(0);
        return new WindowFacts(
                "P",
                "w",
                start,
                end,
                definition,
                Arrays.stream(steps).map(StepScript::build).toList(),
                stated);
    }
}
