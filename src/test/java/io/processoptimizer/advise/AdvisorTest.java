package io.processoptimizer.advise;

import static io.processoptimizer.advise.Results.MAIN;
import static io.processoptimizer.advise.Results.broken;
import static io.processoptimizer.advise.Results.perfect;
import static io.processoptimizer.advise.Results.result;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.advise.AdviceSettings.When;
import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.AdviceRecord.Outcome;
import io.processoptimizer.emit.AdviceRecord.Why;
import io.processoptimizer.emit.Efficiency;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.WindowResult;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AdvisorTest {
    private final Advisor advisor = new Advisor(AdviceSettings.defaults(MAIN));

    @Test
    void aFinalResultBelowItsTargetIsAdvisedOn() {
        AdviceRecord record = Results.advise(advisor, result(broken(), 0)).orElseThrow();

        assertThat(record.id()).isEqualTo("advice#main#1767225600000#0");
        assertThat(record.outcome()).isInstanceOfSatisfying(Given.class, given -> {
            assertThat(given.source()).isEqualTo("rules");
            assertThat(given.advice().priority()).isEqualTo(Priority.HIGH);
        });
    }

    @Test
    void provisionalResultsAndOtherWindowsAreNeverAdvisedOn() {
        assertThat(Results.advise(advisor, result(broken(), "P", MAIN, 0, false, 0)))
                .isEmpty();
        assertThat(Results.advise(advisor, result(broken(), "P", "shift", 0, true, 0)))
                .isEmpty();
        assertThat(outcome(result(broken(), 1)))
                .as("nor do they start a cooldown")
                .isInstanceOf(Given.class);
    }

    @Test
    void aResultWithoutGroundsIsNotAdvisedOnAndSaysWhy() {
        assertThat(outcome(result(perfect(), 0)))
                .isEqualTo(new NotAsked(
                        Why.NO_GROUNDS,
                        "the status is meeting_target and no constraint is named with medium or high confidence"));
    }

    @Test
    void thePolicyDecidesWhichResultsAreGrounds() {
        assertThat(outcome(When.ALWAYS, result(perfect(), 0))).isInstanceOf(Given.class);
        assertThat(outcome(When.BELOW_TARGET, result(broken(), 0))).isInstanceOf(Given.class);
        assertThat(outcome(When.CONSTRAINT, result(broken(), 0)))
                .isEqualTo(new NotAsked(Why.NO_GROUNDS, "no constraint is named with medium or high confidence"));
        assertThat(outcome(When.NEVER, result(broken(), 0)))
                .isEqualTo(new NotAsked(Why.SWITCHED_OFF, "advice.when is never"));
    }

    @Test
    void withinTheCooldownAProcessIsNotAdvisedAgain() {
        assertThat(outcome(result(broken(), 0))).isInstanceOf(Given.class);
        assertThat(outcome(result(broken(), 1)))
                .isEqualTo(new NotAsked(
                        Why.COOLDOWN,
                        "the process was advised on the window that ended at 2026-01-01T00:00:00Z; advice.cooldown is"
                                + " 15.0 min"));
        assertThat(outcome(result(broken(), 14))).isInstanceOf(NotAsked.class);
        assertThat(outcome(result(broken(), "Q", MAIN, 14, true, 0)))
                .as("another process has a cooldown of its own")
                .isInstanceOf(Given.class);
        assertThat(outcome(result(broken(), 15))).isInstanceOf(Given.class);
        assertThat(outcome(result(broken(), 16))).isInstanceOf(NotAsked.class);
    }

    @Test
    void aRevisionOfTheLastAdvisedWindowIsAdvisedAnewAndMovesNoCooldown() {
        outcome(result(broken(), 0));

        assertThat(outcome(result(broken(), "P", MAIN, 0, true, 1))).isInstanceOf(Given.class);
        assertThat(outcome(result(broken(), "P", MAIN, 3, true, 1)))
                .isEqualTo(
                        new NotAsked(Why.REVISION, "the window is not the last one that the process was advised on"));
        assertThat(outcome(result(broken(), 15))).isInstanceOf(Given.class);
    }

    @Test
    void theCooldownSurvivesARestart() throws IOException {
        outcome(result(broken(), 0));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        advisor.write(new DataOutputStream(bytes));

        Advisor restored = new Advisor(AdviceSettings.defaults(MAIN));
        restored.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> true);

        assertThat(Results.advise(restored, result(broken(), 14)).orElseThrow().outcome())
                .isInstanceOf(NotAsked.class);

        Advisor withoutIt = new Advisor(AdviceSettings.defaults(MAIN));
        withoutIt.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> false);
        assertThat(Results.advise(withoutIt, result(broken(), 14)).orElseThrow().outcome())
                .isInstanceOf(Given.class);
    }

    @Test
    void atTheBoundTheHalfThatWasAdvisedLongestAgoIsForgotten() {
        Advisor small = new Advisor(new AdviceSettings(
                MAIN,
                When.BELOW_TARGET,
                15 * Results.MINUTE,
                Adjustment.Mode.ADVISORY,
                Results.MINUTE,
                0,
                2,
                4,
                EfficiencyPort.NONE,
                false));
        for (int i = 0; i < 4; i++) {
            Results.advise(small, result(broken(), "P" + i, MAIN, i, true, 0));
        }

        Results.advise(small, result(broken(), "P4", MAIN, 4, true, 0));

        assertThat(isAdvised(small, "P2", 5)).isFalse();
        assertThat(isAdvised(small, "P3", 5)).isFalse();
        assertThat(isAdvised(small, "P4", 5)).isFalse();
        assertThat(isAdvised(small, "P0", 5)).isTrue();
    }

    @Test
    void theModelIsToldTheSameAfterARestart() throws IOException {
        List<Double> told = new ArrayList<>();
        EfficiencyPort model = features -> {
            told.add(features.get(Feature.OEE_MEAN));
            told.add(features.get(Feature.OEE_USUAL));
            return new Efficiency(features.get(Feature.OEE_MEAN), Double.NaN, 36, 300_000, "local");
        };
        Advisor first = new Advisor(AdviceSettings.defaults(MAIN).expecting(model));
        Results.advise(first, result(broken(), 0));
        Results.advise(first, result(perfect(), 1));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        first.write(new DataOutputStream(bytes));
        Advisor restored = new Advisor(AdviceSettings.defaults(MAIN).expecting(model));
        restored.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), id -> true);

        AdviceRecord onward = Results.advise(first, result(perfect(), 2)).orElseThrow();
        AdviceRecord restarted = Results.advise(restored, result(perfect(), 2)).orElseThrow();

        assertThat(restarted.efficiency()).isEqualTo(onward.efficiency());
        assertThat(told.subList(6, 8)).isEqualTo(told.subList(4, 6));
        // A third of 67 % and two of 100 %.
        assertThat(told.get(6)).isBetween(0.88, 0.90);
        assertThat(new String(AdviceJson.item(restarted), StandardCharsets.UTF_8))
                .contains("\"efficiency\":{\"efficiency_score\":0.8", "\"throughput\":null,\"cycle_time\":36,")
                .contains("\"horizon_ms\":300000,\"source\":\"local\"}");
    }

    private static boolean isAdvised(Advisor advisor, String processId, long endMinute) {
        WindowResult result = result(broken(), processId, MAIN, endMinute, true, 0);
        return Results.advise(advisor, result).orElseThrow().outcome() instanceof Given;
    }

    private Outcome outcome(WindowResult result) {
        return Results.advise(advisor, result).orElseThrow().outcome();
    }

    private static Outcome outcome(When when, WindowResult result) {
        AdviceSettings settings = new AdviceSettings(
                MAIN, when, 0, Adjustment.Mode.ADVISORY, Results.MINUTE, 0, 2, 10, EfficiencyPort.NONE, false);
        return Results.advise(new Advisor(settings), result).orElseThrow().outcome();
    }
}
