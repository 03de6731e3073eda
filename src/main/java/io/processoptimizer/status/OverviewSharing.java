package io.processoptimizer.status;

import io.processoptimizer.status.WorkerFacts.ShardFacts;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets every worker show the whole plant: each leaves an overview of each of its shards now and then, if something has changed, and reads
 * those of the others while somebody looks. One thread, away from everything that computes; what fails is tried again at the next turn.
 */
public final class OverviewSharing implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OverviewSharing.class);

    /** While somebody looks. */
    private static final long READ_EVERY_MILLIS = 5_000;

    /** The page asks every two seconds, hidden every fifteen. */
    private static final long LOOKED_AT_MILLIS = 60_000;

    /** So many turns nothing is written while a shard is quiet; then once, so that the others see that its worker is there. */
    static final int QUIET_TURNS = 3;

    /** A card compresses to about a fifth: what does not fit is cut at the oldest. */
    private static final int FIRST_CARD_BYTES = 4 * Overviews.MOST_BYTES;

    private static final long CLOSE_MILLIS = 2_000;

    /** Longest overview that is read. */
    static final int MOST_EXPANDED = 16 << 20;

    private final PlantBoard board;
    private final WorkerFacts worker;
    private final Overviews overviews;
    private final Clock clock;
    private final long everyMillis;
    private final Map<String, Left> left = new HashMap<>();
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "overviews");
        made.setDaemon(true);
        return made;
    });

    /** What was left of a shard last: of which tenure, at which change, when. */
    private record Left(long epoch, long changed, long atMillis) {}

    /** @param every how often a shard's overview is left at most */
    public OverviewSharing(PlantBoard board, WorkerFacts worker, Overviews overviews, Duration every, Clock clock) {
        this.board = board;
        this.worker = worker;
        this.overviews = overviews;
        this.clock = clock;
        this.everyMillis = every.toMillis();
    }

    /** Begins, reading once so that shards go on from what their former holders have left. */
    public void start() {
        var unusedReads = thread.scheduleWithFixedDelay(
                () -> guarded(this::read, "read"), 0, READ_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        var unusedWrites = thread.scheduleWithFixedDelay(
                () -> guarded(this::write, "left"), everyMillis, everyMillis, TimeUnit.MILLISECONDS);
    }

    private interface Turn {
        void run() throws IOException;
    }

    private static void guarded(Turn turn, String what) {
        try {
            turn.run();
        } catch (IOException | RuntimeException e) {
            LOG.info("Overviews for the page could not be {}: {}", what, e.getMessage());
        }
    }

    private boolean isFirst = true;

    void read() throws IOException {
        if (!isFirst && clock.millis() - board.askedMillis() > LOOKED_AT_MILLIS) {
            return;
        }
        List<byte[]> read = new ArrayList<>();
        for (byte[] packed : overviews.all()) {
            try {
                read.add(Gzip.expand(packed, MOST_EXPANDED));
            } catch (IOException e) {
                LOG.debug("An overview cannot be read: {}", e.getMessage());
            }
        }
        for (PlantBoard.Stale gone : board.take(read)) {
            overviews.remove(gone.shardId(), gone.epoch());
        }
        isFirst = false;
    }

    void write() throws IOException {
        List<ShardFacts> shards = worker.shards();
        Map<String, ShardFacts> facts = new HashMap<>();
        shards.forEach(shard -> facts.put(shard.shardId(), shard));
        IOException failure = null;
        for (ShardBoard own : board.own(facts.keySet())) {
            ShardFacts of = facts.get(own.scope().shardId());
            if (of != null) {
                try {
                    write(own, of);
                } catch (IOException e) {
                    failure = e;
                }
            }
        }
        left.keySet().retainAll(facts.keySet());
        if (failure != null) {
            throw failure;
        }
    }

    private void write(ShardBoard own, ShardFacts facts) throws IOException {
        String shardId = own.scope().shardId();
        long changed = own.changed();
        long now = clock.millis();
        Left before = left.get(shardId);
        if (before != null
                && before.epoch() == own.scope().epoch()
                && before.changed() == changed
                && now - before.atMillis() < QUIET_TURNS * everyMillis) {
            return;
        }
        int room = FIRST_CARD_BYTES;
        byte[] packed = Gzip.compress(own.overview(facts, now, room));
        while (packed.length > Overviews.MOST_BYTES && room > 0) {
            room /= 2;
            packed = Gzip.compress(own.overview(facts, now, room));
        }
        overviews.put(shardId, own.scope().epoch(), packed);
        left.put(shardId, new Left(own.scope().epoch(), changed, now));
    }

    /** Ends within two seconds; what has changed since the last turn is left by the next holders. */
    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
                LOG.debug("A call for overviews is still under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
