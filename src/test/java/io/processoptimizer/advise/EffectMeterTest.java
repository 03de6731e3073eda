package io.processoptimizer.advise;

import static io.processoptimizer.advise.Results.MAIN;
import static io.processoptimizer.advise.Results.MINUTE;
import static io.processoptimizer.advise.Results.SECOND_MICROS;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.RUNNING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.StepScript;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.emit.AdviceJson;
import io.processoptimizer.emit.Effect;
import io.processoptimizer.emit.Effect.Verdict;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.Calendar;
import io.processoptimizer.window.WindowFacts;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Windows of 5 minutes, sliding by 1, with 6 before and after and a delay of 5 minutes. */
class EffectMeterTest {
    private static final long ZERO = 1_767_225_600_000L;

    private EffectMeter meter = new EffectMeter(AdviceSettings.defaults(MAIN));
    private final List<Effect> effects = new ArrayList<>();
    private @Nullable Calendar calendar;

    /** OEE in percent of the minutes after a full hour; what happens in the minute that begins there. */
    private interface Course {
        int percent(int minute);
    }

    /** A window is as good as its minutes are in the mean. */
    private void windows(int from, int to, Course course, String product, int... advisedAt) {
        for (int end = from; end <= to; end++) {
            int good = 0;
            for (int minute = end - 5; minute < end; minute++) {
                good += course.percent(minute);
            }
            boolean advised = false;
            for (int at : advisedAt) {
                advised |= at == end;
            }
            follow(window(good / 5, product), end, true, advised);
        }
    }

    /** Five minutes of 1 s cycles, of which so many percent run. */
    private WindowFacts window(int percent, String product) {
        return StepScript.window(
                Definitions.order("filler").withCalendar(calendar),
                StepScript.step("filler")
                        .run(RUNNING, percent * 3_000L)
                        .run(DOWN, (100 - percent) * 3_000L)
                        .product(product, SECOND_MICROS, percent * 3L, 0, 0, 0));
    }

    private void follow(WindowFacts facts, int endMinute, boolean complete, boolean advised) {
        long end = ZERO + endMinute * MINUTE;
        WindowResult result =
                new WindowResult("P", MAIN, end - 5 * MINUTE, end, 0, complete, true, 0, WindowAnalyser.analyse(facts));
        effects.addAll(meter.follow(result, facts, advised));
    }

    @Test
    void comparesSixWindowsBeforeWithSixAfterTheDelay() {
        // 55 % until minute 60, then 75 %; the 5 minutes after are left to those who carry it out.
        windows(5, 94, minute -> minute < 60 ? 55 : 75, "A", 60);
        assertThat(effects).as("one minute too early").isEmpty();
        windows(95, 120, minute -> 75, "A");

        assertThat(effects).singleElement().satisfies(effect -> {
            assertThat(effect.groundsEndMillis()).isEqualTo(ZERO + 60 * MINUTE);
            assertThat(effect.before().fromMillis()).isEqualTo(ZERO + 30 * MINUTE);
            assertThat(effect.before().toMillis()).isEqualTo(ZERO + 60 * MINUTE);
            assertThat(effect.before().windows()).isEqualTo(6);
            assertThat(effect.before().oee()).isEqualTo(0.55, within(1e-12));
            assertThat(effect.before().throughputPerHour()).isEqualTo(55 * 36.0, within(1e-9));
            assertThat(effect.after().fromMillis()).isEqualTo(ZERO + 65 * MINUTE);
            assertThat(effect.after().toMillis()).isEqualTo(ZERO + 95 * MINUTE);
            assertThat(effect.after().windows()).isEqualTo(6);
            assertThat(effect.oeeGain()).isEqualTo(0.2, within(1e-12));
            assertThat(effect.throughputGain()).isEqualTo(75.0 / 55 - 1, within(1e-12));
            assertThat(effect.verdict()).isEqualTo(Verdict.BETTER);
            assertThat(effect.incomparable()).isNull();
            assertThat(effect.advisedMeanwhile()).isZero();
        });
    }

    @Test
    void aFallIsWorseAndWhatChanceExplainsIsUnclear() {
        windows(5, 110, minute -> minute < 60 ? 80 : 40, "A", 60);
        // Stretches of 5 minutes between 40 and 80 %, before and after alike but for one.
        windows(111, 240, minute -> minute / 5 % 2 == 0 ? 40 : minute < 180 ? 80 : 85, "A", 180);

        assertThat(effects).extracting(Effect::verdict).containsExactly(Verdict.WORSE, Verdict.UNCLEAR);
        Effect unclear = effects.get(1);
        assertThat(unclear.oeeGain()).isPositive().isLessThan(2 * unclear.oeeGainError());
    }

