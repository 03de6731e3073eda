package io.processoptimizer.window;

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
 * @param steps the steps that have been seen before the window's end, in natural order of their ids
 * @param stated what process snapshots stated in the window, or null
 */
public record WindowFacts(
        String processId,
        String window,
        long startMillis,
        long endMillis,
        ProcessDefinition definition,
        List<StepFacts> steps,
        @Nullable StatedFigures stated) {
    public WindowFacts {
        steps = List.copyOf(steps);
    }

    public long lengthMillis() {
        return endMillis - startMillis;
    }

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
