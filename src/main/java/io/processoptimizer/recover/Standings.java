package io.processoptimizer.recover;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.RecoveryItem;
import io.processoptimizer.aws.StreamIdentity;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import io.processoptimizer.checkpoint.SnapshotStore;
import io.processoptimizer.config.Settings;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.KinesisStreamSource;
import io.processoptimizer.kinesis.LeaseRows;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.ShardStanding.OnStream;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.StreamDescription;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;

/**
 * Reads where every shard stands, and changes nothing. Leases come first and are watched until each has moved or had the time to; then
 * the pointers, so that a worker's commit in between cannot look as if KCL were ahead of its state.
 */
public final class Standings {
    private static final long POLL_MILLIS = 500;

    /** Shards looked at at once: each is three or four calls, and a stream may have hundreds. */
    private static final int LOOKERS = 16;

    /** A takeover between the reads of a lease and of its pointer makes the pointer's epoch the higher one: read again. */
    private static final int MAX_READS = 3;

    private final Settings settings;
    private final AwsClients clients;
    private final SnapshotStore store;
    private final LeaseRows leases;
    private final ShardProbe probe;
    private final Expectations expected;
    private final InstantSource clock;
    private final LeaseWatch watch = new LeaseWatch();

    /**
     * @param clients not closed by this
     * @param store read only
     */
    public Standings(Settings settings, AwsClients clients, SnapshotStore store, InstantSource clock) {
        this.settings = settings;
        this.clients = clients;
        this.store = store;
        this.leases = new LeaseRows(clients.dynamo(), settings.application().name());
        this.probe = new ShardProbe(clients, settings.stream().name(), clock);
        this.expected = Expectations.of(settings);
        this.clock = clock;
    }

    /**
     * What to look at.
     *
     * @param count records behind each position to count at most, at half of the reads that a shard allows; 0: none are read
     * @param watching told how long the leases have been watched so far, ms
     */
    public record Look(long count, LongConsumer watching) {}

    /**
     * Looks once; further calls go on watching the same leases.
     *
     * @throws IllegalStateException where the stream does not exist
     */
    public ApplicationStanding look(Look look) throws InterruptedException {
        String application = settings.application().name();
        StreamDescription stream =
                new KinesisStreamSource(clients, settings.stream().name(), clock).describe();
        String owner = null;
        Sighting.Stream remembered = null;
        Sighting.Operation operation = null;
        boolean hasStates = true;
        try {
            owner = StreamIdentity.owner(clients, settings.state().table());
            StreamIdentity.Known known =
                    StreamIdentity.known(clients, settings.state().table(), application);
            remembered = known == null ? null : new Sighting.Stream(known.arn(), known.createdSeconds(), 0);
            operation = Sighting.Operation.of(
                    new RecoveryItem(clients.dynamo(), settings.state().table(), application));
        } catch (ResourceNotFoundException e) {
            hasStates = false;
        }
        LeaseRows.Rows rows = watchedRows(look.watching());
        LeaseRows.Rows present = rows == null ? new LeaseRows.Rows(List.of(), List.of()) : rows;
        List<ShardStanding> shards = standings(shards(stream, present), present, hasStates, look);
        Sighting seen = new Sighting(
                clock.millis(),
                new Sighting.Stream(stream.arn(), stream.createdMillis() / 1_000, stream.retentionMillis()),
                owner,
                remembered,
                rows != null,
                hasStates,
                present.workers(),
                shards,
                operation);
        return Diagnosis.of(application, seen, expected);
    }

    // ---- leases

    private LeaseRows.@Nullable Rows watchedRows(LongConsumer watching) throws InterruptedException {
        long start = System.nanoTime();
        while (true) {
            LeaseRows.Rows rows = leases.read();
            if (rows == null) {
                return null;
            }
            watch.observe(rows, clock.millis());
            long watched = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            if (watched >= expected.watch() || isSettled(rows)) {
                return rows;
            }
            watching.accept(watched);
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    /** Whether more watching would show nothing new: every lease has moved, or has long stood still. */
    private boolean isSettled(LeaseRows.Rows rows) {
        long now = clock.millis();
        for (LeaseRows.Lease row : rows.leases()) {
            LeaseWatch.Age age = watch.age(row.shardId(), now);
            boolean waits = row.lease().parents().stream()
                    .map(rows::lease)
                    .anyMatch(parent -> parent != null && !parent.lease().hasEnded());
            boolean moves = age != null
                    && age.isRenewed(expected.stale())
                    && row.lease().owner() != null;
            boolean still = age != null && age.stillMillis() >= expected.watch();
            if (!row.lease().hasEnded() && !waits && !moves && !still) {
                return false;
            }
        }
        return true;
    }

    // ---- shards

    private static Map<String, @Nullable RecordedShard> shards(StreamDescription stream, LeaseRows.Rows rows) {
        Map<String, @Nullable RecordedShard> shards = new TreeMap<>();
        rows.leases().forEach(lease -> shards.put(lease.shardId(), null));
        stream.shards().forEach(shard -> shards.put(shard.shardId(), shard));
        return shards;
    }

    private List<ShardStanding> standings(
            Map<String, @Nullable RecordedShard> shards, LeaseRows.Rows rows, boolean hasStates, Look look)
            throws InterruptedException {
        ExecutorService lookers = Executors.newFixedThreadPool(LOOKERS);
        try {
            List<Future<ShardStanding>> looks = new ArrayList<>();
            shards.forEach((shardId, shard) ->
                    looks.add(lookers.submit(() -> standing(shardId, shard, rows, hasStates, look))));
            List<ShardStanding> seen = new ArrayList<>();
            for (Future<ShardStanding> one : looks) {
                seen.add(one.get());
            }
            return seen;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            lookers.shutdownNow();
        }
    }

    private ShardStanding standing(
            String shardId, @Nullable RecordedShard shard, LeaseRows.Rows rows, boolean hasStates, Look look)
            throws InterruptedException {
        LeaseRows.Lease lease = rows.lease(shardId);
        ShardPointer pointer = hasStates ? store.pointer(shardId) : null;
        for (int reads = 1; reads < MAX_READS && isBehind(lease, pointer); reads++) {
            LeaseRows.Rows again = leases.read();
            lease = again == null ? null : again.lease(shardId);
            pointer = store.pointer(shardId);
        }
        List<Snapshot> savepoints = hasStates ? store.savepoints(shardId) : List.of();
        OnStream onStream = shard == null ? OnStream.GONE : shard.closed() ? OnStream.CLOSED : OnStream.OPEN;
        boolean ended = lease != null && lease.lease().hasEnded();
        boolean toRead = shard != null && !ended && (lease != null || pointer != null);
        Snapshot state = pointer == null ? null : pointer.snapshot();
        RecordPosition position = state == null ? null : state.position();
        return new ShardStanding(
                shardId,
                onStream,
                shard != null
                        ? shard.parents()
                        : lease == null ? List.of() : lease.lease().parents(),
                lease,
                watch.age(shardId, clock.millis()),
                pointer,
                toRead ? probe.lag(shardId, position) : null,
                toRead && look.count() > 0 ? probe.count(shardId, position, look.count()) : null,
                savepoints);
    }

    private static boolean isBehind(LeaseRows.@Nullable Lease lease, @Nullable ShardPointer pointer) {
        return lease != null
                && pointer != null
                && pointer.holder().epoch() > lease.lease().counter();
    }
}