    /** Var = ((0.5 − 0.6)² + (0.7 − 0.6)²) / 1 = 0.02 before, ((0.7 − 0.75)² + (0.8 − 0.75)²) / 1 = 0.005 after; √(0.02/2 + 0.005/2). */
    @Test
    void theErrorIsThatOfWelch() {
        Effect effect = new Effect("P", MAIN, 0, 0, stretch(2, 0.6, 0.02), stretch(2, 0.75, 0.005), 0, 0);

        assertThat(effect.oeeGainError()).isEqualTo(Math.sqrt(0.0125), within(1e-15));
        assertThat(effect.verdict()).isEqualTo(Verdict.UNCLEAR);
    }

    private static Effect.Stretch stretch(int windows, double oee, double variance) {
        return new Effect.Stretch(0, 1, windows, oee, variance, Double.NaN, List.of(), List.of());
    }

    @Test
    void anotherProductIsNotComparable() {
        windows(5, 60, minute -> 55, "A", 60);
        windows(61, 120, minute -> 75, "B");

        assertThat(effects).singleElement().satisfies(effect -> {
            assertThat(effect.verdict()).isEqualTo(Verdict.NOT_COMPARABLE);
            assertThat(effect.incomparable()).isEqualTo("other products: A before, B after");
        });
    }

    @Test
    void anotherShiftIsNotComparable() {
        calendar = new Calendar(
                ZoneOffset.UTC,
                List.of(
                        shift("early", LocalTime.of(0, 0), LocalTime.of(1, 0)),
                        shift("late", LocalTime.of(1, 0), LocalTime.of(0, 0))),
                List.of(),
                LocalTime.MIDNIGHT);
        windows(5, 120, minute -> minute < 60 ? 55 : 75, "A", 60);
        windows(121, 300, minute -> minute < 180 ? 55 : 75, "A", 180);

        assertThat(effects)
                .extracting(Effect::incomparable)
                .containsExactly("other shifts: early before, late after", null);
        assertThat(effects.get(1).after().shifts()).containsExactly("late");
    }

    private static Calendar.Shift shift(String name, LocalTime start, LocalTime end) {
        return new Calendar.Shift(name, EnumSet.allOf(DayOfWeek.class), start, end, List.of());
    }

    @Test
    void aSilenceOrAPlannedStopEndsItWithoutComparison() {
        windows(5, 60, minute -> 55, "A", 60);
        windows(600, 600, minute -> 75, "A");

        assertThat(effects).singleElement().satisfies(effect -> {
            assertThat(effect.after().windows()).isEqualTo(1);
            assertThat(effect.incomparable())
                    .isEqualTo("windows with planned time: 6 before, 1 after, 2 of each are needed");
        });
        effects.clear();
        windows(601, 601, minute -> 75, "A", 601);
        windows(602, 700, minute -> 75, "A");
        assertThat(effects)
                .singleElement()
                .satisfies(effect -> assertThat(effect.before().windows())
                        .as("what lies before the silence is no comparison")
                        .isEqualTo(1));
    }

    @Test
    void windowsThatMayLackFactsRevisionsAndOtherWindowsDoNotCount() {
        windows(5, 60, minute -> 55, "A", 60);
        for (int end = 61; end <= 120; end++) {
            follow(window(75, "A"), end, false, false);
        }

        assertThat(effects)
                .singleElement()
                .satisfies(effect -> assertThat(effect.after().windows()).isZero());
        WindowFacts facts = window(10, "A");
        WindowResult revised =
                new WindowResult("P", MAIN, ZERO, ZERO + 5 * MINUTE, 0, true, true, 1, WindowAnalyser.analyse(facts));
        assertThat(meter.follow(revised, facts, false)).isEmpty();
    }

    @Test
    void furtherAdviceIsCountedAndNoMoreThanEightComparisonsAreUnderWay() {
        int[] all = new int[200];
        for (int i = 0; i < all.length; i++) {
            all[i] = 60 + i;
        }
        windows(5, 95, minute -> 55, "A", all);

        // Those of the minutes 60 … 67; the first ends at 95, and then there is room for one.
        assertThat(effects)
                .singleElement()
                .satisfies(effect -> assertThat(effect.advisedMeanwhile()).isEqualTo(34));
        windows(96, 102, minute -> 55, "A", all);
        assertThat(effects).hasSize(8);
    }

    @Test
    void aRestartInBetweenChangesNothing() throws IOException {
        Course course = minute -> 40 + minute * 7 % 31;
        windows(5, 160, course, "A", 60, 75, 90);
        List<String> undisturbed = effects.stream().map(EffectMeterTest::json).toList();
        assertThat(undisturbed).hasSize(3);
        effects.clear();
        meter = new EffectMeter(AdviceSettings.defaults(MAIN));

        for (int end = 5; end <= 160; end++) {
            windows(end, end, course, "A", 60, 75, 90);
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            meter.write(new DataOutputStream(bytes));
            meter = new EffectMeter(AdviceSettings.defaults(MAIN));
            meter.read(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())), process -> true);
        }

        assertThat(effects.stream().map(EffectMeterTest::json).toList()).isEqualTo(undisturbed);
    }

    private static String json(Effect effect) {
        return new String(AdviceJson.effect(effect), StandardCharsets.UTF_8);
    }
}
