package io.processoptimizer.advise;

import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.STARVED;

import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import io.processoptimizer.event.Control.Parameter;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Briefings on a line of two steps, one of which broke down. */
public final class Briefings {
    static final Parameter SPEED = parameter("filler_speed", "filler", "50", "40", "60", "2", List.of("capper_speed"));
    static final Parameter CAPPER = parameter("capper_speed", "capper", "55", "40", "60", "5", List.of());
    static final Parameter TEMPERATURE = parameter("seal_temperature", null, "180.5", "175", "190", "0.5", List.of());
    public static final Control CONTROL = new Control(true, List.of(SPEED, CAPPER, TEMPERATURE));

    private Briefings() {}

    private static Parameter parameter(
            String name,
            @Nullable String step,
            String current,
            String min,
            String max,
            String maxStep,
            List<String> conflicts) {
        return new Parameter(
                name,
                step,
                "1/min",
                new BigDecimal(current),
                new BigDecimal(min),
                new BigDecimal(max),
                new BigDecimal(maxStep),
                1_800_000,
                conflicts);
    }

    public static Briefing briefing() {
        return briefing("P", "filler", "capper");
    }

    /** The same with names of anybody's choice. */
    public static Briefing briefing(String process, String first, String second) {
        WindowAnalysis analysis = WindowAnalyser.analyse(StepScript.window(
                Definitions.order(first, second),
                StepScript.step(first)
                        .run(RUNNING, 40 * Results.MINUTE)
                        .run(DOWN, 20 * Results.MINUTE)
                        .parts(Results.SECOND_MICROS, 2400, 0, 0, 0),
                StepScript.step(second)
                        .run(RUNNING, 40 * Results.MINUTE)
                        .run(STARVED, 20 * Results.MINUTE)
                        .parts(Results.SECOND_MICROS, 2400, 0, 0, 0)));
        WindowResult result = Results.result(analysis, process, Results.MAIN, 0, true, 0);
        Advisor advisor = new Advisor(AdviceSettings.defaults(Results.MAIN).briefing());
        Briefing briefing = advisor.advise(result, CONTROL, new Advisor.Origin(0, false))
                .orElseThrow()
                .briefing();
        if (briefing == null) {
            throw new IllegalStateException("no briefing");
        }
        return briefing;
    }
}
