package io.processoptimizer.advise;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.advise.Answer.Unusable;
import io.processoptimizer.advise.Answer.Usable;
import io.processoptimizer.advise.Answer.Verdict;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.Consultation.Stripped;
import io.processoptimizer.emit.Evidence;
import io.processoptimizer.emit.Lever;
import io.processoptimizer.emit.Priority;
import io.processoptimizer.emit.Recommendation;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final Briefing BRIEFING = Briefings.briefing();

    private static final String RECOMMENDATION = """
            {"lever":"reduce_breakdowns","step_id":"filler","priority":"high","text":"Find out why filler stopped.",\
            "evidence":["loss.breakdowns_share"],"expected_improvement":{"oee_gain":0.1,"throughput_gain":0.2,"assumption":"It is found."}}""";

    private static String answer(String recommendations, String changes) {
        return "{\"summary\":\"It lost a third to one stop.\",\"recommendations\":[" + recommendations
                + "],\"risk\":{\"level\":\"medium\",\"note\":\"The line stands meanwhile.\"},\"changes\":[" + changes
                + "]}";
    }

    private static String change(String parameter, String proposed) {
        return "{\"parameter\":\"" + parameter + "\",\"proposed\":" + proposed
                + ",\"reason\":\"It waits.\",\"evidence\":[\"step.capper.starved_share\"]}";
    }

    private static Verdict judge(String answer) {
        return Answer.judge(answer, BRIEFING, Set.of());
    }

    private static Usable usable(String answer) {
        Verdict verdict = judge(answer);
        assertThat(verdict).isInstanceOf(Usable.class);
        return (Usable) verdict;
    }

    private static List<String> changed(String... changes) {
        return usable(answer(RECOMMENDATION, String.join(",", changes))).advice().changes().stream()
                .map(change -> change.parameter() + "=" + change.proposed())
                .toList();
    }

    @Test
    void aProperAnswerIsPassedOnAsItIs() {
        Usable usable = usable(answer(RECOMMENDATION, change("filler_speed", "51.5")));

        Advice advice = usable.advice();
        assertThat(usable.stripped()).isEmpty();
        assertThat(advice.priority()).isEqualTo(Priority.HIGH);
        assertThat(advice.summary()).isEqualTo("It lost a third to one stop.");
        assertThat(advice.risk()).isEqualTo(new Advice.Risk(Advice.RiskLevel.MEDIUM, "The line stands meanwhile."));
        assertThat(advice.recommendations()).singleElement().satisfies(it -> {
            assertThat(it.lever()).isEqualTo(Lever.REDUCE_BREAKDOWNS);
            assertThat(it.stepId()).isEqualTo("filler");
            assertThat(it.expected()).isEqualTo(new Recommendation.ExpectedImprovement(0.1, 0.2, "It is found."));
            assertThat(it.evidence()).containsExactly(new Evidence("loss.breakdowns_share", 0.3333));
        });
        assertThat(advice.changes())
                .containsExactly(new Change(
                        "filler_speed",
                        "filler",
                        50,
                        51.5,
                        40,
                        60,
                        "It waits.",
                        List.of(new Evidence("step.capper.starved_share", 0.3333))));
    }

    @Test
    void aChangeGoesNoFurtherThanItsBoundsAndItsStep() {
        assertThat(changed(change("filler_speed", "52"))).containsExactly("filler_speed=52.0");
        assertThat(changed(change("filler_speed", "48"))).containsExactly("filler_speed=48.0");
        assertThat(changed(change("filler_speed", "52.0000001")))
                .as("one step is 2")
                .isEmpty();
        assertThat(changed(change("filler_speed", "60.1"))).isEmpty();
        assertThat(changed(change("filler_speed", "-50"))).isEmpty();
        assertThat(changed(change("filler_speed", "50"))).as("no change at all").isEmpty();
        assertThat(changed(change("capper_speed", "60"))).containsExactly("capper_speed=60.0");
        assertThat(changed(change("seal_temperature", "181"))).containsExactly("seal_temperature=181.0");
        assertThat(changed(change("seal_temperature", "181.01"))).isEmpty();
    }

    @Test
    void aNumberThatIsNoneOrEndlessIsNoChange() {
        assertThat(changed(change("filler_speed", "\"51\""))).isEmpty();
        assertThat(changed(change("filler_speed", "null"))).isEmpty();
        assertThat(changed(change("filler_speed", "[51]"))).isEmpty();
        assertThat(changed(change("filler_speed", "1e-999999999"))).isEmpty();
        assertThat(changed(change("filler_speed", "1e999999999"))).isEmpty();
        assertThat(changed(change("filler_speed", "51.00000000000000000001"))).isEmpty();
    }

    @Test
    void whatIsNotOnTheListIsNotChanged() {
        assertThat(changed(change("line_speed", "51"))).isEmpty();
        assertThat(changed(change("FILLER_SPEED", "51"))).isEmpty();
        assertThat(changed(change("filler_speed ", "51"))).isEmpty();
    }

    @Test
    void ofContradictingChangesNoneIsPassedOn() {
        assertThat(changed(
                        change("filler_speed", "51"), change("filler_speed", "49"), change("seal_temperature", "181")))
                .containsExactly("seal_temperature=181.0");
        assertThat(changed(change("filler_speed", "51"), change("capper_speed", "56")))
                .as("each names the other as a conflict")
                .isEmpty();
    }

    @Test
    void aParameterThatWasChangedALittleWhileAgoRests() {
        Verdict verdict =
                Answer.judge(answer(RECOMMENDATION, change("filler_speed", "51")), BRIEFING, Set.of("filler_speed"));

        assertThat(verdict).isInstanceOfSatisfying(Usable.class, it -> {
            assertThat(it.advice().changes()).isEmpty();
            assertThat(it.stripped()).containsExactly(new Stripped("changes[0]", "was changed within its cooldown"));
        });
    }

    @Test
    void aSentenceWithANumberThatNobodyGaveIsLeftOut() {
        String text = "Filler lost 33 % of its time. That costs 4711 parts a day. Its OEE is 0.67, or 66.67 %.";
        Usable usable = usable(answer(RECOMMENDATION.replace("Find out why filler stopped.", text), ""));

        assertThat(usable.advice().recommendations().get(0).text())
                .isEqualTo("Filler lost 33 % of its time. Its OEE is 0.67, or 66.67 %.");
        assertThat(usable.stripped()).hasSize(1);
    }

    @Test
    void linksMarkupAndWhatCannotBePrintedAreLeftOut() {
        for (String foreign : List.of(
                "See http://evil.example/x.",
                "Write to ops@plant.example at once.",
                "Visit evil-shop.com for more.",
                "See www.evil.example.",
                "<script>alert()</script>",
                "![x](y)",
                "`rm -rf`",
                "&lt;b&gt;",
                "Call javascript:x now.")) {
            Verdict verdict = judge(answer(RECOMMENDATION.replace("Find out why filler stopped.", foreign), ""));
            assertThat(verdict).as(foreign).isInstanceOf(Unusable.class);
        }
        assertThat(usable(answer(RECOMMENDATION.replace("Find out why", "Find\\u202e out\\u0000 why\\u001b"), ""))
                        .advice()
                        .recommendations()
                        .get(0)
                        .text())
                .isEqualTo("Find out why filler stopped.");
    }

    @Test
    void aRecommendationNeedsAKnownLeverStepPriorityAndEvidence() {
        assertThat(judge(answer(RECOMMENDATION.replace("reduce_breakdowns", "shut_down"), "")))
                .isInstanceOf(Unusable.class);
        assertThat(judge(answer(RECOMMENDATION.replace("\"filler\"", "\"ignore all\""), "")))
                .isInstanceOf(Unusable.class);
        assertThat(judge(answer(RECOMMENDATION.replace("\"high\"", "\"urgent\""), "")))
                .isInstanceOf(Unusable.class);
        assertThat(judge(answer(RECOMMENDATION.replace("loss.breakdowns_share", "my.feeling"), "")))
                .isInstanceOf(Unusable.class);
    }

    @Test
    void moreThanThereIsToGainIsNotExpected() {
        Usable usable = usable(answer(RECOMMENDATION.replace("0.1,", "0.5,"), ""));

        Recommendation.ExpectedImprovement expected =
                Objects.requireNonNull(usable.advice().recommendations().get(0).expected());
        assertThat(expected.oeeGain()).as("a third is lost").isNaN();
        assertThat(expected.throughputGain()).isEqualTo(0.2);
    }

    @Test
    void whatIsNoAnswerSaysWhy() {
        assertThat(judge("Speed it up!"))
                .isInstanceOfSatisfying(
                        Unusable.class, it -> assertThat(it.why()).startsWith("it is not JSON: "));
        assertThat(judge("[]")).isEqualTo(new Unusable("it is not a JSON object", List.of()));
        assertThat(judge("")).isInstanceOf(Unusable.class);
        assertThat(judge("{}")).isEqualTo(new Unusable("it holds no recommendation that can be checked", List.of()));
        assertThat(judge(answer(RECOMMENDATION, "") + "{}")).isInstanceOf(Unusable.class);
        assertThat(judge("{\"changes\":[],\"changes\":[" + change("filler_speed", "51") + "]}"))
                .as("duplicate keys")
                .isInstanceOf(Unusable.class);
        assertThat(judge(answer(RECOMMENDATION, "").replace("\"medium\"", "NaN")))
                .isInstanceOf(Unusable.class);
        assertThat(judge(" ".repeat(64_001))).isInstanceOf(Unusable.class);
        assertThat(judge("[".repeat(60_000))).isInstanceOf(Unusable.class);
    }

    @Test
    void whereFiguresAreInDoubtNothingIsUrgentAndNothingChanged() {
        Briefing whole = Briefings.briefing();
        var result = whole.result();
        Briefing lacking = new Briefing(
                new io.processoptimizer.emit.WindowResult(
                        result.processId(),
                        result.window(),
                        result.startMillis(),
                        result.endMillis(),
                        0,
                        false,
                        true,
                        0,
                        result.analysis()),
                whole.features(),
                whole.trend(),
                whole.control(),
                null);

        assertThat(Answer.judge(answer(RECOMMENDATION, change("filler_speed", "51")), lacking, Set.of()))
                .isInstanceOfSatisfying(Usable.class, it -> {
                    assertThat(it.advice().priority()).isEqualTo(Priority.MEDIUM);
                    assertThat(it.advice().changes()).isEmpty();
                });
    }

    @Test
    void whatIsLeftOutOfRubbishIsNamedOnlySoOften() {
        String recommendation = RECOMMENDATION.replace("Find out", "99. ".repeat(10_000) + "Find out");
        assertThat(usable(answer(recommendation, "")).stripped()).hasSize(Answer.MAX_STRIPPED + 1);
        assertThat(judge(answer("1" + ",1".repeat(20_000), "")))
                .isInstanceOfSatisfying(
                        Unusable.class, it -> assertThat(it.stripped()).hasSize(Answer.MAX_STRIPPED + 1));
    }
}
