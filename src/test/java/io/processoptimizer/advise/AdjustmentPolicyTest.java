package io.processoptimizer.advise;

import static io.processoptimizer.advise.Results.MAIN;
import static io.processoptimizer.advise.Results.MINUTE;
import static io.processoptimizer.advise.Results.broken;
import static io.processoptimizer.advise.Results.perfect;
import static io.processoptimizer.advise.Results.result;
import static io.processoptimizer.event.TelemetryEvent.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.emit.Adjustment;
import io.processoptimizer.emit.Advice;
import io.processoptimizer.emit.Advice.Change;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.AdviceRecord;
import io.processoptimizer.emit.AdviceRecord.Given;
import io.processoptimizer.emit.AdviceRecord.NotAsked;
import io.processoptimizer.emit.AdviceRecord.Why;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Control;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdjustmentPolicyTest {
    private static final long ARRIVAL = 1_767_225_605_000L;

    private static final String EXPECTED_AND_RISK = """
            "expected_improvement":{"estimate":true,"oee_gain":0.1667,"throughput_gain":0.25,\
            "assumption":"half of this loss is recovered, all else as in the window"},\
            "risk":{"level":"low","note":"The step stands while the cause is looked for: use a break or a changeover."}""";
    private static final String RECOMMENDATION =
            """
            {"lever":"reduce_breakdowns","step_id":"filler","priority":"high",\
            "text":"filler lost 20.0 min (33 % of its planned time) to breakdowns (1 stop). Find what stops it: compare the \
            reported stop reasons, have maintenance remove the most frequent cause, and keep its spare parts at the line.",\
            "loss_share":0.3333,""" + EXPECTED_AND_RISK.substring(0, EXPECTED_AND_RISK.indexOf(",\"risk\"")) + ",\"evidence\":[]}";

    private final AdviceSettings settings = AdviceSettings.defaults(MAIN);
    private final AdjustmentPolicy policy = new AdjustmentPolicy(settings);

    @Test
    void adviceOfHighPriorityBecomesAnAdjustmentThatExpires() {
        Adjustment adjustment = adjustment(ARRIVAL);

        assertThat(adjustment.expiresAtMillis()).isEqualTo(ARRIVAL + 15 * MINUTE);
        assertThat(adjustment.isExpired(ARRIVAL + 15 * MINUTE - 1)).isFalse();
        assertThat(adjustment.isExpired(ARRIVAL + 15 * MINUTE)).isTrue();
        assertThat(adjustment(ABSENT).isExpired(Long.MAX_VALUE))
                .as("without an arrival nothing is known of its age")
                .isFalse();
    }

    @Test
    void onlyTheFirstFinalResultOfTheDefaultWindowSteers() {
        AdviceRecord advice = new AdviceRecord(result(broken(), 0), given(result(broken(), 0)));

        assertThat(decide(result(broken(), "P", MAIN, 0, true, 0), advice, ARRIVAL))
                .isPresent();
        assertThat(decide(result(broken(), "P", MAIN, 0, false, 0), advice, ARRIVAL))
                .isEmpty();
        assertThat(decide(result(broken(), "P", MAIN, 0, true, 1), advice, ARRIVAL))
                .isEmpty();
        assertThat(decide(result(broken(), "P", "shift", 0, true, 0), advice, ARRIVAL))
                .isEmpty();
    }

    @Test
    void adviceOfLowerPriorityOrNoneSteersNothing() {
        WindowResult perfect = result(perfect(), 0);
        AdviceRecord low = new AdviceRecord(perfect, given(perfect));
        AdviceRecord none = new AdviceRecord(result(broken(), 0), new NotAsked(Why.COOLDOWN, "too soon"));

        assertThat(decide(perfect, low, ARRIVAL)).isEmpty();
        assertThat(decide(none.result(), none, ARRIVAL)).isEmpty();
    }

    @Test
    void theIdDependsOnTheWindowAndOnNothingThatIsSaidOfIt() {
        String id = adjustment(ARRIVAL).id();

        // printf 'P\000main\0001767225600000\000recommendation' | sha256sum | cut -c1-32
        assertThat(id).isEqualTo("851231c26e6108a9d7eb5b1376714cd5");
        assertThat(adjustment(ABSENT).id()).isEqualTo(id);
        assertThat(new Adjustment(
                                result(perfect(), 0),
                                given(result(perfect(), 0)).advice(),
                                "model",
                                Adjustment.Mode.CLOSED_LOOP,
                                0,
                                0)
                        .id())
                .isEqualTo(id);
        assertThat(new Adjustment(
                                result(broken(), 1),
                                given(result(broken(), 0)).advice(),
                                "rules",
                                Adjustment.Mode.ADVISORY,
                                0,
                                0)
                        .id())
                .isNotEqualTo(id);
    }

    @Test
    void theEventSaysWhatAConsumerNeeds() {
        assertThat(text(AdviceJson.event(adjustment(ARRIVAL))))
                .isEqualTo("""
                {"adjustment_id":"851231c26e6108a9d7eb5b1376714cd5","process_id":"P","window_start":1767225300000,\
                "window_end":1767225600000,"priority":"high","mode":"advisory","source":"rules","oee":0.6666666666666666,\
                "constraint":{"step_id":"filler","confidence":"low"},"recommendations":[""" + RECOMMENDATION + "],\"adjustments\":[]," + EXPECTED_AND_RISK
                        + ",\"expires_at\":1767226505000}");
    }

    @Test
    void theItemHasTheKeysOfItsTableBesides() {
        String event = text(AdviceJson.event(adjustment(ABSENT)));

        assertThat(text(AdviceJson.item(adjustment(ABSENT))))
                .isEqualTo(
                        "{\"id\":\"adjustment#851231c26e6108a9d7eb5b1376714cd5\",\"kind\":\"recommendation\",\"window\":\"main\",\"generation\":0,"
                                + "\"closing_arrival\":null," + event.substring(1, event.length() - 1)
                                + ",\"effect\":null}");
        assertThat(event).endsWith("\"expires_at\":null}");
    }

    @Test
    void adviceIsOneObjectWhateverCameOfIt() {
        WindowResult result = result(broken(), 0);

        assertThat(text(AdviceJson.item(new AdviceRecord(result, given(result)))))
                .isEqualTo("""
                {"process_id":"P","id":"advice#main#1767225600000#0","window":"main","window_start":1767225300000,\
                "window_end":1767225600000,"revision":0,"generation":0,"efficiency":null,"outcome":"given","why":null,"why_text":null,\
                "source":"rules","consultation":null,"priority":"high","summary":"OEE is 67 %, below its target of 85 %.",\
                "recommendations":[""" + RECOMMENDATION + "],\"changes\":[]," + EXPECTED_AND_RISK + "}");
        assertThat(text(AdviceJson.item(new AdviceRecord(result, new NotAsked(Why.COOLDOWN, "too soon")))))
                .isEqualTo("""
                {"process_id":"P","id":"advice#main#1767225600000#0","window":"main","window_start":1767225300000,\
                "window_end":1767225600000,"revision":0,"generation":0,"efficiency":null,"outcome":"not_asked","why":"cooldown",\
                "why_text":"too soon","source":null,"consultation":null,"priority":null,"summary":null,"recommendations":[],"changes":[],\
                "expected_improvement":null,"risk":null}""");
    }

    @Test
    void ofRecordedChangesThoseGoOnThatTheControlInForceAllows() {
        WindowResult result = result(broken(), 0);
        Advice advice = given(result).advice();
        List<Change> recorded = List.of(
                change("speed", 100, 104),
                change("pressure", 3, 3.5),
                change("heat", 200, 260),
                change("feed", 10, 14),
                change("gone", 1, 2));
        AdviceRecord record = new AdviceRecord(
                result,
                new AdviceRecord.Given(
                        "bedrock",
                        new Advice(
                                advice.priority(),
                                advice.summary(),
                                advice.recommendations(),
                                advice.risk(),
                                recorded)));
        Control inForce = new Control(
                true,
                List.of(
                        parameter("speed", 100, 90, 110, 5),
                        // It is not in force any more what the change started from.
                        parameter("pressure", 2, 1, 5, 2),
                        parameter("heat", 200, 150, 250, 100),
                        parameter("feed", 10, 0, 20, 3)));

        Adjustment adjustment = policy.decide(new AdviceRequest(record, null, inForce, ARRIVAL, false), record)
                .orElseThrow();

        assertThat(adjustment.advice().changes()).containsExactly(recorded.get(0));
    }

    private static Change change(String parameter, double current, double proposed) {
        return new Change(parameter, null, current, proposed, 0, 1_000, "", List.of());
    }

    private static Control.Parameter parameter(String name, int current, int min, int max, int maxStep) {
        return new Control.Parameter(
                name,
                null,
                "",
                BigDecimal.valueOf(current),
                BigDecimal.valueOf(min),
                BigDecimal.valueOf(max),
                BigDecimal.valueOf(maxStep),
                0,
                List.of());
    }

    private Optional<Adjustment> decide(WindowResult result, AdviceRecord advice, long arrival) {
        return policy.decide(
                new AdviceRequest(new AdviceRecord(result, advice.outcome()), null, Control.NONE, arrival, false),
                advice);
    }

    private Adjustment adjustment(long arrival) {
        WindowResult result = result(broken(), 0);
        return decide(result, new AdviceRecord(result, given(result)), arrival).orElseThrow();
    }

    private static Given given(WindowResult result) {
        return new Given(RuleAdvisor.SOURCE, RuleAdvisor.advise(result.analysis(), true));
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }
}
