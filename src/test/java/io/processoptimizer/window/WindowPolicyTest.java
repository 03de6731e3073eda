package io.processoptimizer.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The arithmetic on event time, on both sides of the epoch. */
class WindowPolicyTest {
    private static final WindowDefinition SLIDING = new WindowDefinition("sliding", 300, 100);

    private static WindowPolicy policy(long pane, long lateness, WindowDefinition... windows) {
        return new WindowPolicy(pane, 5, lateness, 60, 10, 10_000, List.of(windows));
    }

    @Test
    void windowEndsLieOnMultiplesOfTheSlideOnBothSidesOfTheEpoch() {
        assertThat(SLIDING.firstEndAfter(0)).isEqualTo(100);
        assertThat(SLIDING.firstEndAfter(99)).isEqualTo(100);
        assertThat(SLIDING.firstEndAfter(-1)).isEqualTo(0);
        assertThat(SLIDING.firstEndAfter(-100)).isEqualTo(0);
        assertThat(SLIDING.firstEndAfter(-101)).isEqualTo(-100);
        assertThat(SLIDING.lastEndAtOrBefore(100)).isEqualTo(100);
        assertThat(SLIDING.lastEndAtOrBefore(-1)).isEqualTo(-100);
    }

    @Test
    void paneTakesFactsUntilTheWatermarkReachesItsEndPlusLateness() {
        WindowPolicy policy = policy(100, 250, SLIDING);
        assertThat(policy.isLate(99, 349)).isFalse();
        assertThat(policy.isLate(99, 350)).isTrue();
        assertThat(policy.isLate(-1, 250)).isTrue();
        assertThat(policy.isLate(-1, 249)).isFalse();
        assertThat(policy.isLate(-1, WindowPolicy.NO_WATERMARK)).isFalse();
    }

    @Test
    void everyFactThatIsNotLateIsRetained() {
        WindowPolicy policy = policy(50, 130, SLIDING, new WindowDefinition("pane", 50, 50));
        for (long watermark = -1_000; watermark < 1_000; watermark++) {
            assertThat(policy.retainedFrom(watermark)).isLessThanOrEqualTo(policy.firstOpenPane(watermark));
        }
    }

    @Test
    void retentionReachesBackToTheEarliestWindowThatAFactMayChange() {
        assertThat(policy(100, 0, SLIDING).retainedFrom(100)).isEqualTo(-100);
        assertThat(policy(100, 0, SLIDING).retainedFrom(199)).isEqualTo(-100);
        assertThat(policy(100, 0, SLIDING, new WindowDefinition("long", 1_000, 1_000))
                        .retainedFrom(199))
                .isEqualTo(-100);
        assertThat(policy(100, 0, SLIDING, new WindowDefinition("long", 1_000, 1_000))
                        .retainedFrom(999))
                .isEqualTo(0);
    }

    @Test
    void impossiblePoliciesAreRefusedWithTheirRemedy() {
        assertThatThrownBy(() -> new WindowDefinition("w", 300, 90)).hasMessageContaining("divide the size");
        assertThatThrownBy(() -> policy(60, 0, SLIDING)).hasMessageContaining("multiple of the pane");
        assertThatThrownBy(() -> policy(100, 0, SLIDING, SLIDING)).hasMessageContaining("two windows are named");
        assertThatThrownBy(() -> policy(100, 0)).hasMessageContaining("at least one window");
        assertThatThrownBy(() -> policy(100, -1, SLIDING)).hasMessageContaining("must not be negative");
    }
}
