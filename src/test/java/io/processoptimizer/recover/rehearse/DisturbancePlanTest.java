package io.processoptimizer.recover.rehearse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.recover.rehearse.Disturbance.Kill;
import io.processoptimizer.recover.rehearse.Disturbance.Kind;
import io.processoptimizer.recover.rehearse.Disturbance.Reshard;
import io.processoptimizer.recover.rehearse.Disturbance.SinkFault;
import io.processoptimizer.recover.rehearse.Disturbance.Stop;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DisturbancePlanTest {
    private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);

    @Test
    void sameSeedGivesTheSamePlanAndAnotherSeedAnother() {
        assertThat(DisturbancePlan.of(7, 20, ALL)).isEqualTo(DisturbancePlan.of(7, 20, ALL));
        assertThat(DisturbancePlan.of(7, 20, ALL).steps())
                .isNotEqualTo(DisturbancePlan.of(8, 20, ALL).steps());
    }

    @Test
    void ofFourTwoAreKillsOneAStopAndOneAFault() {
        for (long seed = 0; seed < 100; seed++) {
            DisturbancePlan plan = DisturbancePlan.of(seed, 12, EnumSet.of(Kind.KILL, Kind.STOP, Kind.FAULT));
            assertThat(count(plan, Kill.class)).as("seed %d", seed).isEqualTo(6);
            assertThat(count(plan, Stop.class)).as("seed %d", seed).isEqualTo(3);
            assertThat(count(plan, SinkFault.class)).as("seed %d", seed).isEqualTo(3);
        }
    }

    @Test
    void reshardsGoUpAtAThirdAndDownAtTwoThirds() {
        List<DisturbancePlan.Step> steps = DisturbancePlan.of(1, 20, ALL).steps();

        assertThat(steps).hasSize(20);
        assertThat(steps.get(6).what()).isEqualTo(new Reshard(6));
        assertThat(steps.get(13).what()).isEqualTo(new Reshard(4));
        assertThat(count(DisturbancePlan.of(1, 20, ALL), Reshard.class)).isEqualTo(2);
    }

    @Test
    void whatIsNotWantedIsNotDealt() {
        assertThat(DisturbancePlan.of(3, 9, EnumSet.of(Kind.KILL)).steps())
                .hasSize(9)
                .allMatch(step -> step.what() instanceof Kill);
        assertThatThrownBy(() -> DisturbancePlan.of(3, 9, EnumSet.of(Kind.RESHARD)))
                .hasMessageContaining("kills, stops or faults");
    }

    private static long count(DisturbancePlan plan, Class<? extends Disturbance> type) {
        return plan.steps().stream()
                .filter(step -> type.isInstance(step.what()))
                .count();
    }
}
