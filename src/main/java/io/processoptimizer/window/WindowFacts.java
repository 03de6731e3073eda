package io.processoptimizer.window;

import io.processoptimizer.event.Calendar.Span;
import io.processoptimizer.event.ProcessDefinition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that a window's result depends on: facts of one process earlier than the window's end.
 *
 * @param processId the process
 * @param window name of the window definition
 * @param startMillis start, inclusive, epoch milliseconds
 * @param endMillis end, exclusive
 * @param definition the process definition in force at the window's start
 * @param steps the steps that hold anything in the window or are named by the definition, of those seen before its end, in natural
 *     order of their ids
 * @param silentSteps how many other steps have been seen before the window's end: they hold nothing in it, so are no part of it
 * @param stated what process snapshots stated in the window, or null
 * @param energyPeak when the process used most energy, or null where it used none
 * @param span the shift or day that the window is, or null of any other
 */
public record WindowFacts(
        String processId,
        String window,
        long startMillis,
        long endMillis,
        ProcessDefinition definition,
        List<StepFacts> steps,
        int silentSteps,
        @Nullable StatedFigures stated,
        @Nullable EnergyPeak energyPeak,
        @Nullable Span span) {
    public WindowFacts {
        steps = List.copyOf(steps);
    }

    /** Facts of a window that is no shift or day, uses no energy, and that no step was left out of. */
    public WindowFacts(
            String processId,
            String window,
            long startMillis,
            long endMillis,
            ProcessDefinition definition,
            List<StepFacts> steps,
            @Nullable StatedFigures stated) {
        this(processId, window, startMillis, endMillis, definition, steps, 0, stated, null, null);
    }

    /** The same with its steps' states told otherwise. */
    public WindowFacts withSteps(List<StepFacts> told) {
        return new WindowFacts(
                processId, window, startMillis, endMillis, definition, told, silentSteps, stated, energyPeak, span);
    }

    public long lengthMillis() {
        return endMillis - startMillis;
    }

    /**
     * The base pane in which all steps of a process together used most energy, as it was reported in it; the earliest of equal ones.
     *
     * @param startMillis start of the pane, epoch milliseconds
     * @param lengthMillis its length, &gt; 0
     * @param milliwattHours &gt; 0
     */
    public record EnergyPeak(long startMillis, long lengthMillis, long milliwattHours) {}

    /**
     * Figures that process snapshots stated, each time-weighted over the window, or null where none was stated.
     *
     * @param throughput parts per hour in thousandths (not billionths) · milliseconds
     */
    public record StatedFigures(
            StepFacts.@Nullable WeightedSum availability,
            StepFacts.@Nullable WeightedSum performance,
            StepFacts.@Nullable WeightedSum quality,
            StepFacts.@Nullable WeightedSum throughput) {}
}
