package io.processoptimizer.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.aws.PointerTable;
import io.processoptimizer.aws.Tables;
import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.SavepointPolicy;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.kinesis.model.PutRecordsRequestEntry;

/** The real KCL against the embedded AWS: leases, order, state and the end, without a pipeline. */
class SchedulerIT {
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final String STREAM = Settings.DEFAULTS.stream().name();
    private static final String APPLICATION = Settings.DEFAULTS.application().name();
    private static final int KEYS = 30;

    private static @Nullable LocalAws aws;
    private static @Nullable AwsClients clients;

    @BeforeAll
    static void startAws() throws Exception {
        LocalAws started = LocalAws.start(LocalAwsSettings.onAnyPort());
        aws = started;
        started.awaitReady();
        clients = new AwsClients(AwsConnection.emulator(started.endpoint()), false);
        new Tables(clients().dynamo()).createMissing(Tables.Names.DEFAULT);
    }

    @AfterAll
    static void stopAws() {
        clients().close();
        if (aws != null) {
            aws.close();
        }
    }

    @Test
    void aWorkerReadsAllShardsStopsCleanlyAndGoesOnFromItsState() throws Exception {
        Calls.await(clients().kinesis().createStream(r -> r.streamName(STREAM).shardCount(3)), ANSWER);
        Log log = new Log();

        try (Worker first = new Worker(settings(), clients(), log, store(), Clock.systemUTC())) {
            assertThat(first.prepare().openShards()).isEqualTo(3);
            put(STREAM, 0, 300);
            first.start();
            Awaitility.await().atMost(ANSWER).until(() -> log.size() == 300);
            assertThat(first.stop()).isTrue();
        }
        LeaseTable leases = new LeaseTable(clients().leases(), APPLICATION);
        assertThat(leases.leases())
                .hasSize(3)
                .allSatisfy(lease -> assertThat(lease.owner()).isNull());

        put(STREAM, 300, 200);
        try (Worker second = new Worker(settings(), clients(), log, store(), Clock.systemUTC())) {
            second.prepare();
            second.start();
            Awaitility.await().atMost(ANSWER).until(() -> log.size() == 500);
            assertThat(second.stop()).isTrue();
        }
        log.assertEachKeyInOrder(500);
        assertThat(log.restored).isEqualTo(3);
    }

    private static WorkerSettings settings() {
        return new WorkerSettings(Settings.DEFAULTS, "worker-1", true);
    }

    private static PointerTable store() {
        return PointerTable.withStates(
                clients().dynamo(), Tables.Names.DEFAULT.state(), SavepointPolicy.DEFAULT, Clock.systemUTC());
    }

    private static void put(String stream, int from, int count) throws Exception {
        List<PutRecordsRequestEntry> entries = new ArrayList<>();
        for (int i = from; i < from + count; i++) {
            entries.add(PutRecordsRequestEntry.builder()
                    .partitionKey("key-" + i % KEYS)
                    .data(SdkBytes.fromUtf8String(Integer.toString(i)))
                    .build());
        }
        assertThat(Calls.await(
                                clients()
                                        .kinesis()
                                        .putRecords(r -> r.streamName(stream).records(entries)),
                                ANSWER)
                        .failedRecordCount())
                .isZero();
    }

    private static AwsClients clients() {
        if (clients == null) {
            throw new IllegalStateException("not started");
        }
        return clients;
    }

    /** Engines that only note what they are given. */
    private static final class Log implements ShardEngines {
        final Map<String, List<Integer>> byKey = new ConcurrentHashMap<>();
        volatile int restored;

        @Override
        public ShardEngine open(ShardLease shard) {
            return new NotingEngine(this);
        }

        synchronized void note(String key, int number) {
            byKey.computeIfAbsent(key, k -> new ArrayList<>()).add(number);
        }

        synchronized void restore() {
            restored++;
        }

        synchronized int size() {
            return byKey.values().stream().mapToInt(List::size).sum();
        }

        synchronized void assertEachKeyInOrder(int count) {
            byKey.values().forEach(numbers -> assertThat(numbers).isSorted().doesNotHaveDuplicates());
            assertThat(new TreeSet<>(
                            byKey.values().stream().flatMap(List::stream).toList()))
                    .hasSize(count);
        }
    }

    private static final class NotingEngine implements ShardEngine {
        private final Log log;
        private @Nullable RecordPosition position;

        NotingEngine(Log log) {
            this.log = log;
        }

        @Override
        public void accept(RecordPosition at, String partitionKey, long arrivalMillis, byte[] data) {
            if (position == null || at.compareTo(position) > 0) {
                position = at;
                log.note(partitionKey, Integer.parseInt(new String(data, StandardCharsets.UTF_8)));
            }
        }

        @Override
        public void advanceTo(long nowMillis) {}

        @Override
        public byte[] snapshot() {
            return position == null ? new byte[0] : position.sequenceNumber().getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void restore(byte[] state) {
            String text = new String(state, StandardCharsets.UTF_8);
            position = text.isEmpty() ? null : new RecordPosition(text, 0);
            log.restore();
        }

        @Override
        public void adopt(byte[] parent) {}

        @Override
        public void stateLost() {
            throw new AssertionError("no state was lost");
        }

        @Override
        public void recordsLost() {
            throw new AssertionError("no record was lost");
        }

        @Override
        public void reprocess(Reprocessing asked) {
            throw new AssertionError("nothing was rewound");
        }

        @Override
        public long readUpToMillis() {
            return TelemetryEvent.ABSENT;
        }

        @Override
        public void refuse(RecordPosition refused) {
            throw new AssertionError("no record failed");
        }

        @Override
        public @Nullable RecordPosition position() {
            return position;
        }

        @Override
        public CompletableFuture<Void> acknowledged() {
            return CompletableFuture.completedFuture(null);
        }
    }
}
