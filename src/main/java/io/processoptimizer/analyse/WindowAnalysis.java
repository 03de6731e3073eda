package io.processoptimizer.analyse;

import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Resources;
import io.processoptimizer.analyse.oee.Energy;
import io.processoptimizer.analyse.oee.ProcessOee;
import io.processoptimizer.event.Calendar.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that is said of one process in one window: a function of the window's facts and nothing else.
 *
 * @param process OEE, losses and KPIs of the process
 * @param stepOrderAssumed nobody configured the order of the steps: the natural sort of their ids stands in
 * @param constraint the bottleneck; its step is null where none can be named
 * @param bottlenecks steps above the utilization threshold, in line order
 * @param steps in line order; steps that the configured order does not name come last
 * @param configVersion the version of the process definition that was used
 * @param span the shift or day that the window is, or null of any other
 */
public record WindowAnalysis(
        ProcessOee process,
        boolean stepOrderAssumed,
        Constraint constraint,
        List<HighUtilization> bottlenecks,
        Resources resources,
        List<StepAnalysis> steps,
        Energy energy,
        String configVersion,
        @Nullable Span span) {
    /** Names the formulas; rises whenever a result could differ from what an earlier version gave for the same facts. */
    public static final String CALCULATION_VERSION = "3";

    public WindowAnalysis {
        bottlenecks = List.copyOf(bottlenecks);
        steps = List.copyOf(steps);
    }
}
