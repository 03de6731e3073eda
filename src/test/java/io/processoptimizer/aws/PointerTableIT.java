package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.PointerMovedException;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotParts;
import io.processoptimizer.checkpoint.SnapshotPartsContract;
import io.processoptimizer.checkpoint.UnreadableSnapshotException;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.SettableClock;
import io.processoptimizer.local.TestEndpoint;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;

/** The pointers, with the states in the same table; what stores of states do themselves is in {@link SnapshotPartsContract}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // set before all tests
class PointerTableIT {
    private static final Claim FIRST = new Claim("worker-1", 5);
    private static final Claim SECOND = new Claim("worker-2", 9);

    private final SettableClock clock = new SettableClock();
    private TestEndpoint aws;
    private AwsClients clients;
    private SnapshotParts states;
    private PointerTable store;

    @BeforeAll
    void start() throws Exception {
        aws = TestEndpoint.start();
        clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false);
        // A table each: the tables in memory are those of the process, not of one embedded AWS in it.
        String table = getClass().getSimpleName();
        new Tables(clients.dynamo()).createMissing(new Tables.Names("results", "advice", "dead-letters", table));
        states = states(clients, table);
        store = new PointerTable(clients.dynamo(), table, states, SavepointPolicy.DEFAULT, clock);
    }

    /** Where the states are. */
    SnapshotParts states(AwsClients of, String table) throws IOException {
        return new DynamoParts(of.dynamo(), table);
    }

    @AfterAll
    void stop() {
        clients.close();
        aws.close();
    }

    @Test
    void aStateOfMegabytesComesBackWithItsPositionAndOldOnesAreDeleted() throws Exception {
        assertThat(store.claim("big", FIRST).snapshot()).isNull();
        commit("big", FIRST, "40", noise(10, 0));
        commit("big", FIRST, "41", noise(900_000, 1));
        byte[] newer = noise(2_500_000, 2);
        store.commit("big", FIRST, new ShardState(new RecordPosition("42", 7), newer), Set.of());

        Snapshot found = Objects.requireNonNull(store.claim("big", SECOND).snapshot());
        assertThat(found.position()).isEqualTo(new RecordPosition("42", 7));
        assertThat(store.load("big", found)).isEqualTo(newer);
        // The present one, and the first commit, which is a savepoint.
        assertThat(states.ids("big")).hasSize(2).endsWith(found.id());
    }

    @Test
    void anEarlierTenureIsFencedAndChangesNothing() throws Exception {
        assertThat(store.claim("moved", FIRST).snapshot()).isNull();
        commit("moved", FIRST, "10", noise(10, 3));
        assertThat(store.claim("moved", SECOND).snapshot()).isNotNull();
        assertThatThrownBy(() -> commit("moved", FIRST, "11", noise(10, 4)))
                .isInstanceOf(FencedException.class)
                .hasMessageContaining("worker-1");
        assertThatThrownBy(() -> store.claim("moved", FIRST)).isInstanceOf(FencedException.class);
        assertThatThrownBy(() -> store.failed("moved", FIRST, new RecordPosition("11", 0)))
                .isInstanceOf(FencedException.class);
        Snapshot state = Objects.requireNonNull(store.claim("moved", SECOND).snapshot());
        assertThat(state.position()).isEqualTo(new RecordPosition("10", 0));
    }

    @Test
    void aMissingStateIsSaidAndNotTakenForAnEmptyOne() throws Exception {
        assertThat(store.claim("torn", FIRST).snapshot()).isNull();
        commit("torn", FIRST, "10", noise(900_000, 5));
        states.delete("torn", states.ids("torn").get(0));
        Snapshot torn = Objects.requireNonNull(store.claim("torn", SECOND).snapshot());
        assertThatThrownBy(() -> store.load("torn", torn))
                .isInstanceOf(UnreadableSnapshotException.class)
                .hasMessageContaining("torn");
    }

    @Test
    void savepointsOutliveCommitsForTheirTimeAndCanBeGoneBackTo() throws Exception {
        store.claim("saved", FIRST);
        for (int minute = 0; minute < 200; minute += 10) {
            clock.advance(Duration.ofMinutes(10));
            commit("saved", FIRST, String.valueOf(1_000 + minute), noise(100, minute));
        }
        List<Snapshot> savepoints = store.savepoints("saved");
        assertThat(savepoints)
                .extracting(savepoint ->
                        Objects.requireNonNull(savepoint.position()).sequenceNumber())
                .containsExactly("1180", "1120", "1060", "1000");
        store.rewind("saved", FIRST, savepoints.get(2));
        Snapshot back = Objects.requireNonNull(store.claim("saved", SECOND).snapshot());
        assertThat(back.position()).isEqualTo(new RecordPosition("1060", 0));
        assertThat(store.load("saved", back)).isEqualTo(noise(100, 60));

        clock.advance(Duration.ofHours(23));
        commit("saved", SECOND, "2000", noise(100, 1));
        assertThat(store.savepoints("saved")).hasSizeBetween(2, 4);
        clock.advance(Duration.ofHours(25));
        commit("saved", SECOND, "2001", noise(100, 2));
        assertThat(store.savepoints("saved")).hasSize(1);
        // The savepoint's state is the present one.
        assertThat(states.ids("saved")).hasSize(1);
    }

    @Test
    void theStateOfAnEndedShardStaysUntilEachChildHasOne() throws Exception {
        store.claim("parent", FIRST);
        store.commit(
                "parent", FIRST, new ShardState(new RecordPosition("10", 0), noise(10, 1)), Set.of("left", "right"));
        ShardPointer sealed = Objects.requireNonNull(store.pointer("parent"));
        assertThat(sealed.children()).containsExactlyInAnyOrder("left", "right");

        store.claim("left", FIRST);
        store.claim("right", FIRST);
        commit("left", FIRST, "11", noise(10, 2));
        store.retire("parent");
        assertThat(Objects.requireNonNull(store.pointer("parent")).snapshot()).isNotNull();
        commit("right", FIRST, "12", noise(10, 3));
        store.retire("parent");
        assertThat(Objects.requireNonNull(store.pointer("parent")).snapshot()).isNull();
        assertThat(Objects.requireNonNull(store.pointer("parent")).isSealed()).isTrue();
    }

    @Test
    void whoWakesUpAfterItsClaimDeletesNothingOfALaterTenure() throws Exception {
        PointerTable sleeper = new PointerTable(
                clients.dynamo(),
                getClass().getSimpleName(),
                new SleepyParts(states, () -> {
                    store.claim("woken", SECOND);
                    commit("woken", SECOND, "10", noise(10, 1));
                }),
                SavepointPolicy.DEFAULT,
                clock);
        assertThat(sleeper.claim("woken", FIRST).snapshot()).isNull();
        Snapshot state = Objects.requireNonNull(
                Objects.requireNonNull(store.pointer("woken")).snapshot());
        assertThat(store.load("woken", state)).isEqualTo(noise(10, 1));
    }

    @Test
    void aSavepointIsWholeOrNotThereAtAll() throws Exception {
        PointerTable sleeper = interrupted(Set.of("putItem", "transactWriteItems"), () -> {
            store.claim("half", SECOND);
            commit("half", SECOND, "11", noise(10, 2));
        });
        sleeper.claim("half", FIRST);
        assertThatThrownBy(() -> sleeper.commit(
                        "half", FIRST, new ShardState(new RecordPosition("10", 0), noise(10, 1)), Set.of()))
                .isInstanceOf(FencedException.class);
        assertThat(store.savepoints("half"))
                .hasSize(1)
                .allSatisfy(
                        savepoint -> assertThat(store.load("half", savepoint)).isNotEmpty());
    }

    @Test
    void aParentThatIsProcessedAgainMeanwhileIsNotRetired() throws Exception {
        store.claim("again", FIRST);
        store.commit("again", FIRST, new ShardState(new RecordPosition("10", 0), noise(10, 1)), Set.of("child"));
        store.claim("child", FIRST);
        commit("child", FIRST, "11", noise(10, 2));
        interrupted(Set.of("updateItem"), () -> {
                    store.claim("again", SECOND);
                    commit("again", SECOND, "9", noise(10, 3));
                })
                .retire("again");
        Snapshot state = Objects.requireNonNull(
                Objects.requireNonNull(store.pointer("again")).snapshot());
        assertThat(store.load("again", state)).isEqualTo(noise(10, 3));
    }

    /** Something that other workers do. */
    private interface Elsewhere {
        void happens() throws Exception;
    }

    /** A store that sleeps before the first of these calls of the pointers' client, while something happens elsewhere. */
    private PointerTable interrupted(Set<String> calls, Elsewhere elsewhere) {
        AtomicInteger left = new AtomicInteger(1);
        DynamoDbAsyncClient sleepy = (DynamoDbAsyncClient) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {DynamoDbAsyncClient.class}, (proxy, method, arguments) -> {
                    if (calls.contains(method.getName()) && left.getAndDecrement() > 0) {
                        elsewhere.happens();
                    }
                    return method.invoke(clients.dynamo(), arguments);
                });
        return new PointerTable(sleepy, getClass().getSimpleName(), states, SavepointPolicy.DEFAULT, clock);
    }

    /** Sleeps once before it lists, while something happens elsewhere. */
    private record SleepyParts(SnapshotParts parts, Elsewhere elsewhere) implements SnapshotParts {
        @Override
        public int maxPartBytes() {
            return parts.maxPartBytes();
        }

        @Override
        public void put(String shardId, String id, List<byte[]> bytes) {
            parts.put(shardId, id, bytes);
        }

        @Override
        public List<byte[]> get(String shardId, String id, int count) {
            return parts.get(shardId, id, count);
        }

        @Override
        public List<String> ids(String shardId) {
            try {
                elsewhere.happens();
            } catch (Exception e) {
                throw new AssertionError(e);
            }
            return parts.ids(shardId);
        }

        @Override
        public void delete(String shardId, String id) {
            parts.delete(shardId, id);
        }
    }

    @Test
    void failuresAreCountedInARowAndForgottenWithTheNextCommit() throws Exception {
        store.claim("poisoned", FIRST);
        assertThat(store.failed("poisoned", FIRST, new RecordPosition("10", 0))).isEqualTo(1);
        assertThat(store.failed("poisoned", FIRST, new RecordPosition("10", 0))).isEqualTo(2);
        assertThat(store.claim("poisoned", SECOND).failures())
                .containsExactly(new ShardPointer.Failure(new RecordPosition("10", 0), 2));
        assertThat(store.failed("poisoned", SECOND, new RecordPosition("11", 0)))
                .isEqualTo(1);
        commit("poisoned", SECOND, "11", noise(10, 1));
        assertThat(store.claim("poisoned", SECOND).failures()).isEmpty();
    }

    private void commit(String shard, Claim claim, String sequence, byte[] state) throws FencedException {
        store.commit(shard, claim, new ShardState(new RecordPosition(sequence, 0), state), Set.of());
    }

    private static byte[] noise(int size, long seed) {
        byte[] bytes = new byte[size];
        new SplittableRandom(seed).nextBytes(bytes);
        return bytes;
    }

    @Test
    void anOperatorsMoveFencesTheTenureAndKeepsWhatItAsksForThroughCommits() throws Exception {
        store.claim("rewound", FIRST);
        store.commit("rewound", FIRST, new ShardState(new RecordPosition("10", 0), new byte[] {1}), Set.of());
        Snapshot target = Objects.requireNonNull(pointer("rewound").snapshot());
        store.keep("rewound", target, "target");
        store.commit("rewound", FIRST, new ShardState(new RecordPosition("20", 3), new byte[] {2}), Set.of());
        ShardPointer before = pointer("rewound");
        Claim operator = Claim.ofOperation("1", 6);
        Reprocessing asked = new Reprocessing(1, Set.of("p"), new RecordPosition("20", 3), false, "c0ffee");

        ShardPointer moved = store.move("rewound", before, operator, target.labelled("target"), false, asked);

        assertThat(pointer("rewound").reprocessing()).isEqualTo(asked);
        assertThat(moved.snapshot()).isNotNull();
        assertThatThrownBy(() -> store.move("rewound", before, new Claim("other", 7), target, false, asked))
                .isInstanceOf(PointerMovedException.class);
        assertThatThrownBy(() -> store.commit("rewound", FIRST, new ShardState(null, new byte[1]), Set.of()))
                .isInstanceOf(FencedException.class);
        store.claim("rewound", SECOND);
        store.commit("rewound", SECOND, new ShardState(new RecordPosition("30", 0), new byte[] {3}), Set.of());
        clock.advance(Duration.ofDays(400));
        store.commit("rewound", SECOND, new ShardState(new RecordPosition("40", 0), new byte[] {4}), Set.of());
        assertThat(pointer("rewound").reprocessing()).isEqualTo(asked);
        assertThat(store.load("rewound", target)).containsExactly(1);
        assertThat(store.pointers()).containsKey("rewound");
        Reprocessing all = new Reprocessing(2, Set.of(), null, false, null);
        store.move("rewound", pointer("rewound"), Claim.ofOperation("2", 10), null, true, all);
        assertThat(pointer("rewound").withoutState()).isTrue();
        assertThat(pointer("rewound").snapshot()).isNull();
        assertThat(store.deleteSavepoint("rewound", target)).isTrue();
        store.move("never taken", null, Claim.ofOperation("2", 1), null, false, all);
        assertThat(pointer("never taken").isReset()).isTrue();
    }

    private ShardPointer pointer(String shardId) {
        return Objects.requireNonNull(store.pointer(shardId));
    }
}
