package io.processoptimizer.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.StepState;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SerialLineFuzzTest {

    private static final long HORIZON = 1_500;
    private static final long START = 1_767_225_600_000L;
    private static final int LINES = 150;

    @Test
    void recursionsAgreeWithAPlayedLineInEveryMillisecond() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, false);
            NaiveLine naive = new NaiveLine(spec, seed);
            naive.play(HORIZON);
            LineTape tape = new LineTape();
            new SerialLine(spec, seed, START).advanceTo(START + HORIZON, tape);

            for (int step = 0; step < spec.steps().size(); step++) {
                assertThat(tape.perMillisecond(step, START, START + HORIZON))
                        .as("states, seed %d step %d", seed, step)
                        .isEqualTo(naive.states(step));
                assertThat(tape.parts(step).stream()
                                .map(p -> new NaiveLine.Done(p.at() - START, p.product(), p.outcome())))
                        .as("parts, seed %d step %d", seed, step)
                        .containsExactlyElementsOf(naive.done(step));
            }
        }
    }

    @Test
    void inABreakEverythingPausesAndThenGoesOn() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, true);
            NaiveLine naive = new NaiveLine(spec, seed);
            naive.play(HORIZON);
            LineTape tape = new LineTape();
            new SerialLine(spec, seed, START).advanceTo(START + HORIZON, tape);

            for (int step = 0; step < spec.steps().size(); step++) {
                List<StepState> expected = new ArrayList<>();
                int worked = 0;
                for (long t = 0; t < HORIZON; t++) {
                    LineSpec.Breaks breaks = spec.breaks();
                    boolean paused = t >= breaks.firstMillis()
                            && (t - breaks.firstMillis()) % breaks.everyMillis() < breaks.lengthMillis();
                    expected.add(
                            paused ? StepState.PLANNED_STOP : naive.states(step).get(worked));
                    worked += paused ? 0 : 1;
                }
                assertThat(tape.perMillisecond(step, START, START + HORIZON))
                        .as("states, seed %d step %d", seed, step)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void timelinesStartAtOnceAndNeverTellTwoStatesForOneInstant() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, seed % 2 == 0);
            LineTape tape = new LineTape();
            new SerialLine(spec, seed, START).advanceTo(START + HORIZON, tape);

            assertThat(tape.times).as("event-time order, seed %d", seed).isSorted();
            for (int step = 0; step < spec.steps().size(); step++) {
                List<LineTape.Change> changes = tape.changes(step);
                assertThat(changes.get(0).at()).as("start, seed %d", seed).isEqualTo(START);
                for (int i = 1; i < changes.size(); i++) {
                    assertThat(changes.get(i).at())
                            .as("seed %d step %d", seed, step)
                            .isGreaterThan(changes.get(i - 1).at());
                    assertThat(changes.get(i).state())
                            .as(
                                    "seed %d step %d at %d",
                                    seed, step, changes.get(i).at())
                            .isNotEqualTo(changes.get(i - 1).state());
                }
            }
        }
    }

    @Test
    void theStepsInWhichALineIsAdvancedDoNotMatter() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, seed % 2 == 0);
            LineTape whole = new LineTape();
            new SerialLine(spec, seed, START).advanceTo(START + HORIZON, whole);

            LineTape pieces = new LineTape();
            SerialLine line = new SerialLine(spec, seed, START);
            SplittableRandom random = new SplittableRandom(seed);
            for (long t = START; t < START + HORIZON; t += random.nextInt(20)) {
                line.advanceTo(t, pieces);
                if (!pieces.times.isEmpty()) {
                    assertThat(pieces.times.get(pieces.times.size() - 1))
                            .as("nothing from the future, seed %d", seed)
                            .isLessThan(t);
                }
            }
            line.advanceTo(START + HORIZON, pieces);

            for (int step = 0; step < spec.steps().size(); step++) {
                assertThat(pieces.changes(step)).as("seed %d", seed).isEqualTo(whole.changes(step));
                assertThat(pieces.parts(step)).as("seed %d", seed).isEqualTo(whole.parts(step));
            }
        }
    }

    @Test
    void partsAreConservedAndNoBufferOverflows() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, true);
            LineTape tape = new LineTape();
            new SerialLine(spec, seed, START).advanceTo(START + 20 * HORIZON, tape);

            for (int step = 1; step < spec.steps().size(); step++) {
                long in = tape.parts(step - 1).stream()
                        .filter(p -> p.outcome() == SerialLine.Outcome.GOOD)
                        .count();
                long out = tape.parts(step).size();
                // On their way: the held part before, the buffer, the part being worked on.
                int between = 1 + spec.steps().get(step - 1).bufferAfter() + 1;
                assertThat(in - out).as("seed %d step %d", seed, step).isBetween(0L, (long) between);
            }
        }
    }

    @Test
    void memoryIsBoundedByThePartsOnTheLine() {
        for (long seed = 1; seed <= LINES; seed++) {
            LineSpec spec = randomLine(seed, true);
            SerialLine line = new SerialLine(spec, seed, START);
            line.advanceTo(START + 100 * HORIZON, new LineTape());
            int partsOnTheLine =
                    spec.steps().stream().mapToInt(s -> s.bufferAfter() + 2).sum();
            // Seven events a part, doubled by the growth of the queue.
            assertThat(line.queueSlots()).as("seed %d", seed).isLessThanOrEqualTo(2 * 7 * partsOnTheLine + 16);
        }
    }

    /** One to four quick stations with everything that can happen to them. */
    static LineSpec randomLine(long seed, boolean withBreaks) {
        SplittableRandom random = new SplittableRandom(seed * 7919);
        int count = 1 + random.nextInt(4);
        List<StepSpec> steps = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            steps.add(new StepSpec(
                    "step" + i,
                    new StepSpec.Cycle(1 + random.nextInt(9_000), random.nextDouble() * 2, random.nextDouble()),
                    new StepSpec.Stops(
                            random.nextBoolean() ? 0 : 1 + random.nextInt(20),
                            random.nextInt(40),
                            random.nextBoolean() ? 0 : 1 + random.nextInt(8),
                            random.nextInt(9)),
                    new StepSpec.Quality(random.nextDouble() * 0.3, random.nextDouble(), random.nextInt(4), 20),
                    StepSpec.Power.NONE,
                    random.nextLong(3) * 10,
                    random.nextInt(4)));
        }
        int batch = 1 + random.nextInt(20);
        LineSpec.Breaks breaks =
                withBreaks ? new LineSpec.Breaks(1 + random.nextInt(200), 150, 40) : LineSpec.Breaks.NONE;
        return new LineSpec(
                "LINE",
                steps,
                List.of(new LineSpec.Product("A", 1), new LineSpec.Product("B", 1.3)),
                batch,
                1 + random.nextInt(batch),
                breaks);
    }
}
