package io.processoptimizer.analyse.oee;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static io.processoptimizer.event.StepState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.window.StepFacts;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class LineTest {
    private static Line line(ProcessDefinition definition, String... steps) {
        return Line.of(window(
                definition,
                Arrays.stream(steps).map(id -> step(id).run(RUNNING, 1)).toArray(StepScript[]::new)));
    }

    @Test
    void assumedOrderSortsNumbersAsNumbers() {
        Line line = line(ProcessDefinition.DEFAULT, "step1", "step10", "step2");
        assertThat(line.steps()).extracting(StepFacts::stepId).containsExactly("step1", "step2", "step10");
        assertThat(line.assumed()).isTrue();
        assertThat(line.outputStep()).isEqualTo("step10");
        assertThat(line.outputIndex()).isEqualTo(2);
    }

    @Test
    void configuredOrderComesFirstAndStrangersLast() {
        Line line = line(Definitions.order("fill", "cap", "absent", "pack"), "aux", "cap", "fill", "pack");
        assertThat(line.steps()).extracting(StepFacts::stepId).containsExactly("fill", "cap", "pack", "aux");
        assertThat(line.ordered()).isEqualTo(3);
        assertThat(line.outputStep()).isEqualTo("pack");
        assertThat(line.outputIndex()).isEqualTo(2);
    }

    @Test
    void naturalOrderIsTotal() {
        assertThat(Line.compareNatural("a", "a")).isZero();
        assertThat(Line.compareNatural("s9", "s10")).isNegative();
        assertThat(Line.compareNatural("s9b", "s9a")).isPositive();
        assertThat(Line.compareNatural("s", "s1")).isNegative();
        assertThat(Line.compareNatural("s01", "s1")).isNegative();
        assertThat(Line.compareNatural("s1", "s01")).isPositive();
        assertThat(Line.compareNatural("s99999999999999999999", "s100000000000000000000"))
                .isNegative();
        assertThat(Line.compareNatural("1a", "b")).isNegative();
    }
}
