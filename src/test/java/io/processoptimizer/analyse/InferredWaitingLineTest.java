package io.processoptimizer.analyse;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.event.WaitingRule;
import io.processoptimizer.simulate.Factory;
import io.processoptimizer.simulate.LineSpec;
import io.processoptimizer.simulate.SerialLine;
import io.processoptimizer.simulate.SimulationOptions;
import io.processoptimizer.simulate.StepSpec;
import io.processoptimizer.window.StepFacts;
import io.processoptimizer.window.StepFacts.PartCounts;
import io.processoptimizer.window.StepFacts.Timeline;
import io.processoptimizer.window.WindowFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * How well waiting is inferred: simulated lines whose STARVED and BLOCKED are told as IDLE, against what they truly were, millisecond by
 * millisecond, in windows of five minutes. What no stop explains, the waits for a slow neighbour that runs, stays IDLE by design.
 */
class InferredWaitingLineTest {
    private static final long SEED = Long.getLong("waiting.seed", 5);
    private static final long START = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();
    private static final long HOURS = 24;
    private static final long WINDOW = 300_000;

    /** Milliseconds by what was true. */
    private static final class Score {
        long starved;
        long starvedFound;
        long blocked;
        long blockedFound;
        long wrong;
        int windows;
        int sameConstraint;
        int sameUninferred;

        void add(Score other) {
            starved += other.starved;
            starvedFound += other.starvedFound;
            blocked += other.blocked;
            blockedFound += other.blockedFound;
            wrong += other.wrong;
            windows += other.windows;
            sameConstraint += other.sameConstraint;
            sameUninferred += other.sameUninferred;
        }

        /** Which step is named with what is inferred, and from idle time alone, where the machines' own words name one. */
        void addConstraints(WindowFacts stated, WindowFacts idle) {
            String named = constraint(stated);
            if (named != null) {
                windows++;
                sameConstraint += named.equals(constraint(idle)) ? 1 : 0;
                WindowFacts uninferred =
                        Definitions.inForce(idle, idle.definition().withWaiting(WaitingRule.STATED));
                sameUninferred += named.equals(constraint(uninferred)) ? 1 : 0;
            }
        }

        void add(StepState truth, StepState told, long millis) {
            starved += truth == StepState.STARVED ? millis : 0;
            blocked += truth == StepState.BLOCKED ? millis : 0;
            if (told == StepState.STARVED || told == StepState.BLOCKED) {
                starvedFound += truth == told && truth == StepState.STARVED ? millis : 0;
                blockedFound += truth == told && truth == StepState.BLOCKED ? millis : 0;
                wrong += truth == told ? 0 : millis;
            }
        }

        double recall() {
            return (double) (starvedFound + blockedFound) / (starved + blocked);
        }

        double precision() {
            return (double) (starvedFound + blockedFound) / (starvedFound + blockedFound + wrong);
        }

        @Override
        public String toString() {
            return String.format(
                    Locale.ROOT,
                    "found %.3f of the waiting (starved %.3f, blocked %.3f); of what is inferred %.4f is right; the constraint as"
                            + " stated in %.3f of %d windows, without it in %.3f",
                    recall(),
                    (double) starvedFound / starved,
                    (double) blockedFound / blocked,
                    precision(),
                    (double) sameConstraint / windows,
                    windows,
                    (double) sameUninferred / windows);
        }
    }

    private static @Nullable String constraint(WindowFacts facts) {
        return WindowAnalyser.analyse(facts).constraint().stepId();
    }

    /** What a line did. */
    private static final class Tape implements SerialLine.Observer {
        final List<List<Long>> times = new ArrayList<>();
        final List<List<StepState>> states = new ArrayList<>();
        final List<List<Long>> parts = new ArrayList<>();

        Tape(int steps) {
            for (int i = 0; i < steps; i++) {
                times.add(new ArrayList<>());
                states.add(new ArrayList<>());
                parts.add(new ArrayList<>());
            }
        }

        @Override
        public void state(int step, long atMillis, StepState state, SerialLine.Cause cause, int product) {
            times.get(step).add(atMillis);
            states.get(step).add(state);
        }

        @Override
        public void part(int step, long atMillis, int product, SerialLine.Outcome outcome, long processingMillis) {
            parts.get(step).add(atMillis);
        }

        StepFacts facts(String stepId, int step, long start, long end, boolean asIdle) {
            long made = parts.get(step).stream()
                    .filter(at -> at >= start && at < end)
                    .count();
            return new StepFacts(
                    stepId,
                    timeline(step, start, end, asIdle),
                    made == 0 ? List.of() : List.of(new PartCounts(null, TelemetryEvent.ABSENT, made, 0, 0, 0)),
                    0,
                    0,
                    0,
                    null,
                    null);
        }

