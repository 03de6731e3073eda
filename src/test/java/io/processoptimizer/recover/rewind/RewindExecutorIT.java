package io.processoptimizer.recover.rewind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.LeasePlaces;
import io.processoptimizer.kinesis.LeaseTable;
import io.processoptimizer.kinesis.SettableClock;
import io.processoptimizer.kinesis.ShardLease;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import io.processoptimizer.recover.rewind.RewindOperation.Phase;
import io.processoptimizer.recover.rewind.RewindOperation.Progress;
import io.processoptimizer.recover.rewind.RewindOperation.Step;
import java.math.BigInteger;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A lineage that goes back, with the command killed before every one of its writes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class RewindExecutorIT {
    private static final String TABLE = "rewind-executor-state";
    private static final String LEASES = "rewind-executor-leases";

    /** More than there are; a run that needs none of them ends the test. */
    private static final int MOST_WRITES = 100;

    private final SettableClock clock = new SettableClock();
    private LocalAws aws;
    private AwsClients clients;
    private PointerTable store;
    private LeaseTable leases;
    private LeasePlaces places;
    private int lineages;

    @BeforeAll
    void start() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        new Tables(clients.dynamo()).createMissing(new Tables.Names("results", "advice", "dead-letters", TABLE));
        store = PointerTable.withStates(clients.dynamo(), TABLE, SavepointPolicy.DEFAULT, clock);
        leases = new LeaseTable(clients.dynamo(), LEASES);
        leases.prepare(List.of());
        places = new LeasePlaces(clients.dynamo(), LEASES);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void goneOnWithAfterDyingBeforeAnyWriteItEndsWhereItWouldHave() throws Exception {
        int died = 0;
        for (int writes = 0; writes < MOST_WRITES; writes++) {
            Lineage lineage = new Lineage();
            RewindOperation begun = lineage.begin();
            try {
                lineage.dyingAfter(writes).move(begun);
                break;
            } catch (Killed e) {
                died++;
                lineage.assertNothingCanBeReadTooEarly();
            }
            lineage.executor().move(Objects.requireNonNull(lineage.log.last()));
            lineage.assertRewound();
        }
        assertThat(died).isBetween(15, MOST_WRITES - 1);
    }

    @Test
    void takenBackAfterDyingBeforeAnyWriteEverythingIsWhereItWas() throws Exception {
        for (int writes = 0; writes < MOST_WRITES; writes++) {
            Lineage lineage = new Lineage();
            RewindOperation begun = lineage.begin();
            boolean died = false;
            try {
                lineage.dyingAfter(writes).move(begun);
            } catch (Killed e) {
                died = true;
            }
            lineage.undo();
            lineage.assertAsBefore();
            if (!died) {
                return;
            }
        }
        throw new AssertionError("it never came to its end");
    }

    @Test
    void aTenureThatIsAtWorkIsFencedAndTheNextOneMayBegin() throws Exception {
        Lineage lineage = new Lineage();
        lineage.executor().move(lineage.begin());
        assertThatThrownBy(() -> lineage.commit(lineage.left, lineage.worker(), 45))
                .isInstanceOf(io.processoptimizer.checkpoint.FencedException.class);
        long counter = Objects.requireNonNull(leases.lease(lineage.left)).counter();
        // KCL counts on when a worker takes a lease.
        ShardPointer pointer = store.claim(lineage.left, new Claim("next", counter + 1));
        assertThat(pointer.snapshot()).isNull();
        assertThat(pointer.isReset()).isTrue();
    }

    @Test
    void aCommitBetweenLookAndMoveIsTheStateBefore() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin();
        int[] writes = new int[1];
        RewindExecutor executor = lineage.executor(() -> commitBeforeTheEighth(writes, lineage));
        RewindOperation moved = executor.move(begun);
        Step left = moved.steps().get(1);
        assertThat(Objects.requireNonNull(left.until()).sequenceNumber()).isEqualTo("47");
        assertThat(Objects.requireNonNull(left.backup()).position()).isEqualTo(new RecordPosition("47", 0));
        lineage.assertRewound();
    }

    private static void commitBeforeTheEighth(int[] writes, Lineage lineage) {
        if (writes[0]++ == 7) {
            lineage.commitUnchecked(lineage.left, 47);
        }
    }

    @Test
    void aSecondOperatorIsRefusedAndToldWhatToDo() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin();
        assertThatThrownBy(() -> lineage.log.begin(lineage.operation("other", lineage.steps(), null)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining(begun.id())
                .hasMessageContaining("anna@plant")
                .hasMessageContaining("--resume")
                .hasMessageContaining("--undo");
        RewindOperation moved = lineage.executor().move(begun);
        lineage.log.save(moved.in(Phase.DONE));
        lineage.log.begin(lineage.operation("other", lineage.steps(), null));
    }

    @Test
    void theChildrenOfAShardThatEndedAfterThePlanGoBackToo() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin(List.of(lineage.steps().get(0)));
        RewindOperation moved = lineage.executor().move(begun);
        assertThat(moved.steps())
                .extracting(Step::shardId)
                .containsExactly(lineage.parent, lineage.left, lineage.right);
        lineage.assertRewound();
        assertThat(Objects.requireNonNull(moved.steps().get(1).until()).sequenceNumber())
                .isEqualTo("40");
    }

    @Test
    void aParentThatEndedAfterThePlanSaysItsLastStateOnceMore() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin(List.of(lineage.steps().get(1)));
        RewindOperation moved = lineage.executor().move(begun);
        assertThat(moved.steps())
                .extracting(Step::shardId)
                .containsExactly(lineage.parent, lineage.left, lineage.right);
        ShardPointer parent = lineage.pointer(lineage.parent);
        assertThat(parent.isSealed()).isFalse();
        assertThat(Objects.requireNonNull(parent.snapshot()).position()).isEqualTo(new RecordPosition("30", 0));
        assertThat(lineage.checkpoint(lineage.parent)).isEqualTo("30");
        assertThat(lineage.pointer(lineage.left).isReset()).isTrue();
        assertThat(lineage.pointer(lineage.right).isReset()).isTrue();
    }

    @Test
    void aParentThatEndedAgainAndLostItsStateBeforeItsChildrenMovedGoesBackOnceMore() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin();
        boolean[] ended = new boolean[1];
        RewindExecutor executor = lineage.executor(() -> {
            ShardPointer parent = lineage.pointer(lineage.parent);
            if (!ended[0] && parent.holder().isOperators()) {
                ended[0] = true;
                lineage.endUnchecked(parent.holder().epoch() + 1);
            }
        });
        executor.move(begun);
        assertThat(ended[0]).isTrue();
        lineage.assertRewound();
    }

    @Test
    void aShardThatAWorkerHasTakenMeanwhileKeepsItsLease() throws Exception {
        Lineage lineage = new Lineage();
        RewindOperation begun = lineage.begin();
        ShardPointer[] taken = new ShardPointer[1];
        RewindExecutor executor = lineage.executor(() -> {
            ShardPointer left = lineage.pointer(lineage.left);
            if (taken[0] == null && left.holder().isOperators()) {
                taken[0] = claimed(lineage.left, new Claim("next", left.holder().epoch() + 1));
            }
        });
        executor.move(begun);
        assertThat(taken[0]).isNotNull();
        assertThat(lineage.checkpoint(lineage.left)).isEqualTo("40");
        assertThat(lineage.checkpoint(lineage.right)).isEqualTo(LeasePlaces.TRIM_HORIZON);
    }

    /** Else it would begin as if it were new, and count windows as whole whose records the stream has deleted. */
    @Test
    void aShardWhosePointerIsLostBeginsWithoutStateInTheNewGeneration() throws Exception {
        Lineage lineage = new Lineage();
        String lost = lineage.application + "-lost";
        lineage.make(lost, "40", 9, List.of());
        Step step = new Step(
                lost,
                ShardMove.Kind.WITHOUT_STATE,
                null,
                null,
                false,
                Set.of(),
                null,
                Set.of(),
                null,
                null,
                Progress.PLANNED);
        RewindOperation moved = lineage.executor().move(lineage.begin(List.of(step)));
        ShardPointer pointer = lineage.pointer(lost);
        assertThat(pointer.withoutState()).isTrue();
        Reprocessing asked = Objects.requireNonNull(pointer.reprocessing());
        assertThat(asked.generation()).isEqualTo(moved.generation());
        assertThat(asked.until()).isEqualTo(new RecordPosition("40", 0));
        assertThat(lineage.checkpoint(lost)).isEqualTo(LeasePlaces.TRIM_HORIZON);
        ShardLease lease = Objects.requireNonNull(leases.lease(lost));
        assertThat(store.claim(lost, new Claim("next", lease.counter() + 1)).withoutState())
                .isTrue();
        assertThat(lineage.executor().undone(moved)).extracting(Step::whole).containsExactly(false);
    }

    private ShardPointer claimed(String shardId, Claim claim) {
        try {
            return store.claim(shardId, claim);
        } catch (io.processoptimizer.checkpoint.FencedException e) {
            throw new AssertionError(e);
        }
    }

    private static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** A parent that was split at 30 and whose lease is deleted, and two children that stand at 40. */
    private final class Lineage {
        private final String application = "lineage-" + ++lineages;
        private final String parent = application + "-p";
        private final String left = application + "-l";
        private final String right = application + "-r";
        private final OperationLog log = new OperationLog(new RecoveryItem(clients.dynamo(), TABLE, application));
        private final Map<String, Snapshot> before = new HashMap<>();
        private final Snapshot savepoint;

        Lineage() throws Exception {
            Claim first = new Claim("worker", 5);
            store.claim(parent, first);
            commit(parent, first, 20);
            savepoint = store.savepoints(parent).get(0);
            clock.advance(Duration.ofMinutes(5));
            store.commit(parent, first, state(30), Set.of(left, right));
            for (String child : List.of(left, right)) {
                make(child, "40", 7, List.of(parent));
                Claim claim = worker();
                store.claim(child, claim);
                commit(child, claim, 35);
                clock.advance(Duration.ofMinutes(5));
                commit(child, claim, 40);
                before.put(
                        child,
                        Objects.requireNonNull(
                                Objects.requireNonNull(store.pointer(child)).snapshot()));
            }
            make(parent, LeasePlaces.SHARD_END, 6, List.of());
        }

        private Claim worker() {
            return new Claim("worker", 7);
        }

        private void make(String shardId, String checkpoint, long counter, List<String> parents) throws Exception {
            places.make(
                    new LeasePlaces.NewLease(shardId, parents, BigInteger.ZERO, ShardLease.MAX_HASH_KEY, counter),
                    checkpoint,
                    0);
        }

        private ShardState state(int at) {
            return new ShardState(new RecordPosition(Integer.toString(at), 0), new byte[] {(byte) at});
        }

        private void commit(String shardId, Claim claim, int at) throws Exception {
            store.commit(shardId, claim, state(at), Set.of());
        }

        private void commitUnchecked(String shardId, int at) {
            try {
                commit(shardId, worker(), at);
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }

        /** The parent is read to its end once more, and its state is deleted, since both children have their own. */
        private void endUnchecked(long epoch) {
            try {
                Claim again = new Claim("again", epoch);
                store.claim(parent, again);
                store.commit(parent, again, state(30), Set.of(left, right));
                store.retire(parent);
                assertThat(pointer(parent).snapshot()).isNull();
            } catch (io.processoptimizer.checkpoint.FencedException e) {
                throw new AssertionError(e);
            }
        }

        private List<Step> steps() {
            return List.of(
                    step(parent, ShardMove.Kind.SAVEPOINT, savepoint, "30"),
                    step(left, ShardMove.Kind.FROM_PARENTS, null, "40"),
                    step(right, ShardMove.Kind.FROM_PARENTS, null, "40"));
        }

        private Step step(String shardId, ShardMove.Kind kind, @Nullable Snapshot target, String until) {
            return new Step(
                    shardId,
                    kind,
                    target,
                    target == null ? null : target.position(),
                    true,
                    Set.of(),
                    null,
                    Set.of(),
                    new RecordPosition(until, 0),
                    null,
                    Progress.PLANNED);
        }

        private RewindOperation operation(String id, List<Step> steps, @Nullable RewindOperation undoes) {
            return new RewindOperation(
                    id,
                    "anna@plant",
                    clock.millis(),
                    "2h",
                    log.nextGeneration(),
                    Set.of(),
                    false,
                    null,
                    steps,
                    null,
                    undoes,
                    Phase.MOVING);
        }

        private RewindOperation begin() throws RefusedException {
            return begin(steps());
        }

        private RewindOperation begin(List<Step> steps) throws RefusedException {
            RewindOperation operation = operation("first", steps, null);
            log.begin(operation);
            return operation;
        }

        private RewindExecutor executor() {
            return executor(() -> {});
        }

        private RewindExecutor executor(Runnable beforeEachWrite) {
            Map<String, ShardFacts> facts = new HashMap<>();
            for (String shardId : List.of(parent, left, right)) {
                facts.put(
                        shardId,
                        new ShardFacts(
                                shardId,
                                true,
                                shardId.equals(parent) ? List.of() : List.of(parent),
                                BigInteger.ZERO,
                                ShardLease.MAX_HASH_KEY,
                                null,
                                null,
                                null,
                                List.of()));
            }
            return new RewindExecutor(store, log::save, LeaseMoves.of(leases, places), facts, beforeEachWrite);
        }

        private RewindExecutor dyingAfter(int writes) {
            int[] left = {writes};
            return executor(() -> {
                if (left[0]-- == 0) {
                    throw new Killed();
                }
            });
        }

        private void undo() throws Exception {
            RewindOperation last = Objects.requireNonNull(log.last());
            RewindOperation undo = operation(last.id(), executor().undone(last), last);
            log.begin(undo);
            executor().move(undo);
        }

        private ShardPointer pointer(String shardId) {
            return Objects.requireNonNull(store.pointer(shardId));
        }

        private String checkpoint(String shardId) throws InterruptedException {
            return Objects.requireNonNull(leases.lease(shardId)).checkpoint();
        }

        /** A parent that begins to be read again while a child has its own state may end, and lose its state, before the child moves. */
        private void assertNothingCanBeReadTooEarly() throws Exception {
            boolean parentMayBegin = !checkpoint(parent).equals(LeasePlaces.SHARD_END);
            boolean childrenWait = pointer(left).isReset() && pointer(right).isReset();
            assertThat(!parentMayBegin || childrenWait).isTrue();
        }

        private void assertRewound() throws Exception {
            assertThat(pointer(parent).isSealed()).isFalse();
            assertThat(Objects.requireNonNull(pointer(parent).snapshot()).position())
                    .isEqualTo(new RecordPosition("20", 0));
            assertThat(checkpoint(parent)).isEqualTo("20");
            for (String child : List.of(left, right)) {
                assertThat(pointer(child).isReset()).isTrue();
                assertThat(checkpoint(child)).isEqualTo(LeasePlaces.TRIM_HORIZON);
            }
            for (String shardId : List.of(parent, left, right)) {
                ShardLease lease = Objects.requireNonNull(leases.lease(shardId));
                assertThat(lease.owner()).isNull();
                assertThat(lease.counter())
                        .isGreaterThanOrEqualTo(pointer(shardId).holder().epoch());
                assertThat(Objects.requireNonNull(pointer(shardId).reprocessing())
                                .generation())
                        .isEqualTo(Objects.requireNonNull(log.last()).generation());
            }
            assertThat(Objects.requireNonNull(log.last()).phase()).isEqualTo(Phase.REPROCESSING);
        }

        private void assertAsBefore() throws Exception {
            for (String child : List.of(left, right)) {
                Snapshot now = Objects.requireNonNull(pointer(child).snapshot());
                assertThat(now.id())
                        .isEqualTo(Objects.requireNonNull(before.get(child)).id());
                assertThat(store.load(child, now)).isEqualTo(new byte[] {40});
                assertThat(checkpoint(child)).isEqualTo("40");
            }
            Snapshot parents = Objects.requireNonNull(pointer(parent).snapshot());
            assertThat(parents.position()).isEqualTo(new RecordPosition("30", 0));
            assertThat(checkpoint(parent)).isIn("30", LeasePlaces.SHARD_END);
        }
    }
}
