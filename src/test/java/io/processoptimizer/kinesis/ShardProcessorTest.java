package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.checkpoint.Claim;
import io.processoptimizer.checkpoint.ShardState;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import java.lang.reflect.Proxy;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
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

    private final MemorySnapshotStore store = new MemorySnapshotStore();
    private final Commits commits = new Commits(store);
    private final SettableClock clock = new SettableClock();
    private final List<String> checkpoints = new ArrayList<>();
    private final List<String> fenced = new ArrayList<>();
    private final Map<String, Throwable> failures = new HashMap<>();
    private final FakeEngine engine = new FakeEngine();
    private @Nullable String leaseOwner = ME;
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
        assertThat(store.states.get(SHARD)).isNotNull();
        assertThat(state().position()).isEqualTo(new RecordPosition("10", 1));
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
        assertThat(state().position()).isEqualTo(new RecordPosition("10", 0));
    }

    @Test
    void aNewTenureGoesOnFromTheStateAndNeverCheckpointsBeyondWhatWasDelivered() {
        store.states.put(SHARD, new ShardState(new RecordPosition("50", 0), bytes("50/0")));
        ShardProcessor processor = begin();
        assertThat(engine.position()).isEqualTo(new RecordPosition("50", 0));
        // KCL's checkpoint lags behind: it delivers records that the state holds already.
        processor.processRecords(batch(0L, record("40", 0, "old")));
        processor.shutdownRequested(shutdown());
        assertThat(checkpoints).isEmpty();
        assertThat(store.claims.get(SHARD)).isEqualTo(new Claim(ME, 7));
    }

    @Test
    void aLeaseOfSomebodyElseIsNotTouched() {
        leaseOwner = "worker-2";
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        processor.shutdownRequested(shutdown());
        assertThat(engine.seen).isEmpty();
        assertThat(store.claims).isEmpty();
    }

    @Test
    void anErrorIsNotThrownAtKclButStopsTheWorkerWithoutACommit() {
        ShardProcessor processor = begin();
        engine.poison = "b";
        processor.processRecords(batch(0L, record("10", 0, "a"), record("11", 0, "b")));
        processor.processRecords(batch(0L, record("12", 0, "c")));
        processor.shutdownRequested(shutdown());
        assertThat(failures).containsOnlyKeys(SHARD);
        assertThat(engine.seen).containsExactly("10/0 a");
        assertThat(store.commits).isZero();
        assertThat(checkpoints).isEmpty();
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
        assertThat(state().position()).isEqualTo(new RecordPosition("10", 0));
        assertThat(checkpoints).containsExactly("10/0");
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
        assertThat(store.sealed).containsExactly(SHARD);
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
        assertThat(state().position()).isEqualTo(new RecordPosition("10", 0));
        assertThat(failures).isEmpty();
    }

    @Test
    void aLaterTenureFencesThisOne() {
        ShardProcessor processor = begin();
        processor.processRecords(batch(0L, record("10", 0, "a")));
        store.claims.put(SHARD, new Claim("worker-2", 9));
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
        Awaitility.await().until(() -> {
            processor.processRecords(batch(0L));
            return !failures.isEmpty();
        });
        assertThat(store.commits).isZero();
    }

    private ShardState state() {
        return Objects.requireNonNull(store.states.get(SHARD), "no state was saved");
    }

    private ShardProcessor begin() {
        ShardProcessorContext context = new ShardProcessorContext(
                new WorkerSettings(Settings.DEFAULTS, ME, true),
                shardId -> new ShardLease(
                        shardId, leaseOwner, 7, "TRIM_HORIZON", List.of(), BigInteger.ZERO, ShardLease.MAX_HASH_KEY),
                shard -> engine,
                store,
                commits,
                new ShardProgress(),
                clock,
                fenced::add,
                failures::put);
        ShardProcessor processor = new ShardProcessor(context);
        processor.initialize(InitializationInput.builder().shardId(SHARD).build());
        return processor;
    }

    private static void await(ShardProcessor processor) {
        Awaitility.await().atMost(5, TimeUnit.SECONDS).until(() -> {
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