        /** The runs of {@code [start, end)}, waiting told as idle or as it was. */
        Timeline timeline(int step, long start, long end, boolean asIdle) {
            List<Long> starts = new ArrayList<>();
            List<StepState> told = new ArrayList<>();
            long since = start;
            List<Long> at = times.get(step);
            for (int i = 0; i < at.size() && at.get(i) < end; i++) {
                long until = i + 1 < at.size() ? at.get(i + 1) : Long.MAX_VALUE;
                StepState state = states.get(step).get(i);
                boolean waits = state == StepState.STARVED || state == StepState.BLOCKED;
                StepState shown = waits && asIdle ? StepState.IDLE : state;
                if (until <= start || until == at.get(i)) {
                    continue;
                }
                if (told.isEmpty()) {
                    since = Math.min(start, at.get(i));
                    starts.add(start);
                    told.add(shown);
                } else if (told.get(told.size() - 1) != shown) {
                    starts.add(at.get(i));
                    told.add(shown);
                }
            }
            return new Timeline(
                    starts.stream().mapToLong(Long::longValue).toArray(),
                    told.toArray(StepState[]::new),
                    end,
                    since,
                    start,
                    false);
        }
    }

    private static Score score(LineSpec line, long seed) {
        Tape tape = new Tape(line.steps().size());
        long end = START + HOURS * 3_600_000;
        new SerialLine(line, seed, START).advanceTo(end, tape);
        List<String> order = line.steps().stream().map(StepSpec::id).toList();
        Map<String, Map<String, Long>> ideal = new HashMap<>();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < order.size(); i++) {
            ideal.put(order.get(i), Map.of("*", line.idealMicros(i, 0)));
            places.put(order.get(i), line.steps().get(i).bufferAfter());
        }
        ProcessDefinition definition =
                Definitions.of(order, null, null, 300_000, ideal).withWaiting(new WaitingRule(true, places));
        Score score = new Score();
        // The first hour fills the line.
        for (long start = START + 3_600_000; start < end; start += WINDOW) {
            List<StepFacts> idle = new ArrayList<>();
            List<StepFacts> stated = new ArrayList<>();
            for (int i = 0; i < order.size(); i++) {
                idle.add(tape.facts(order.get(i), i, start, start + WINDOW, true));
                stated.add(tape.facts(order.get(i), i, start, start + WINDOW, false));
            }
            WindowFacts facts = new WindowFacts("P", "w", start, start + WINDOW, definition, idle, null);
            WindowFacts told = WindowAnalyser.told(facts);
            score.addConstraints(new WindowFacts("P", "w", start, start + WINDOW, definition, stated, null), facts);
            for (int i = 0; i < order.size(); i++) {
                compare(stated.get(i).timeline(), told.steps().get(i).timeline(), score);
            }
        }
        return score;
    }

    private static void compare(Timeline truth, Timeline told, Score score) {
        int t = 0;
        int k = 0;
        long at = truth.starts()[0];
        while (at < truth.end()) {
            long until = Math.min(truth.endOf(t), told.endOf(k));
            score.add(truth.states()[t], told.states()[k], until - at);
            t += truth.endOf(t) == until ? 1 : 0;
            k += told.endOf(k) == until ? 1 : 0;
            at = until;
        }
    }

    /** Steps alike that fail often, with little between them: a stop is what makes others wait. */
    private static LineSpec failing(int buffer) {
        List<StepSpec> steps = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            steps.add(new StepSpec(
                    "step" + i,
                    new StepSpec.Cycle(2_000_000, 0.02, 0.2),
                    new StepSpec.Stops(400, 120_000, 1_000, 20_000),
                    new StepSpec.Quality(0, 0, 1, 1),
                    new StepSpec.Power(1, 1, 1),
                    0,
                    buffer));
        }
        return new LineSpec(
                "P", steps, List.of(new LineSpec.Product("A", 1)), 1_000_000, 1_000_000, LineSpec.Breaks.NONE);
    }

    @Test
    void whereStopsMakeALineWaitMostOfItIsFound() {
        for (int buffer : new int[] {0, 5, 20}) {
            Score score = score(failing(buffer), SEED);
            assertThat(score.recall()).isGreaterThan(buffer > 10 ? 0.65 : 0.9);
            assertThat(score.precision()).isGreaterThan(0.98);
            System.out.println("steps alike with stops, buffers of " + buffer + ", seed " + SEED + ": " + score);
        }
    }

    @Test
    void onLinesWithASlowStepWhatIsInferredIsRight() {
        Factory factory = Factory.of(SimulationOptions.startingAt(Instant.ofEpochMilli(START))
                .withSeed(SEED)
                .withProcesses(8));
        Score all = new Score();
        for (LineSpec line : factory.lines()) {
            all.add(score(line, SEED));
        }
        System.out.println("eight lines of the simulated factory, seed " + SEED + ": " + all);
        assertThat(all.recall()).isGreaterThan(0.5);
        assertThat(all.precision()).isGreaterThan(0.98);
        assertThat(all.sameConstraint).isGreaterThan(all.sameUninferred);
    }
}
