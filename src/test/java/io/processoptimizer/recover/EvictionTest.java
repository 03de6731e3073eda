package io.processoptimizer.recover;

import static io.processoptimizer.recover.Seen.EXPECTED;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.checkpoint.Snapshot;
import org.junit.jupiter.api.Test;

class EvictionTest {
    private final Seen shard = new Seen("shard-1");

    @Test
    void aLeaseThatDoesNotMoveIsFreed() {
        shard.still(11_000);
        Eviction plan = plan(false);
        assertThat(plan.refusal()).isNull();
        assertThat(plan.counter()).isEqualTo(501);
        assertThat(plan.found()).isEqualTo("is held by worker-1; the lease has not moved for at least 11s");
        assertThat(plan.effect()).contains("worker-1 loses the shard");
    }

    @Test
    void aLeaseThatIsRenewedIsRefusedUnlessForced() {
        assertThat(plan(false).refusal()).contains("its worker is alive", "--force");
        assertThat(plan(true).refusal()).isNull();
    }

    @Test
    void theCounterIsLiftedAboveTheEpochUnderWhichTheStateIsHeld() {
        shard.still(11_000);
        shard.epoch = 900;
        assertThat(plan(false).counter()).isEqualTo(901);
    }

    @Test
    void whatNobodyHoldsIsNotFreed() {
        shard.owner = null;
        assertThat(plan(true).refusal()).contains("a worker takes it by itself");
        shard.epoch = 900;
        shard.still(11_000);
        assertThat(plan(false).refusal()).as("but its state is held").isNull();
    }

    @Test
    void aStuckHandoverIsFreed() {
        shard.owner = "worker-1";
        shard.handsOver = "worker-2";
        shard.still(11_000);
        assertThat(plan(false).found()).contains("handed over from worker-2 to worker-1");
        assertThat(plan(false).effect()).contains("worker-2 loses the shard");
    }

    @Test
    void aFinishedShardAndOneWithoutLeaseAreRefused() {
        shard.ended("shard-2");
        assertThat(plan(true).refusal()).contains("nothing is to be done");
        shard.hasLease = false;
        assertThat(plan(true).refusal()).contains("nothing holds it");
    }

    @Test
    void anOperationThatMovesLeasesIsNotDisturbed() {
        shard.still(11_000);
        Eviction plan =
                Eviction.of(shard.standing(), new Sighting.Operation("r7", "ann", 0, "moving"), EXPECTED, false);
        assertThat(plan.refusal()).contains("operation r7 of ann");
    }

    @Test
    void aSavepointIsDeletedUnlessSomethingNeedsIt() {
        Snapshot savepoint = new Snapshot("id-1", null, 1, 1, 1);
        assertThat(Deletion.refusal(savepoint, false, null)).isNull();
        assertThat(Deletion.refusal(savepoint, true, null)).contains("where the shard stands");
        assertThat(Deletion.refusal(savepoint.labelled("audit"), false, null)).contains("'audit'", "release id-1");
        assertThat(Deletion.refusal(savepoint, false, new Sighting.Operation("r7", "ann", 0, "moving")))
                .contains("r7 of ann", "--resume");
    }

    private Eviction plan(boolean force) {
        return Eviction.of(shard.standing(), null, EXPECTED, force);
    }
}
