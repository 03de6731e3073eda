package io.processoptimizer.recover.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PresentStatesTest {
    private final KnownShards known = new KnownShards();
    private final KnownShards.Shard shard = known.shard("a", 0).savepoints(10);

    @Test
    void aStateThatACommitHasDeletedMeanwhileIsReplacedByTheOneOfThatCommit() {
        ShardFacts seen = at(20);
        deleted(20);
        at(25);
        assertThat(minute(states().readable(seen).state())).isEqualTo("a@25");
        assertThat(states().readable(seen).savepoints()).isEqualTo(seen.savepoints());
        assertThat(minute(states().now("a"))).isEqualTo("a@25");
    }

    @Test
    void severalCommitsInARowAreFollowed() {
        ShardFacts seen = at(20);
        deleted(20);
        deleted(21);
        int[] minute = {20};
        PresentStates following =
                new PresentStates(id -> Objects.requireNonNull(at(++minute[0]).pointer()), known);
        assertThat(minute(following.readable(seen).state())).isEqualTo("a@22");
    }

    @Test
    void aDamagedStateAtWhichTheShardStillStandsStays() {
        ShardFacts seen = at(20);
        known.damage("a", 20);
        assertThat(states().readable(seen)).isSameAs(seen);
        assertThat(minute(states().now("a"))).isEqualTo("a@20");
    }

    @Test
    void aShardWithoutAPointerStaysAsItIs() {
        ShardFacts seen = shard.neverOurs().at(20).facts();
        assertThat(states().readable(seen)).isSameAs(seen);
        assertThat(states().now("a")).isNull();
    }

    private ShardFacts at(int minute) {
        return shard.at(minute).facts();
    }

    private void deleted(int minute) {
        known.damage("a", minute);
    }

    private PresentStates states() {
        return new PresentStates(this::pointer, known);
    }

    private @Nullable ShardPointer pointer(String shardId) {
        return shard.facts().pointer();
    }

    private static String minute(@Nullable Snapshot state) {
        return Objects.requireNonNull(state).id();
    }
}
