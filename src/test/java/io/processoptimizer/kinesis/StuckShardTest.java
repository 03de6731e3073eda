package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.kinesis.ShardProgress.Standstill;
import io.processoptimizer.kinesis.ShardProgress.Stuck;
import org.junit.jupiter.api.Test;

class StuckShardTest {
    private static final String SHARD = "shardId-000000000000";
    private static final long BOUND = 300_000;

    private final ShardProgress progress = new ShardProgress();
    private final Object tenure = new Object();

    @Test
    void aCallThatDoesNotReturnIsStuckAfterTheBound() {
        progress.begun(SHARD, tenure, 1_000);
        assertThat(progress.stuck(1_000 + BOUND, BOUND)).isEmpty();
        assertThat(progress.stuck(1_001 + BOUND, BOUND)).containsExactly(new Stuck(SHARD, Standstill.BUSY, BOUND + 1));
        progress.returned(SHARD, tenure, 1_001 + BOUND);
        assertThat(progress.stuck(1_002 + BOUND, BOUND)).isEmpty();
    }

    @Test
    void aShardThatIsNotCalledIsStuck() {
        progress.begun(SHARD, tenure, 1_000);
        progress.returned(SHARD, tenure, 1_000);
        assertThat(progress.stuck(1_001 + BOUND, BOUND))
                .containsExactly(new Stuck(SHARD, Standstill.NOT_CALLED, BOUND + 1));
    }

    @Test
    void aShardThatWasLeftIsNotStuckUnlessKclGoesOnCalling() {
        progress.begun(SHARD, tenure, 1_000);
        progress.left(SHARD, tenure, 2_000);
        assertThat(progress.stuck(2_001 + BOUND, BOUND)).isEmpty();
        progress.begun(SHARD, tenure, 2_000 + BOUND);
        assertThat(progress.stuck(2_001 + BOUND, BOUND))
                .containsExactly(new Stuck(SHARD, Standstill.STOPPED, BOUND + 1));
        Object next = new Object();
        progress.begun(SHARD, next, 2_001 + BOUND);
        assertThat(progress.stuck(2_002 + BOUND, BOUND)).isEmpty();
        assertThat(progress.shards().get(0).isHeld()).isTrue();
    }

    @Test
    void theEndOfAnEarlierTenureDoesNotTouchTheNext() {
        progress.begun(SHARD, tenure, 1_000);
        progress.seen(SHARD, tenure, 5, 700);
        Object next = new Object();
        progress.begun(SHARD, next, 2_000);
        progress.left(SHARD, tenure, 3_000);
        progress.committed(SHARD, tenure, 3_000);
        ShardProgress.Entry entry = progress.shards().get(0);
        assertThat(entry.isHeld()).isTrue();
        assertThat(entry.committedMillis()).isZero();
        assertThat(entry.records()).isEqualTo(5);
    }

    @Test
    void recordsWithoutACommitAreUncommittedUntilTheNext() {
        progress.begun(SHARD, tenure, 1_000);
        assertThat(progress.shards().get(0).isUncommitted()).isFalse();
        progress.seen(SHARD, tenure, 5, 700);
        assertThat(progress.shards().get(0).isUncommitted()).isTrue();
        progress.committed(SHARD, tenure, 2_000);
        assertThat(progress.shards().get(0).isUncommitted()).isFalse();
    }
}
