package io.processoptimizer.emit;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.analyse.WindowAnalysis;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowResultTest {
    private static final WindowAnalysis ANALYSIS =
            WindowAnalyser.analyse(window(ProcessDefinition.DEFAULT, step("s").run(StepState.RUNNING, 1)));

    private static WindowResult result(long generation, boolean complete, boolean isFinal, int revision) {
        return new WindowResult("P", "w", 0, 1, generation, complete, isFinal, revision, ANALYSIS);
    }

    @Test
    void rankOrdersGenerationThenCompletenessThenFinalityThenRevision() {
        List<WindowResult> results = new ArrayList<>();
        for (long generation : new long[] {0, 1, 7, WindowResult.MAX_GENERATION}) {
            for (boolean complete : new boolean[] {false, true}) {
                for (boolean isFinal : new boolean[] {false, true}) {
                    for (int revision : new int[] {0, 1, Integer.MAX_VALUE}) {
                        results.add(result(generation, complete, isFinal, revision));
                    }
                }
            }
        }
        Comparator<WindowResult> byWords = Comparator.comparingLong(WindowResult::generation)
                .thenComparing(WindowResult::complete)
                .thenComparing(WindowResult::isFinal)
                .thenComparingInt(WindowResult::revision);
        for (WindowResult a : results) {
            assertThat(a.rank()).isNotNegative();
            for (WindowResult b : results) {
                assertThat(Integer.signum(Long.compare(a.rank(), b.rank())))
                        .as("%s against %s", a, b)
                        .isEqualTo(Integer.signum(byWords.compare(a, b)));
            }
        }
    }

    @Test
    void whatCannotBeRankedIsRefusedWithItsRange() {
        assertThatThrownBy(() -> result(WindowResult.MAX_GENERATION + 1, true, true, 0))
                .hasMessageContaining("generation of P is 1073741824; it must be 0 to 1073741823");
        assertThatThrownBy(() -> result(0, true, true, -1)).hasMessageContaining("revision of P is -1");
        assertThatThrownBy(() -> new WindowResult("P", "w", 5, 5, 0, true, true, 0, ANALYSIS))
                .hasMessageContaining("starts at 5");
    }
}
