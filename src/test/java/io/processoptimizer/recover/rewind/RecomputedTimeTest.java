package io.processoptimizer.recover.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.Supersession.Stretch;
import io.processoptimizer.pipeline.StateContents;
import io.processoptimizer.window.ProcessContents;
import io.processoptimizer.window.WindowPolicy;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RecomputedTimeTest {
    @Test
    void reachesFromWhereAProcessGoesBackToUntilWhereItStood() {
        RecomputedTime time = new RecomputedTime(WindowPolicy.DEFAULT).goesOnFrom(state("a", 100L, "b", 200L));
        assertThat(time.until(List.of(state("a", 500L), state("b", 200L, "c", 700L)), Set.of()))
                .containsExactly(new Stretch("a", "", 100, 0, 500), new Stretch("c", "", 0, 0, 700));
        assertThat(time.until(List.of(state("a", 500L, "c", 700L)), Set.of("c")))
                .containsExactly(new Stretch("c", "", 0, 0, 700));
    }

    @Test
    void withoutAStateOnlyWindowsThatBeginAfterTheLossAreReplaced() {
        RecomputedTime time = new RecomputedTime(WindowPolicy.DEFAULT).isMissingBefore(1_000_000L);
        assertThat(time.until(List.of(state("a", 5_000_000L)), Set.of()))
                .containsExactly(
                        new Stretch("a", "", 0, 1_000_000 + WindowPolicy.DEFAULT.maxFutureMillis(), 5_000_000));
    }

    private static StateContents state(Object... watermarks) {
        return new StateContents(
                0,
                Map.of(),
                Stream.iterate(0, i -> i < watermarks.length, i -> i + 2)
                        .map(i -> new ProcessContents((String) watermarks[i], (Long) watermarks[i + 1], 0, 0, 0, 0))
                        .toList());
    }
}
