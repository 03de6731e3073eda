package io.processoptimizer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ThroughputGainTest {

    private static final long SEED = 42;

    @Test
    void theSlowestOfSteadyStepsIsTheBottleneckAndGainsWhatItSavesItself() {
        ThroughputGain gain =
                ThroughputGain.of(line(StepSpec.Stops.NONE, -1, 1_000, 1_000, 1_500, 1_200), SEED, 10_000, 0.95);

        assertThat(gain.bottleneck()).isEqualTo(2);
        assertThat(gain.gains().get(2)).isCloseTo(1 / 0.95 - 1, within(0.001));
        assertThat(gain.gains().get(0)).isCloseTo(0, within(0.001));
        assertThat(gain.gains().get(3)).isCloseTo(0, within(0.001));
    }

    @Test
    void aBreakingStepIsTheBottleneckThoughItsCycleIsNotTheLongest() {
        StepSpec.Stops poor = new StepSpec.Stops(50, 60_000, 0, 0);
        ThroughputGain gain = ThroughputGain.of(line(poor, 1, 1_000, 950, 1_000, 900), SEED, 20_000, 0.95);

        assertThat(gain.bottleneck()).isEqualTo(1);
    }

    @Test
    void commonRandomNumbersLeaveNoGainWhereNothingIsShortened() {
        LineSpec line = Plant.lines(SimulationOptions.startingAt(Instant.EPOCH)
                        .withSeed(SEED)
                        .withProcesses(1))
                .get(0);

        assertThat(ThroughputGain.of(line, SEED, 2_000, 1).gains()).containsOnly(0.0);
        assertThat(ThroughputGain.of(line, SEED, 2_000, 0.95).gains()).allMatch(g -> g > -0.0005);
    }

    @Test
    void noPartsAreRefused() {
        LineSpec line = Plant.lines(SimulationOptions.startingAt(Instant.EPOCH)
                        .withSeed(SEED)
                        .withProcesses(1))
                .get(0);

        assertThatThrownBy(() -> ThroughputGain.of(line, SEED, 0, 0.95))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("parts is 0");
    }

    private static LineSpec line(StepSpec.Stops stops, int stopping, long... cycleMillis) {
        List<StepSpec> steps = new ArrayList<>();
        for (int i = 0; i < cycleMillis.length; i++) {
            steps.add(new StepSpec(
                    "s" + i,
                    new StepSpec.Cycle(cycleMillis[i] * 1_000, 0, 0),
                    i == stopping ? stops : StepSpec.Stops.NONE,
                    StepSpec.Quality.PERFECT,
                    StepSpec.Power.NONE,
                    0,
                    3));
        }
        return new LineSpec("LINE", steps, List.of(new LineSpec.Product("A", 1)), 100, 100, LineSpec.Breaks.NONE);
    }
}
