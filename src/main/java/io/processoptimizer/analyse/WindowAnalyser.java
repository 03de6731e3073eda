package io.processoptimizer.analyse;

import io.processoptimizer.analyse.bottleneck.BottleneckFinder;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.bottleneck.ResourceUse;
import io.processoptimizer.analyse.oee.Line;
import io.processoptimizer.analyse.oee.OeeCalculator;
import io.processoptimizer.analyse.oee.StepOee;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.List;

/** The whole of the analysis: start here. Cost: proportional to the steps and their runs. */
public final class WindowAnalyser {
    private WindowAnalyser() {}

    /** The facts as they are analysed: with the waiting that the definition lets be inferred. */
    public static WindowFacts told(WindowFacts facts) {
        return InferredWaiting.in(facts);
    }

    /** What the facts of a window mean. The same facts give the same analysis, to the bit; none are refused. */
    public static WindowAnalysis analyse(WindowFacts stated) {
        WindowFacts facts = told(stated);
        Line line = Line.of(facts);
        OeeCalculator oee = new OeeCalculator(facts, line);
        List<StepOee> steps = oee.steps();

        BottleneckFinder bottleneck = new BottleneckFinder(facts, line, steps);
        Constraint constraint = bottleneck.constraint();

        List<StepAnalysis> analyses = new ArrayList<>(steps.size());
        for (int i = 0; i < steps.size(); i++) {
            analyses.add(new StepAnalysis(steps.get(i), bottleneck.activity(i)));
        }
        return new WindowAnalysis(
                oee.process(constraint.stepId()),
                line.assumed(),
                constraint,
                bottleneck.highUtilizations(),
                ResourceUse.of(steps),
                analyses,
                oee.energy(),
                facts.definition().version(),
                facts.span());
    }
}
