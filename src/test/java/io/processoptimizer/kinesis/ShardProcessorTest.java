package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.FencedException;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.kinesis.exceptions.ShutdownException;
import software.amazon.kinesis.lifecycle.events.InitializationInput;
import software.amazon.kinesis.lifecycle.events.LeaseLostInput;
import software.amazon.kinesis.lifecycle.events.ProcessRecordsInput;
import software.amazon.kinesis.lifecycle.events.ShardEndedInput;
import software.amazon.kinesis.lifecycle.events.ShutdownRequestedInput;
import software.amazon.kinesis.processor.RecordProcessorCheckpointer;
import software.amazon.kinesis.retrieval.KinesisClientRecord;

class ShardProcessorTest {
    private static final String SHARD = "shardId-000000000000";
    private static final String ME = "worker-1";
    private static final long RETENTION_MILLIS = 86_400_000;

    private final MemorySnapshotStore store = new MemorySnapshotStore();
    private final Commits commits = new Commits(store);
    private final SettableClock clock = new SettableClock();
    private final List<String> checkpoints = new ArrayList<>();
    private final List<String> fenced = new ArrayList<>();
    private final FakeLeases leases = new FakeLeases(ME);
    private final Map<String, List<String>> lineage = new HashMap<>();
    private final Set<String> shardsGone = new HashSet<>();
    private final Map<String, Throwable> failures = new HashMap<>();
    private final ShardProgress progress = new ShardProgress();
    private FakeEngine engine = new FakeEngine();
    private boolean checkpointsRefused;

    @AfterEach
    void close() {
        commits.close();
    }

