package io.processoptimizer.advise;

import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.RUNNING;

import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.WindowFacts;
import java.util.Optional;

/** Results to be advised on, told by their step. */
final class Results {
    static final String MAIN = "main";
    static final long MINUTE = 60_000;
    static final long SECOND_MICROS = 1_000_000;

    private Results() {}

    static WindowAnalysis analysis(ProcessDefinition definition, StepScript... steps) {
        return WindowAnalyser.analyse(StepScript.window(definition, steps));
    }

    static WindowAnalysis analysis(WindowFacts.StatedFigures stated, StepScript... steps) {
        return WindowAnalyser.analyse(StepScript.window(ProcessDefinition.DEFAULT, stated, steps));
    }

    /** A step with a breakdown of 20 of its 60 minutes, 40 min of 1 s cycles at full speed: OEE 2/3. */
    static WindowAnalysis broken() {
        return analysis(
                Definitions.order("filler"),
                StepScript.step("filler")
                        .run(RUNNING, 20 * MINUTE)
                        .run(DOWN, 20 * MINUTE)
                        .run(RUNNING, 20 * MINUTE)
                        .parts(SECOND_MICROS, 2400, 0, 0, 0));
    }

    /** A step that runs at its ideal cycle all the time: OEE 1. */
    static WindowAnalysis perfect() {
        return analysis(
                Definitions.order("filler"),
                StepScript.step("filler").run(RUNNING, 60 * MINUTE).parts(SECOND_MICROS, 3600, 0, 0, 0));
    }

    static WindowResult result(WindowAnalysis analysis, long endMinute) {
        return result(analysis, "P", MAIN, endMinute, true, 0);
    }

    static WindowResult result(
            WindowAnalysis analysis, String processId, String window, long endMinute, boolean isFinal, int revision) {
        long end = 1_767_225_600_000L + endMinute * MINUTE;
        return new WindowResult(processId, window, end - 5 * MINUTE, end, 0, true, isFinal, revision, analysis);
    }

    /** What an advisor says of a result of a process on whose parameters nothing is known. */
    static Optional<AdviceRecord> advise(Advisor advisor, WindowResult result) {
        return advisor.advise(result, Control.NONE, new Advisor.Origin(TelemetryEvent.ABSENT, false))
                .map(AdviceRequest::unaided);
    }
}
