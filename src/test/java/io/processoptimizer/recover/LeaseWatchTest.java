package io.processoptimizer.recover;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.kinesis.LeaseRows;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LeaseWatchTest {
    private final LeaseWatch watch = new LeaseWatch();

    @Test
    void aLeaseThatWasSeenOnceHasStoodStillForNoTimeAndIsNotCalledRenewed() {
        observe(0, 5, null);
        assertThat(age(0).stillMillis()).isZero();
        assertThat(age(0).isRenewed(10_000)).isFalse();
        assertThat(age(7_000).stillMillis()).isEqualTo(7_000);
    }

    @Test
    void aLeaseThatMovedIsRenewedUntilItHasStoodStillForTooLong() {
        observe(0, 5, null);
        observe(3_000, 6, null);
        observe(5_000, 6, null);
        assertThat(age(5_000).isRenewed(10_000)).isTrue();
        assertThat(age(5_000).stillMillis()).isEqualTo(2_000);
        assertThat(age(13_000).isRenewed(10_000)).isFalse();
    }

    @Test
    void aHandoverIsTimedFromWhereItWasFirstSeen() {
        observe(0, 5, null);
        observe(1_000, 5, "worker-2");
        observe(4_000, 6, "worker-2");
        assertThat(age(5_000).handingOverMillis()).isEqualTo(4_000);
        observe(6_000, 7, "worker-3");
        assertThat(age(6_000).handingOverMillis()).isZero();
    }

    @Test
    void aLeaseThatIsGoneIsForgotten() {
        observe(0, 5, null);
        watch.observe(new LeaseRows.Rows(List.of(), List.of()), 1_000);
        assertThat(watch.age("shard-1", 1_000)).isNull();
    }

    private void observe(long millis, long counter, @Nullable String handsOver) {
        Seen shard = new Seen("shard-1");
        shard.counter = counter;
        shard.handsOver = handsOver;
        watch.observe(
                new LeaseRows.Rows(
                        List.of(Objects.requireNonNull(shard.standing().lease())), List.of()),
                millis);
    }

    private LeaseWatch.Age age(long millis) {
        return Objects.requireNonNull(watch.age("shard-1", millis));
    }
}
