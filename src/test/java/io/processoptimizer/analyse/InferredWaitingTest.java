package io.processoptimizer.analyse;

import static io.processoptimizer.analyse.StepScript.step;
import static io.processoptimizer.analyse.StepScript.window;
import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.IDLE;
import static io.processoptimizer.event.StepState.PLANNED_STOP;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.SETUP;
import static io.processoptimizer.event.StepState.STARVED;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.analyse.oee.StateTimes;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.ProcessDefinition.Profile;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.event.WaitingRule;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepFacts.Timeline;
import io.processoptimizer.window.WindowFacts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Vectors by hand, in seconds; and a naive model, millisecond by millisecond. */
class InferredWaitingTest {
    private static final long S = 1_000;

    private static ProcessDefinition line(Map<String, Integer> places, String... order) {
        return Definitions.order(order).withWaiting(new WaitingRule(true, places));
    }

    /** The states of a step as they are analysed: {@code IDLE 10, STARVED 90}, seconds. */
    private static String told(WindowFacts facts, String stepId) {
        Timeline timeline = find(WindowAnalyser.told(facts), stepId).timeline();
        List<String> runs = new ArrayList<>();
        for (int run = 0; run < timeline.runs(); run++) {
            runs.add(timeline.states()[run] + " " + (timeline.endOf(run) - timeline.starts()[run]) / S);
        }
        return String.join(", ", runs);
    }

