package io.processoptimizer.analyse;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.STARVED;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.analyse.bottleneck.Confidence;
import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.bottleneck.HighUtilization;
import io.processoptimizer.analyse.bottleneck.Method;
import io.processoptimizer.analyse.bottleneck.Resources;
import io.processoptimizer.event.ProcessDefinition;
import org.junit.jupiter.api.Test;

class BottleneckTest {
    private static final ProcessDefinition LINE = Definitions.order("a", "b", "c");

    private static Constraint constraint(StepScript... steps) {
        return WindowAnalyser.analyse(window(LINE, steps)).constraint();
    }

    @Test
    void agreementOfAllIsHighConfidence() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 60).run(BLOCKED, 40),
                step("b").run(RUNNING, 50).run(DOWN, 20).run(RUNNING, 30),
                step("c").run(RUNNING, 70).run(STARVED, 30));
        assertThat(constraint.stepId()).isEqualTo("b");
        assertThat(constraint.confidence()).isEqualTo(Confidence.HIGH);
        assertThat(constraint.method()).isEqualTo(Method.BALANCE);
        assertThat(constraint.share()).isEqualTo(1);
        assertThat(constraint.votes()).isEqualTo(new Constraint.Votes("b", "b", "b", "b", "b", null));
        assertThat(constraint.now()).isEqualTo("b");
    }

    @Test
    void shiftingAndTurningPointWithoutActivePeriodIsMediumConfidence() {
        // b is active twice, 50 and 40 long: 90 of the window, but on average shorter than the one period of c.
        Constraint constraint = constraint(
                step("a").run(RUNNING, 40).run(BLOCKED, 60),
                step("b").run(RUNNING, 50).run(IDLE, 10).run(RUNNING, 40),
                step("c").run(STARVED, 20).run(RUNNING, 48).run(STARVED, 32));
        assertThat(constraint.votes().activePeriod()).isEqualTo("c");
        assertThat(constraint.stepId()).isEqualTo("b");
        assertThat(constraint.confidence()).isEqualTo(Confidence.MEDIUM);
    }

    @Test
    void withoutATurningPointTheOthersTogetherAreMediumConfidence() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 60).run(STARVED, 40),
                step("b").run(RUNNING, 100),
                step("c").run(RUNNING, 60).run(BLOCKED, 40));
        assertThat(constraint.votes().turningPoint()).isNull();
        assertThat(constraint.stepId()).isEqualTo("b");
        assertThat(constraint.confidence()).isEqualTo(Confidence.MEDIUM);
    }

    @Test
    void theBalanceAddsUpTheWaitingOfTheWholeLine() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 30).run(BLOCKED, 30).run(RUNNING, 40),
                step("b").run(RUNNING, 68).run(BLOCKED, 32),
                step("c").run(RUNNING, 47).run(STARVED, 6).run(RUNNING, 47));
        // a: 0 − (32 − 6) − 4 · 30 + 4 · 35 = −6; b: 30 + 6 − 4 · 32 + 4 · 68 = 180; c: 62 − 4 · 6 + 4 · 47 = 226.
        assertThat(constraint.votes().shifting()).isEqualTo("b");
        assertThat(constraint.votes().activePeriod()).isEqualTo("b");
        assertThat(constraint.votes().balance()).isEqualTo("c");
        assertThat(constraint.stepId()).isEqualTo("c");
        assertThat(constraint.confidence()).isEqualTo(Confidence.LOW);
    }

    @Test
    void anOrderThatNobodyConfiguredIsNoGroundForABalance() {
        Constraint constraint = WindowAnalyser.analyse(window(
                        ProcessDefinition.DEFAULT,
                        step("a").run(RUNNING, 60).run(BLOCKED, 40),
                        step("b").run(RUNNING, 100)))
                .constraint();
        assertThat(constraint.votes().balance()).isNull();
        assertThat(constraint.method()).isEqualTo(Method.SHIFTING);
        assertThat(constraint.confidence()).isEqualTo(Confidence.HIGH);
    }

    @Test
    void bottleneckShiftsWhereTheNextPeriodRunsBesideTheOneThatEnds() {
        WindowAnalysis analysis = WindowAnalyser.analyse(window(
                LINE,
                step("a").run(RUNNING, 60).run(BLOCKED, 40),
                step("b").run(STARVED, 40).run(RUNNING, 50).run(SETUP, 10)));
        assertThat(analysis.steps().get(0).activity().soleMillis()).isEqualTo(40);
        assertThat(analysis.steps().get(0).activity().shiftingMillis()).isEqualTo(20);
        assertThat(analysis.steps().get(0).activity().share()).isEqualTo(.5);
        assertThat(analysis.steps().get(1).activity().soleMillis()).isEqualTo(40);
        assertThat(analysis.steps().get(1).activity().meanActivePeriodMillis()).isEqualTo(60);
        assertThat(analysis.constraint().stepId())
                .as("first in line among equals")
                .isEqualTo("a");
    }

    @Test
    void periodIsMeasuredFromBeforeTheWindow() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 60).run(BLOCKED, 40),
                step("b").run(DOWN, 30).since(10, 500).run(BLOCKED, 70));
        assertThat(constraint.votes().activePeriod()).isEqualTo("b");
        assertThat(constraint.votes().shifting())
                .as("b is sole until a alone is active")
                .isEqualTo("a");
    }

    @Test
    void withoutWaitingStatesTheLongestEffectiveCycleIsNamed() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 100).parts(1, 50, 0, 0, 0),
                step("b").run(RUNNING, 60).run(DOWN, 40).parts(1, 30, 10, 0, 0),
                step("c").run(RUNNING, 90).run(IDLE, 10).parts(1, 39, 0, 0, 0));
        assertThat(constraint.stepId()).isEqualTo("b");
        assertThat(constraint.method()).isEqualTo(Method.EFFECTIVE_CYCLE);
        assertThat(constraint.confidence()).isEqualTo(Confidence.LOW);
        assertThat(constraint.votes().effectiveCycle()).isEqualTo("b");
    }

    @Test
    void oneCounterOnTheWholeLineIsNoEffectiveCycle() {
        Constraint constraint = constraint(
                step("a").run(RUNNING, 100),
                step("b").run(RUNNING, 60).run(IDLE, 40).parts(1, 30, 0, 0, 0));
        assertThat(constraint.votes().effectiveCycle()).isNull();
        assertThat(constraint.stepId()).isEqualTo("a");
        assertThat(constraint.method()).isEqualTo(Method.SHIFTING);
    }

    @Test
    void impactIsThreeQuartersOfReliefTimesShareUnlessTheNextStepLimitsIt() {
        StepScript upstream = step("a").run(RUNNING, 50).run(BLOCKED, 50);
        Constraint free = constraint(
                upstream.parts(1, 10, 0, 0, 0), step("b").run(RUNNING, 100).parts(1, 10, 0, 0, 0));
        Constraint.Impact impact = requireNonNull(free.impact());
        assertThat(impact.relief()).isEqualTo(.1);
        assertThat(impact.throughputGain()).isEqualTo(.075);
        assertThat(impact.capped()).isFalse();
        // 10.5 ms a part against 10 ms at the next: no more than 5 % can be won.
        Constraint close = constraint(
                step("a").run(RUNNING, 100).run(BLOCKED, 5).parts(1, 10, 0, 0, 0),
                step("b").run(RUNNING, 105).parts(1, 10, 0, 0, 0));
        assertThat(requireNonNull(close.impact()).throughputGain()).isEqualTo(.05);
        assertThat(requireNonNull(close.impact()).capped()).isTrue();
    }

    @Test
    void statedUtilizationWinsAndTheThresholdIsStrict() {
        WindowAnalysis analysis = WindowAnalyser.analyse(window(
                LINE,
                step("a").run(RUNNING, 100).utilization(900_000_000, 10),
                step("b").run(RUNNING, 50).run(BLOCKED, 50).utilization(900_000_001, 10),
                step("c").run(RUNNING, 91).run(STARVED, 9)));
        assertThat(analysis.bottlenecks())
                .containsExactly(new HighUtilization("b", .900000001), new HighUtilization("c", .91));
        assertThat(analysis.constraint().votes().utilization()).isEqualTo("c");
        assertThat(analysis.steps().get(1).oee().activeShare()).isEqualTo(.5);
    }

    @Test
    void nothingIsNamedWhereNothingIsKnown() {
        WindowAnalysis analysis = WindowAnalyser.analyse(window(LINE, step("a").run(UNKNOWN, 100)));
        assertThat(analysis.constraint())
                .isEqualTo(new Constraint(null, null, null, Double.NaN, null, Constraint.Votes.NONE, null));
        assertThat(analysis.bottlenecks()).isEmpty();
        assertThat(analysis.resources()).isEqualTo(Resources.NONE);
        assertThat(WindowAnalyser.analyse(window(LINE, step("a").run(IDLE, 1)))
                        .constraint()
                        .stepId())
                .as("least used of one")
                .isEqualTo("a");
    }
}
