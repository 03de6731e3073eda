package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.processoptimizer.kinesis.ShardProgress.LeftToOthers;
import org.junit.jupiter.api.Test;

class ShardProgressTest {
    private static final long MINUTE = 60_000;

    private final ShardProgress progress = new ShardProgress();

    @Test
    void eachShardThatIsLeftToOthersIsSaidOnceAMinute() {
        assertThat(progress.leftToOthers("b", "c1", MINUTE)).isTrue();
        assertThat(progress.leftToOthers("a", "c1", MINUTE)).isTrue();
        assertThat(progress.leftToOthers("b", "c1", MINUTE + 30_000)).isFalse();
        assertThat(progress.leftToOthers("b", "c1", 2 * MINUTE)).isTrue();
        assertThat(progress.leftToOthers(2 * MINUTE))
                .extracting(LeftToOthers::shardId, LeftToOthers::configuration)
                .containsExactly(tuple("a", "c1"), tuple("b", "c1"));
    }

    @Test
    void aShardThatIsTakenOrDoesNotComeByAnyMoreIsNoLongerLeft() {
        progress.leftToOthers("a", "c1", MINUTE);
        progress.leftToOthers("b", "c1", MINUTE);
        progress.taken("a");
        assertThat(progress.leftToOthers(2 * MINUTE))
                .extracting(LeftToOthers::shardId)
                .containsExactly("b");
        assertThat(progress.leftToOthers(10 * MINUTE)).isEmpty();
    }
}