    private static StepFacts find(WindowFacts facts, String stepId) {
        return facts.steps().stream()
                .filter(step -> step.stepId().equals(stepId))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void anIdleStepBehindOneThatIsDownIsStarvedOnceTheBufferIsEmpty() {
        WindowFacts facts = window(
                line(Map.of("a", 5), "a", "b"),
                step("a").run(RUNNING, 20 * S).run(DOWN, 60 * S).run(RUNNING, 20 * S),
                step("b")
                        .run(RUNNING, 25 * S)
                        .run(IDLE, 65 * S)
                        .run(RUNNING, 10 * S)
                        .parts(2_000_000, 15, 0, 0, 0));

        // Five parts of 2 s last until 30; at 80 the first runs again.
        assertThat(told(facts, "b")).isEqualTo("RUNNING 25, IDLE 5, STARVED 50, IDLE 10, RUNNING 10");
        assertThat(find(WindowAnalyser.told(facts), "b").inferred()).isEqualTo(new StepFacts.Inferred(0, 0, 50 * S, 0));
        assertThat(told(facts, "a")).isEqualTo("RUNNING 20, DOWN 60, RUNNING 20");
    }

    @Test
    void anIdleStepBeforeOneThatIsDownIsBlockedOnceTheBufferIsFull() {
        WindowFacts facts = window(
                line(Map.of("a", 5), "a", "b"),
                step("a").run(RUNNING, 25 * S).run(IDLE, 75 * S).parts(2_000_000, 15, 0, 0, 0),
                step("b")
                        .run(RUNNING, 20 * S)
                        .run(SETUP, 30 * S)
                        .run(DOWN, 30 * S)
                        .run(RUNNING, 20 * S));

        assertThat(told(facts, "a")).isEqualTo("RUNNING 25, IDLE 5, BLOCKED 50, IDLE 20");
        assertThat(find(WindowAnalyser.told(facts), "a").inferred()).isEqualTo(new StepFacts.Inferred(0, 0, 0, 50 * S));
    }

    @Test
    void waitingIsPassedOnAlongTheLine() {
        WindowFacts facts = window(
                line(Map.of("a", 10, "b", 20), "a", "b", "c"),
                step("a").run(DOWN, 100 * S),
                step("b").run(IDLE, 100 * S).parts(1_000_000, 1, 0, 0, 0),
                step("c").run(IDLE, 100 * S).parts(1_000_000, 1, 0, 0, 0));

        // c: b has made nothing since 0, so 20 s, and is starved from 10 on.
        assertThat(told(facts, "b")).isEqualTo("IDLE 10, STARVED 90");
        assertThat(told(facts, "c")).isEqualTo("IDLE 20, STARVED 80");
        WindowFacts stated = window(
                line(Map.of(), "a", "b", "c"),
                step("a").run(UNKNOWN, 100 * S),
                step("b").run(STARVED, 60 * S).run(RUNNING, 40 * S),
                step("c").run(IDLE, 100 * S));
        assertThat(told(stated, "c")).isEqualTo("STARVED 60, IDLE 40");
    }

    @Test
    void aStopThatBeganBeforeTheWindowCountsFromItsTrueStart() {
        WindowFacts facts = window(
                line(Map.of("a", 10), "a", "b"),
                step("a").run(DOWN, 100 * S).since(8 * S, 8 * S),
                step("b").run(IDLE, 100 * S).parts(1_000_000, 1, 0, 0, 0));
        assertThat(told(facts, "b")).isEqualTo("IDLE 2, STARVED 98");
    }

    @Test
    void ofTwoThatHoldTheOneThatBeganFirstDoes() {
        WindowFacts starvedFirst = window(
                line(Map.of(), "a", "b", "c"),
                step("a").run(RUNNING, 10 * S).run(DOWN, 50 * S).run(RUNNING, 40 * S),
                step("b").run(IDLE, 100 * S),
                step("c").run(RUNNING, 20 * S).run(DOWN, 60 * S).run(RUNNING, 20 * S));
        assertThat(told(starvedFirst, "b")).isEqualTo("IDLE 10, STARVED 50, BLOCKED 20, IDLE 20");
        WindowFacts blockedFirst = window(
                line(Map.of(), "a", "b", "c"),
                step("a").run(RUNNING, 10 * S).run(DOWN, 50 * S).run(RUNNING, 40 * S),
                step("b").run(IDLE, 100 * S),
                step("c").run(DOWN, 80 * S).run(RUNNING, 20 * S));
        assertThat(told(blockedFirst, "b")).isEqualTo("BLOCKED 80, IDLE 20");
        WindowFacts together = window(
                line(Map.of(), "a", "b", "c"),
                step("a").run(DOWN, 50 * S).run(RUNNING, 50 * S),
                step("b").run(IDLE, 100 * S),
                step("c").run(DOWN, 80 * S).run(RUNNING, 20 * S));
        assertThat(told(together, "b")).isEqualTo("STARVED 50, BLOCKED 30, IDLE 20");
    }

    @ParameterizedTest
    @EnumSource(
            value = StepState.class,
            names = {"RUNNING", "BLOCKED", "IDLE", "UNKNOWN"})
    void neighboursThatRunHavePartsAreIdleOrSilentStarveNobody(StepState before) {
        WindowFacts facts = window(
                line(Map.of(), "a", "b"),
                step("a").run(before, 100 * S),
                step("b").run(IDLE, 100 * S));
        assertThat(told(facts, "b")).isEqualTo("IDLE 100");
        assertThat(WindowAnalyser.told(facts)).isSameAs(facts);
    }

    @Test
    void whatAMachineStatesStandsAndNoSignalIsNeverRead() {
        WindowFacts facts = window(
                line(Map.of(), "a", "b"),
                step("a").run(DOWN, 100 * S),
                step("b")
                        .run(UNKNOWN, 20 * S)
                        .run(BLOCKED, 20 * S)
                        .run(PLANNED_STOP, 20 * S)
                        .run(STARVED, 20 * S)
                        .run(IDLE, 20 * S));
        assertThat(told(facts, "b")).isEqualTo("UNKNOWN 20, BLOCKED 20, PLANNED_STOP 20, STARVED 40");
        assertThat(find(WindowAnalyser.told(facts), "b").inferred().starvedMillis())
                .isEqualTo(20 * S);
    }

    @Test
    void aSilenceOfTheNeighbourBeginsItsStandstillAnew() {
        WindowFacts facts = window(
                line(Map.of("a", 10), "a", "b"),
                step("a").run(DOWN, 40 * S).run(UNKNOWN, 5 * S).run(DOWN, 55 * S),
                step("b").run(IDLE, 100 * S).parts(1_000_000, 1, 0, 0, 0));
        assertThat(told(facts, "b")).isEqualTo("IDLE 10, STARVED 30, IDLE 15, STARVED 45");
    }

    @Test
    void nothingIsInferredWithoutAnOrderTheSwitchOrTheStepBetween() {
        StepScript[] steps = {step("a").run(DOWN, 100 * S), step("b").run(IDLE, 100 * S)};
        ProcessDefinition unordered = ProcessDefinition.DEFAULT.withWaiting(new WaitingRule(true, Map.of()));
        assertThat(told(window(unordered, steps), "b")).isEqualTo("IDLE 100");
        assertThat(told(window(Definitions.order("a", "b"), steps), "b")).isEqualTo("IDLE 100");
        assertThat(told(window(line(Map.of(), "a", "unseen", "b"), steps), "b")).isEqualTo("IDLE 100");
        assertThat(told(window(line(Map.of(), "a"), steps), "b")).isEqualTo("IDLE 100");
        assertThat(told(window(line(Map.of(), "a", "b"), steps), "b")).isEqualTo("STARVED 100");
    }

    @Test
    void theCycleIsTheIdealOneElseTheStepsOwnPaceElseNothingIsInferredAcrossABuffer() {
        StepScript down = step("a").run(DOWN, 100 * S);
        ProcessDefinition places = line(Map.of("a", 4), "a", "b");
        StepScript paced = step("b").run(RUNNING, 30 * S).run(IDLE, 70 * S).partsWithoutIdeal(5, 1);
        assertThat(told(window(places, down, paced), "b")).isEqualTo("RUNNING 30, STARVED 70");
        StepScript slow = step("b").run(RUNNING, 30 * S).run(IDLE, 70 * S).partsWithoutIdeal(1, 0);
        assertThat(told(window(places, down, slow), "b")).isEqualTo("RUNNING 30, IDLE 70");
        StepScript nothing = step("b").run(IDLE, 100 * S);
        assertThat(told(window(places, down, nothing), "b")).isEqualTo("IDLE 100");
        ProcessDefinition known = Definitions.of(
                        List.of("a", "b"), null, null, 1, Map.of("b", Map.of("X", 3_000_000L, "*", 2_000_000L)))
                .withWaiting(new WaitingRule(true, Map.of("a", 4)));
        assertThat(told(window(known, down, nothing), "b")).isEqualTo("IDLE 8, STARVED 92");
        StepScript ofX = step("b").run(IDLE, 100 * S).product("X", TelemetryEvent.ABSENT, 1, 0, 0, 0);
        assertThat(told(window(known, down, ofX), "b")).isEqualTo("IDLE 12, STARVED 88");
    }

    @Test
    void theBottleneckMethodsUseWhatIsInferred() {
        StepScript[] steps = {
            step("a").run(RUNNING, 40 * S).run(IDLE, 60 * S).parts(1_000_000, 40, 0, 0, 0),
            step("b").run(RUNNING, 40 * S).run(DOWN, 60 * S).parts(1_000_000, 40, 0, 0, 0),
            step("c").run(RUNNING, 40 * S).run(IDLE, 60 * S).parts(1_000_000, 40, 0, 0, 0)
        };
        WindowAnalysis stated = WindowAnalyser.analyse(window(Definitions.order("a", "b", "c"), steps));
        WindowAnalysis inferred = WindowAnalyser.analyse(window(line(Map.of(), "a", "b", "c"), steps));
        assertThat(stated.constraint().votes().turningPoint()).isNull();
        assertThat(inferred.constraint().votes().turningPoint()).isEqualTo("b");
        assertThat(inferred.constraint().votes().balance()).isEqualTo("b");
        assertThat(inferred.process().losses()).isEqualTo(stated.process().losses());
    }

    @Test
    void sumsAreKeptAndEveryMillisecondIsAsTheDefinitionSays() {
        long seed = Long.getLong("waiting.seed", 77);
        System.out.println("inferred waiting, seed " + seed);
        RandomFacts random = new RandomFacts(seed, 400);
        SplittableRandom more = new SplittableRandom(seed);
        long starved = 0;
        long blocked = 0;
        for (int i = 0; i < 20_000; i++) {
            WindowFacts plain = random.next(Profile.ISO22400);
            Map<String, Integer> places = new HashMap<>();
            plain.steps().forEach(step -> places.put(step.stepId(), more.nextInt(3) * more.nextInt(3)));
            WindowFacts facts =
                    Definitions.inForce(plain, plain.definition().withWaiting(new WaitingRule(true, places)));
            String as = "seed " + seed + ", window " + i;
            WindowFacts told = WindowAnalyser.told(facts);
            WindowAnalysis before = WindowAnalyser.analyse(plain);
            WindowAnalysis after = WindowAnalyser.analyse(facts);
            for (int k = 0; k < facts.steps().size(); k++) {
                StepFacts step = told.steps().get(k);
                assertThat(states(step)).as(as + " " + step.stepId()).isEqualTo(naive(facts, k));
                assertMaximal(step.timeline(), as);
            }
            for (int k = 0; k < before.steps().size(); k++) {
                StateTimes was = before.steps().get(k).oee().times();
                StateTimes is = after.steps().get(k).oee().times();
                StepFacts.Inferred inferred = after.steps().get(k).oee().inferred();
                assertThat(is.starvedMillis()).as(as).isEqualTo(was.starvedMillis() + inferred.starvedMillis());
                assertThat(is.blockedMillis()).as(as).isEqualTo(was.blockedMillis() + inferred.blockedMillis());
                assertThat(is.idleMillis() + is.starvedMillis() + is.blockedMillis())
                        .as(as)
                        .isEqualTo(was.idleMillis() + was.starvedMillis() + was.blockedMillis());
                assertThat(is.plannedMillis()).as(as).isEqualTo(was.plannedMillis());
                for (Loss loss : Loss.values()) {
                    assertThat(after.steps().get(k).oee().losses().micros(loss))
                            .as(as)
                            .isEqualTo(before.steps().get(k).oee().losses().micros(loss));
                }
                starved += inferred.starvedMillis();
                blocked += inferred.blockedMillis();
            }
        }
        assertThat(starved).isGreaterThan(1_000);
        assertThat(blocked).isGreaterThan(1_000);
    }

    private static void assertMaximal(Timeline timeline, String as) {
        for (int run = 1; run < timeline.runs(); run++) {
            assertThat(timeline.states()[run]).as(as).isNotEqualTo(timeline.states()[run - 1]);
            assertThat(timeline.starts()[run]).as(as).isGreaterThan(timeline.starts()[run - 1]);
        }
    }

    /** From the first run's start on. */
    private static List<StepState> states(StepFacts step) {
        List<StepState> states = new ArrayList<>();
        Timeline timeline = step.timeline();
        for (int run = 0; run < timeline.runs(); run++) {
            for (long t = timeline.starts()[run]; t < timeline.endOf(run); t++) {
                states.add(timeline.states()[run]);
            }
        }
        return states;
    }

    // ---- the naive model

    private static List<StepState> naive(WindowFacts facts, int index) {
        StepFacts step = facts.steps().get(index);
        List<StepState> states = states(step);
        int place = facts.definition().stepOrder().indexOf(step.stepId());
        if (place < 0) {
            return states;
        }
        long first = states.isEmpty() ? 0 : step.timeline().starts()[0];
        for (int i = 0; i < states.size(); i++) {
            if (states.get(i) != IDLE) {
                continue;
            }
            long t = first + i;
            boolean starved = imposed(facts, place, -1, t);
            boolean blocked = imposed(facts, place, 1, t);
            if (starved && blocked) {
                long a = t;
                long b = t;
                while (imposed(facts, place, -1, a - 1)) {
                    a--;
                }
                while (imposed(facts, place, 1, b - 1)) {
                    b--;
                }
                states.set(i, a <= b ? STARVED : BLOCKED);
            } else if (starved || blocked) {
                states.set(i, starved ? STARVED : BLOCKED);
            }
        }
        return states;
    }

    /** Whether the neighbour at that side makes the step wait at t, if it is idle. */
    private static boolean imposed(WindowFacts facts, int place, int side, long t) {
        List<String> order = facts.definition().stepOrder();
        int next = place + side;
        if (next < 0 || next >= order.size()) {
            return false;
        }
        StepFacts neighbour = find(facts, order.get(next));
        StepFacts own = find(facts, order.get(place));
        int places = facts.definition().waiting().placesAfter(order.get(Math.min(place, next)));
        Long cycle = places == 0 ? Long.valueOf(0) : cycle(facts, own);
        if (cycle == null || !inWindow(neighbour.timeline(), t)) {
            return false;
        }
        StepState as = side < 0 ? STARVED : BLOCKED;
        List<StepState> stands = List.of(DOWN, SETUP, PLANNED_STOP, as);
        StepState now = Objects.requireNonNull(stateAt(neighbour.timeline(), t));
        if (!stands.contains(now) && !(now == IDLE && imposed(facts, next, side, t))) {
            return false;
        }
        for (long at = t - places * cycle / 1_000; at <= t; at++) {
            StepState state = stateAt(neighbour.timeline(), at);
            if (state == null || (state != IDLE && !stands.contains(state))) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable Long cycle(WindowFacts facts, StepFacts step) {
        Map<String, Long> known = facts.definition().idealCycleMicros().getOrDefault(step.stepId(), Map.of());
        long[] stated = step.parts().stream()
                .filter(parts -> parts.processed() > 0)
                .mapToLong(parts -> parts.statedIdealCycleMicros() != TelemetryEvent.ABSENT
                        ? parts.statedIdealCycleMicros()
                        : known.getOrDefault(String.valueOf(parts.product()), Long.MAX_VALUE))
                .filter(ideal -> ideal != Long.MAX_VALUE)
                .toArray();
        if (stated.length > 0) {
            return Arrays.stream(stated).min().getAsLong();
        }
        if (!known.isEmpty()) {
            return known.values().stream().mapToLong(Long::longValue).min().getAsLong();
        }
        long parts =
                step.parts().stream().mapToLong(StepFacts.PartCounts::processed).sum();
        long running = states(step).stream().filter(RUNNING::equals).count();
        return parts > 0 && running > 0 ? running * 1_000 / parts : null;
    }

    private static boolean inWindow(Timeline timeline, long t) {
        return timeline.runs() > 0 && t >= timeline.starts()[0] && t < timeline.end();
    }

    private static @Nullable StepState stateAt(Timeline timeline, long t) {
        if (timeline.runs() == 0 || t < timeline.firstStateSince() || t >= timeline.end()) {
            return null;
        }
        int run = 0;
        while (run + 1 < timeline.runs() && timeline.starts()[run + 1] <= t) {
            run++;
        }
        return timeline.states()[run];
    }
}