    @Test
    void recordsReachTheEngineInOrderWithTheirBytes() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(5_000L, record("10", 0, "a"), record("11", 0, "bb"), record("11", 1, "ccc")));
        assertThat(engine.seen).containsExactly("10/0 a", "11/0 bb", "11/1 ccc");
        assertThat(engine.advancedTo).isEmpty();
    }

    @Test
    void quietTicksAtTheTipTellTheEngineTheTime() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L));
        assertThat(engine.advancedTo).containsExactly(clock.millis());
    }

    @Test
    void commitsAfterTheIntervalAtTheLastWholeRecord() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a"), record("10", 1, "b")));
        assertThat(store.commits).isZero();
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        await(processor);
        assertThat(store.position(SHARD)).isEqualTo(new RecordPosition("10", 1));
        assertThat(checkpoints).containsExactly("10/1");
    }

    @Test
    void aCommitWaitsUntilTheOutputsAreDurable() {
        engine.acknowledged = new CompletableFuture<>();
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        processor.processRecords(batch(0L, record("11", 0, "b")));
        assertThat(store.commits).isZero();
        assertThat(engine.seen).hasSize(2);
        engine.acknowledged.complete(null);
        await(processor);
        assertThat(store.position(SHARD)).isEqualTo(new RecordPosition("10", 0));
    }

    @Test
    void aNewTenureGoesOnFromTheStateAndNeverCheckpointsBeyondWhatWasDelivered() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("50/0"));
        ShardProcessor processor = begin();
        assertThat(engine.position()).isEqualTo(new RecordPosition("50", 0));
        // KCL's checkpoint lags behind: it delivers records that the state holds already.
        processor.processRecords(batch(0L, record("40", 0, "old")));
        processor.shutdownRequested(shutdown());
        assertThat(checkpoints).isEmpty();
        assertThat(store.holder(SHARD)).isEqualTo(new Claim(ME, 7));
    }

    @Test
    void aLeaseOfSomebodyElseIsNotTouched() {
        leases.owner = "worker-2";
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        processor.shutdownRequested(shutdown());
        assertThat(engine.seen).isEmpty();
        assertThat(store.pointers).isEmpty();
    }

    @Test
    void aRecordThatCannotBeProcessedIsTriedAgainFromTheLastStateAndThenRefused() {
        for (int times = 1; times <= ShardTakeover.MAX_TRIES; times++) {
            FakeEngine each = new FakeEngine();
            each.poison.add("b");
            engine = each;
            ShardProcessor processor = begin();
            processor.processRecords(batch(0L, record("10", 0, "a"), record("11", 0, "b")));
            processor.processRecords(batch(0L, record("12", 0, "c")));
            processor.shutdownRequested(shutdown());
            assertThat(each.seen).containsExactly("10/0 a");
            assertThat(each.refused).isEmpty();
            assertThat(leases.givenBack).hasSize(times);
        }
        engine = new FakeEngine();
        begin();
        assertThat(engine.refused).containsExactly(new RecordPosition("11", 0));
        assertThat(failures).isEmpty();
        assertThat(store.commits).isZero();
        assertThat(checkpoints).isEmpty();
    }

    @Test
    void recordsThatCannotBeProcessedDoNotHideEachOther() {
        int tenures = 0;
        do {
            engine = new FakeEngine();
            engine.poison.addAll(Set.of("a", "c"));
            begin().processRecords(batch(0L, record("10", 0, "a"), record("11", 0, "b"), record("12", 0, "c")));
            tenures++;
        } while (engine.seen.size() < 3 && tenures < 20);
        assertThat(tenures).isEqualTo(2 * ShardTakeover.MAX_TRIES + 1);
    }

    @Test
    void aLeaseThatKclDoesNotTakeAwayIsGivenBackWhereAnotherHoldsTheState() throws FencedException {
        ShardProcessor processor = begin();
        engine.poison.add("b");
        store.claim(SHARD, new Claim("worker-2", 9));
        processor.processRecords(batch(0L, record("11", 0, "b")));
        assertThat(fenced).containsExactly(SHARD);
    }

    @Test
    void theSameAtTheEndOfTheShard() throws FencedException {
        ShardProcessor processor = begin();
        store.claim(SHARD, new Claim("worker-2", 9));
        assertThatThrownBy(() -> processor.shardEnded(ended())).hasMessageContaining(SHARD);
        assertThat(fenced).containsExactly(SHARD);
        assertThat(processor.life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(checkpoints).isEmpty();
    }

    @Test
    void whereNotEvenThatCanBeNotedTheWorkerStops() {
        ShardProcessor processor = begin();
        engine.poison.add("b");
        store.unreachable = true;
        processor.processRecords(batch(0L, record("11", 0, "b")));
        assertThat(failures).containsOnlyKeys(SHARD);
    }

    @Test
    void aChildGoesOnFromTheSealedStatesOfItsParentsAndRetiresThem() {
        leases.parents = List.of("p-1", "p-2");
        leases.checkpoint = "SHARD_END";
        store.put("p-1", new RecordPosition("5", 0), bytes("5/0"), SHARD);
        store.put("p-2", new RecordPosition("6", 0), bytes("6/0"), SHARD);
        ShardProcessor processor = begin();
        assertThat(engine.adopted).containsExactly("5/0", "6/0");
        assertThat(engine.lost).isEmpty();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        processor.shutdownRequested(shutdown());
        assertThat(store.retired).containsExactly("p-1", "p-2");
    }

    @Test
    void aChildOfAReshardBeforeOurTimeStartsEmpty() {
        leases.parents = List.of("p-1");
        leases.unknown.add("p-1");
        begin();
        assertThat(engine.adopted).isEmpty();
        assertThat(engine.lost).isEmpty();
    }

    @Test
    void aChildDoesNotStartWithoutTheStateOfAParentThatHadOne() {
        leases.parents = List.of("p-1");
        leases.checkpoint = "SHARD_END";
        begin();
        assertThat(failures.get(SHARD)).hasMessageContaining("p-1");
        store.put("p-1", new RecordPosition("5", 0), bytes("5/0"));
        begin();
        assertThat(engine.adopted).isEmpty();
        assertThat(failures).hasSize(1);
    }

    @Test
    void aChildThatKclLetsBeginBeforeItsOtherParentIsGivenBack() {
        leases.parents = List.of("p-1", "p-2");
        leases.checkpoint = "SHARD_END";
        leases.unknown.add("p-2");
        lineage.put("p-2", List.of("grandparent"));
        store.put("p-1", new RecordPosition("5", 0), bytes("5/0"), SHARD);
        ShardProcessor processor = begin();
        assertThat(processor.life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(leases.givenBack).containsExactly(SHARD);
        assertThat(failures).isEmpty();
    }

    @Test
    void aChildWithAStateOfItsOwnDoesNotLookAtItsParents() {
        leases.parents = List.of("p-1");
        store.put(SHARD, new RecordPosition("50", 0), bytes("50/0"));
        begin();
        assertThat(engine.adopted).isEmpty();
        assertThat(engine.position()).isEqualTo(new RecordPosition("50", 0));
    }

    @Test
    void aStateThatIsDamagedIsReplacedByTheNewestSavepointThatIsNot() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("50/0"));
        Snapshot readable = store.add(new ShardState(new RecordPosition("30", 2), bytes("30/2")));
        Snapshot gone = new Snapshot("gone", new RecordPosition("40", 0), 1, 4, 0);
        store.savepoints.put(SHARD, List.of(gone, readable));
        store.states.remove("0");
        ShardProcessor processor = begin();
        assertThat(processor.life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(store.position(SHARD)).isEqualTo(new RecordPosition("30", 2));
        assertThat(leases.rewoundTo).containsExactly(new RecordPosition("30", 2));
        begin();
        assertThat(engine.position()).isEqualTo(new RecordPosition("30", 2));
        assertThat(engine.lost).isEmpty();
        assertThat(failures).isEmpty();
    }

    @Test
    void aSavepointThatTheEngineCannotReadIsNotGoneBackTo() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("damaged"));
        Snapshot alsoDamaged = store.add(new ShardState(new RecordPosition("40", 0), bytes("also damaged")));
        store.savepoints.put(SHARD, List.of(alsoDamaged));
        begin();
        assertThat(leases.rewoundTo).isEmpty();
        assertThat(engine.lost).isEqualTo("state");
    }

    @Test
    void aShardUnderWayWhosePointerIsGoneGoesBackToItsSavepoint() {
        leases.checkpoint = "4711";
        store.savepoints.put(SHARD, List.of(store.add(new ShardState(new RecordPosition("30", 2), bytes("30/2")))));
        begin();
        assertThat(leases.rewoundTo).containsExactly(new RecordPosition("30", 2));
        assertThat(engine.lost).isEmpty();
    }

    @Test
    void aDeathOnTheWayBackToASavepointSkipsNoRecords() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("damaged"));
        store.savepoints.put(SHARD, List.of(store.add(new ShardState(new RecordPosition("30", 0), bytes("30/0")))));
        leases.checkpoint = "50";
        leases.unreachable = true;
        assertThatThrownBy(this::begin).hasMessageContaining("no answer");
        leases.unreachable = false;
        engine = new FakeEngine();
        ShardProcessor processor = begin();
        // KCL still stands at 50, so the shard must not go on from 30.
        assertThat(processor.life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(leases.rewoundTo).containsExactly(new RecordPosition("30", 0));
    }

    @Test
    void kclIsSetBackWhereItStandsBeyondTheState() {
        store.put(SHARD, new RecordPosition("30", 2), bytes("30/2"));
        for (String beyond : List.of("31", "LATEST")) {
            leases.checkpoint = beyond;
            assertThat(begin().life()).isInstanceOf(ShardLife.Stopped.class);
        }
        assertThat(leases.rewoundTo).containsExactly(new RecordPosition("30", 2), new RecordPosition("30", 2));
        for (String notBeyond : List.of("30", "29", "TRIM_HORIZON")) {
            leases.checkpoint = notBeyond;
            assertThat(begin().life()).isInstanceOf(ShardLife.Working.class);
        }
    }

    /** As after a rewind to it. */
    @Test
    void kclIsSetBackToTheBeginningWhereItIsUnderWayAndTheStateHoldsNothing() {
        store.put(SHARD, null, bytes(""));
        leases.checkpoint = "31";
        assertThat(begin().life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(leases.rewoundTo).hasSize(1).containsOnlyNulls();
        for (String notBeyond : List.of("TRIM_HORIZON", "LATEST")) {
            leases.checkpoint = notBeyond;
            assertThat(begin().life()).isInstanceOf(ShardLife.Working.class);
        }
    }

    @Test
    void whoWakesUpAfterALaterTenureHasReplacedTheStateDoesNotTakeItForLost() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("50/0"));
        store.beforeLoad = () -> {
            store.states.clear();
            try {
                store.claim(SHARD, new Claim("worker-2", 9));
            } catch (FencedException e) {
                throw new AssertionError(e);
            }
        };
        assertThat(begin().life()).isInstanceOf(ShardLife.Stopped.class);
        assertThat(engine.lost).isEmpty();
    }

    @Test
    void aParentWhoseStateIsDamagedIsLostAndTheOtherIsNot() {
        leases.parents = List.of("p-1", "p-2");
        leases.checkpoint = "SHARD_END";
        store.put("p-1", new RecordPosition("5", 0), bytes("damaged"), SHARD);
        store.put("p-2", new RecordPosition("6", 0), bytes("6/0"), SHARD);
        begin();
        assertThat(engine.adopted).containsExactly("6/0");
        assertThat(engine.lost).isEqualTo("state");
    }

    @Test
    void aParentThatTheStreamDeletedBeforeItWasReadToItsEndIsTakenAsItIs() {
        leases.parents = List.of("p-1");
        leases.checkpoint = "SHARD_END";
        shardsGone.add("p-1");
        store.put("p-1", new RecordPosition("5", 0), bytes("5/0"));
        assertThat(begin().life()).isInstanceOf(ShardLife.Working.class);
        assertThat(engine.adopted).containsExactly("5/0");
        assertThat(engine.lost).isEqualTo("records");
        assertThat(failures).isEmpty();
    }

    @Test
    void aChildThatBeginsAfterTheRetentionMayHaveLostRecords() {
        leases.parents = List.of("p-1");
        leases.checkpoint = "SHARD_END";
        store.put("p-1", new RecordPosition("5", 0), bytes("5/0"), SHARD);
        engine.readUpTo = clock.millis() - RETENTION_MILLIS - 1;
        begin();
        assertThat(engine.lost).isEqualTo("records");
    }

    @Test
    void withoutAnyReadableStateTheShardStartsEmptyAndSaysSo() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("damaged"));
        begin();
        assertThat(engine.position()).isNull();
        assertThat(engine.lost).isEqualTo("state");
    }

    @Test
    void aShardUnderWayWithoutAPointerHasLostItsState() {
        leases.checkpoint = "4711";
        begin();
        assertThat(engine.lost).isEqualTo("state");
    }

    @Test
    void aStopOrALagLongerThanTheRetentionMayHaveLostRecords() {
        store.put(SHARD, new RecordPosition("50", 0), bytes("50/0"));
        engine.readUpTo = clock.millis() - RETENTION_MILLIS;
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("60", 0, "a")));
        assertThat(engine.lost).isEmpty();
        engine.readUpTo--;
        begin();
        assertThat(engine.lost).isEqualTo("records");
        engine.lost = "";
        processor.processRecords(batch(0L));
        assertThat(engine.lost).as("nothing was read, so nothing was skipped").isEmpty();
        processor.processRecords(batch(0L, record("61", 0, "a")));
        assertThat(engine.lost).isEqualTo("records");
    }

    @Test
    void aStoreThatDoesNotAnswerForLongStopsTheWorkerAndAShortWhileDoesNot() {
        store.unreachable = true;
        ShardProcessor processor = processor();
        for (int i = 0; i < 200; i++) {
            assertThatThrownBy(() -> initialize(processor)).hasMessageContaining("no answer");
            clock.advance(Duration.ofSeconds(2));
        }
        assertThat(failures).isEmpty();
        clock.advance(Duration.ofMinutes(5));
        assertThatThrownBy(() -> initialize(processor)).hasMessageContaining("no answer");
        assertThat(failures).containsOnlyKeys(SHARD);
        store.unreachable = false;
        failures.clear();
        ShardProcessor patient = processor();
        store.unreachable = true;
        assertThatThrownBy(() -> initialize(patient)).hasMessageContaining("no answer");
        store.unreachable = false;
        initialize(patient);
        assertThat(patient.life()).isInstanceOf(ShardLife.Working.class);
        assertThat(failures).isEmpty();
    }

    @Test
    void aLostLeaseStopsWithoutACommit() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        processor.leaseLost(LeaseLostInput.builder().build());
        processor.processRecords(batch(0L, record("11", 0, "b")));
        assertThat(store.commits).isZero();
        assertThat(engine.seen).hasSize(1);
    }

    @Test
    void shutdownCommitsTheLastBatch() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        processor.shutdownRequested(shutdown());
        assertThat(store.position(SHARD)).isEqualTo(new RecordPosition("10", 0));
        assertThat(checkpoints).containsExactly("10/0");
        assertThat(progress.isAllSaved()).isTrue();
        ShardProcessor next = begin();
        next.processRecords(batch(0L, record("11", 0, "b")));
        store.unreachable = true;
        next.shutdownRequested(shutdown());
        assertThat(progress.isAllSaved()).isFalse();
    }

    @Test
    void theEndOfAShardSealsItsStateBeforeKclHearsOfIt() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        store.unreachable = true;
        assertThatThrownBy(() -> processor.shardEnded(ended())).hasMessageContaining("not saved yet");
        assertThat(checkpoints).isEmpty();
        store.unreachable = false;
        processor.shardEnded(ended());
        assertThat(Objects.requireNonNull(store.pointers.get(SHARD)).children())
                .containsExactlyInAnyOrder("c-1", "c-2");
        assertThat(checkpoints).containsExactly("end");
    }

    @Test
    void aCommitThatFailedIsMadeGoodByTheNext() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        store.unreachable = true;
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        await(processor);
        store.unreachable = false;
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        await(processor);
        assertThat(store.position(SHARD)).isEqualTo(new RecordPosition("10", 0));
        assertThat(failures).isEmpty();
    }

    @Test
    void aLaterTenureFencesThisOne() throws FencedException {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        store.claim(SHARD, new Claim("worker-2", 9));
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        await(processor);
        processor.processRecords(batch(0L, record("11", 0, "b")));
        processor.processRecords(batch(0L, record("12", 0, "c")));
        assertThat(fenced).containsExactly(SHARD);
        assertThat(store.commits).isZero();
        assertThat(engine.seen).doesNotContain("12/0 c");
    }

    @Test
    void aCheckpointRefusedByKclMeansTheLeaseIsGone() {
        ShardProcessor processor = begin();
        checkpointsRefused = true;
        processor.processRecords(batch(0L, record("10", 0, "a")));
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        await(processor);
        processor.processRecords(batch(0L));
        assertThat(fenced).containsExactly(SHARD);
    }

    @Test
    void anOutputThatCanNeverBeWrittenStopsTheWorker() {
        engine.acknowledged = CompletableFuture.failedFuture(new IllegalArgumentException("too large"));
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        clock.advance(Duration.ofSeconds(60));
        processor.processRecords(batch(0L));
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> {
            processor.processRecords(batch(0L));
            return !failures.isEmpty();
        });
        assertThat(store.commits).isZero();
    }

    private ShardProcessor begin() {
        ShardProcessor processor = processor();
        initialize(processor);
        return processor;
    }

    private static void initialize(ShardProcessor processor) {
        processor.initialize(InitializationInput.builder().shardId(SHARD).build());
    }

    private ShardProcessor processor() {
        ShardProcessorContext context = new ShardProcessorContext(
                new WorkerSettings(Settings.DEFAULTS, ME, true),
                leases,
                shardId -> shardsGone.contains(shardId) ? null : lineage.getOrDefault(shardId, List.of()),
                shard -> engine,
                store,
                commits,
                progress,
                clock,
                () -> RETENTION_MILLIS,
                0,
                (shardId, claim) -> fenced.add(shardId),
                fenced::add,
                leases.givenBack::add,
                failures::put);
        return new ShardProcessor(context);
    }

    private static void await(ShardProcessor processor) {
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> {
            CompletableFuture<?> commit = processor.commit();
            return commit != null && commit.isDone();
        });
    }

    private ProcessRecordsInput batch(long behind, KinesisClientRecord... records) {
        return ProcessRecordsInput.builder()
                .records(List.of(records))
                .millisBehindLatest(behind)
                .checkpointer(checkpointer())
                .build();
    }

    private ShutdownRequestedInput shutdown() {
        return ShutdownRequestedInput.builder().checkpointer(checkpointer()).build();
    }

    private ShardEndedInput ended() {
        return ShardEndedInput.builder().checkpointer(checkpointer()).build();
    }

    private static KinesisClientRecord record(String sequence, long subSequence, String text) {
        return KinesisClientRecord.builder()
                .sequenceNumber(sequence)
                .subSequenceNumber(subSequence)
                .partitionKey("PROC-1")
                .approximateArrivalTimestamp(Instant.EPOCH)
                .data(ByteBuffer.wrap(bytes(text)).asReadOnlyBuffer())
                .build();
    }

    private RecordProcessorCheckpointer checkpointer() {
        return (RecordProcessorCheckpointer) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {RecordProcessorCheckpointer.class},
                (proxy, method, arguments) -> {
                    if (checkpointsRefused) {
                        throw new ShutdownException("lease lost");
                    }
                    checkpoints.add(
                            arguments == null || arguments.length == 0 ? "end" : arguments[0] + "/" + arguments[1]);
                    return null;
                });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
