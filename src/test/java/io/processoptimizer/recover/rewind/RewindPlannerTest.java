package io.processoptimizer.recover.rewind;

import static io.processoptimizer.recover.rewind.KnownShards.MINUTE;
import static io.processoptimizer.recover.rewind.KnownShards.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.recover.rewind.RewindPlanner.Decision;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewindPlannerTest {
    private final KnownShards known = new KnownShards();
    private boolean keptFromTheStart;

    @Test
    void eachShardGoesToItsNewestSavepointWithoutARecordOfThatTimeOrLater() throws Exception {
        known.shard("a", 0).savepoints(10, 20, 30).at(35);
        known.shard("b", 0).savepoints(12, 22, 29).at(35);
        assertThat(toMinute(30)).containsExactly("a SAVEPOINT a@20", "b SAVEPOINT b@29");
    }

    @Test
    void whatIsNoSavepointMayHaveBeenMeantAsATime() {
        known.shard("a", 0).savepoints(10).at(35);
        assertThatThrownBy(() -> plan(new RewindTarget.Savepoint("14:40")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no shard has a savepoint 14:40")
                .hasMessageContaining("2026-01-05T06:00:00Z");
    }

    @Test
    void aStateThatCannotBeReadIsPassedOverAndThatIsSaid() throws Exception {
        known.shard("a", 0).savepoints(10, 20).at(35);
        known.damage("a", 20);
        Decision decision = plan(new RewindTarget.Time(30 * MINUTE));
        assertThat(told(decision)).containsExactly("a SAVEPOINT a@10");
        assertThat(decision.notes()).anyMatch(note -> note.contains("a@20") && note.contains("cannot be read"));
        assertThatThrownBy(() -> plan(new RewindTarget.Savepoint("a@20")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("cannot be read");
    }

    @Test
    void aSavepointThatTheShardHasNotReachedAgainIsRefused() {
        known.shard("a", 0).savepoints(10, 20, 30).at(25);
        assertThatThrownBy(() -> plan(new RewindTarget.Savepoint("a@30")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("a@30")
                .hasMessageContaining("--undo");
    }

    @Test
    void theParentGoesBackWhereTheTargetLiesBeforeASplit() throws Exception {
        known.shard("p", 0).savepoints(10, 20).retired(30);
        known.shard("l", 30, "p").savepoints(31).at(40);
        known.shard("r", 30, "p").savepoints(32).at(40);
        assertThat(toMinute(25)).containsExactly("p SAVEPOINT p@20", "l FROM_PARENTS", "r FROM_PARENTS");
        assertThat(toMinute(35)).containsExactly("l SAVEPOINT l@31", "r SAVEPOINT r@32");
    }

    @Test
    void aChildWithoutAStateOfItsOwnPullsTheOtherChildAlong() throws Exception {
        known.shard("p", 0).savepoints(10, 20).retired(30);
        known.shard("l", 30, "p").savepoints(31).at(40);
        known.shard("r", 30, "p").savepoints(36).at(40);
        assertThat(toMinute(34)).containsExactly("p SAVEPOINT p@20", "l FROM_PARENTS", "r FROM_PARENTS");
    }

    @Test
    void theLastStateOfAParentIsGoneOnFromWhereItIsStillThere() throws Exception {
        known.shard("p", 0).savepoints(10).sealed(30);
        known.shard("l", 30, "p").savepoints(36).at(40);
        assertThat(toMinute(33)).containsExactly("p SAVEPOINT p@30", "l FROM_PARENTS");
    }

    @Test
    void theChildOfAMergeBringsBothParents() throws Exception {
        known.shard("a", 0).savepoints(10, 20).retired(30);
        known.shard("b", 0).savepoints(12, 22).retired(30);
        known.shard("c", 30, "a", "b").savepoints(31).at(40);
        known.shard("z", 0).savepoints(10).at(40);
        assertThat(toMinute(25, "c")).containsExactly("a SAVEPOINT a@20", "b SAVEPOINT b@22", "c FROM_PARENTS");
        assertThat(told(plan(new RewindTarget.Savepoint("a@10"))))
                .containsExactly("a SAVEPOINT a@10", "b SAVEPOINT b@22", "c FROM_PARENTS");
    }

    @Test
    void aSplitOfASplitGoesBackToTheRoot() throws Exception {
        known.shard("p", 0).savepoints(10).retired(20);
        known.shard("l", 20, "p").savepoints(21).retired(30);
        known.shard("r", 20, "p").savepoints(22).at(40);
        known.shard("ll", 30, "l").savepoints(31).at(40);
        known.shard("lr", 30, "l").savepoints(31).at(40);
        assertThat(toMinute(15))
                .containsExactly(
                        "p SAVEPOINT p@10", "l FROM_PARENTS", "r FROM_PARENTS", "ll FROM_PARENTS", "lr FROM_PARENTS");
        assertThat(toMinute(25))
                .containsExactly("l SAVEPOINT l@21", "r SAVEPOINT r@22", "ll FROM_PARENTS", "lr FROM_PARENTS");
        assertThat(toMinute(25, "lr")).containsExactly("l SAVEPOINT l@21", "ll FROM_PARENTS", "lr FROM_PARENTS");
    }

    @Test
    void parentsWhoseLeaseIsDeletedGoBackAllTheSame() throws Exception {
        known.shard("p", 0).savepoints(10, 20).retired(30).withoutLease();
        known.shard("l", 30, "p").savepoints(31).at(40);
        assertThat(toMinute(25)).containsExactly("p SAVEPOINT p@20", "l FROM_PARENTS");
    }

    @Test
    void withoutAnyStateBeforeTheTargetAllThatTheStreamKeepsIsRead() throws Exception {
        known.shard("a", 0).savepoints(30).at(40);
        Decision decision = plan(new RewindTarget.Time(25 * MINUTE));
        assertThat(told(decision)).containsExactly("a WITHOUT_STATE");
        assertThat(decision.notes()).anyMatch(note -> note.contains("all that the stream keeps"));
    }

    @Test
    void aParentSealedWithoutAnyStateIsReadWithoutOneAndItsChildTakesOverFromIt() throws Exception {
        known.shard("p", 0).retired(30);
        known.shard("l", 30, "p").savepoints(36).at(40);
        assertThat(toMinute(33)).containsExactly("p WITHOUT_STATE", "l FROM_PARENTS");
    }

    @Test
    void aParentThatWasNeverOursIsLeftAlone() throws Exception {
        known.shard("p", 0).neverOurs();
        known.shard("l", 30, "p").savepoints(36).at(40);
        assertThat(toMinute(33)).containsExactly("l WITHOUT_STATE");
    }

    @Test
    void aParentThatTheStreamHasDeletedIsNotReadAgain() throws Exception {
        known.shard("p", 0).savepoints(10).retired(30).trimmed();
        known.shard("l", 30, "p").savepoints(36).at(40);
        assertThat(told(plan(new RewindTarget.TrimHorizon()))).containsExactly("l WITHOUT_STATE");
    }

    @Test
    void trimHorizonReadsTheWholeLineageAndNothingIsMissingWhereTheStreamKeepsAll() throws Exception {
        known.shard("p", 0).savepoints(10).retired(30);
        known.shard("l", 30, "p").savepoints(36).at(40);
        assertThat(told(plan(new RewindTarget.TrimHorizon()))).containsExactly("p WITHOUT_STATE", "l FROM_PARENTS");
        keptFromTheStart = true;
        assertThat(told(plan(new RewindTarget.TrimHorizon()))).containsExactly("p FROM_START", "l FROM_PARENTS");
    }

    @Test
    void aShardThatStandsBeforeTheTargetStays() throws Exception {
        known.shard("a", 0).savepoints(10).at(20);
        known.shard("b", 0).savepoints(10).at(40);
        Decision decision = plan(new RewindTarget.Time(30 * MINUTE));
        assertThat(told(decision)).containsExactly("b SAVEPOINT b@10");
        assertThat(decision.notes()).anyMatch(note -> note.startsWith("a stands before the target"));
    }

    @Test
    void aSequenceNumberGoesToTheNewestStateWithoutThatRecord() throws Exception {
        known.shard("a", 0).savepoints(10, 20, 30).at(40);
        assertThat(told(plan(new RewindTarget.Sequence(number(20)), "a"))).containsExactly("a SAVEPOINT a@10");
        assertThat(told(plan(new RewindTarget.Sequence(number(21)), "a"))).containsExactly("a SAVEPOINT a@20");
        known.shard("b", 0).at(40);
        assertThatThrownBy(() -> plan(new RewindTarget.Sequence(number(20))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("--shard");
    }

    @Test
    void latestNeverGoesForwardAndIsRefusedWithoutASavepoint() throws Exception {
        known.shard("a", 0).savepoints(10, 20, 60).at(40);
        assertThat(told(plan(new RewindTarget.Latest()))).containsExactly("a SAVEPOINT a@20");
        known.shard("b", 0).at(40);
        assertThatThrownBy(() -> plan(new RewindTarget.Latest()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("b has no savepoint");
    }

    @Test
    void latestIsNotTheStateThatAnEarlierRewindLeftBehind() throws Exception {
        known.shard("a", 0).savepoints(10, 20).leftBehind(35).at(40);
        assertThat(told(plan(new RewindTarget.Latest()))).containsExactly("a SAVEPOINT a@20");
        assertThat(told(plan(new RewindTarget.Savepoint("a@35")))).containsExactly("a SAVEPOINT a@35");
    }

    @Test
    void unknownShardsAndSavepointsAreRefusedWithWhatThereIs() {
        known.shard("a", 0).at(40);
        known.shard("other", 0).neverOurs();
        assertThatThrownBy(() -> plan(new RewindTarget.Latest(), "shardId-9"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("shardId-9 is not known")
                .hasMessageContaining("it has a, other");
        assertThatThrownBy(() -> plan(new RewindTarget.Latest(), "other"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("never processed");
        assertThatThrownBy(() -> plan(new RewindTarget.Savepoint("x")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no shard has a savepoint x");
    }

    private List<String> toMinute(int minute, String... shards) throws RefusedException {
        return told(plan(new RewindTarget.Time(minute * MINUTE), shards));
    }

    private Decision plan(RewindTarget target, String... shards) throws RefusedException {
        return new RewindPlanner(known.facts(), known, keptFromTheStart, target).plan(Set.of(shards));
    }

    private static List<String> told(Decision decision) {
        return decision.moves().stream()
                .map(move -> move.shardId() + " " + move.kind()
                        + (move.savepoint() != null ? " " + move.savepoint().id() : ""))
                .toList();
    }
}
