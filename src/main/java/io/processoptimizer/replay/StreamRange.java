package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.pipeline.ShardRange;
import io.processoptimizer.replay.RecordBlock.Envelope;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A range of a stream, straight from it and without leases: all shards at once, merged by sequence number as the files of a recording
 * are. Of each shard one fetch is held and the next is under way, so memory does not depend on the range.
 */
public final class StreamRange implements RecordSource {
    /** Fetches under way at once; a shard answers a few times a second only. */
    private static final int MAX_THREADS = 16;

    private final StreamSource stream;
    private final long untilMillis;
    private final ExecutorService fetches;
    private final PriorityQueue<Cursor> merged = new PriorityQueue<>();
    private final List<String> damages = new ArrayList<>();
    private final List<Cursor> unread = new ArrayList<>();

    /**
     * @param from where each shard begins
     * @param untilMillis records that arrived later are left out; not in the future, epoch milliseconds
     */
    public StreamRange(StreamSource stream, ReadFrom from, long untilMillis, InstantSource clock)
            throws InterruptedException {
        this(stream, shard -> from, untilMillis, clock);
    }

    /**
     * @param from where each shard begins, or null where it is not read
     * @param untilMillis records that arrived later are left out; not in the future, epoch milliseconds
     */
    public StreamRange(
            StreamSource stream,
            Function<RecordedShard, @Nullable ReadFrom> from,
            long untilMillis,
            InstantSource clock)
            throws InterruptedException {
        this.stream = stream;
        this.untilMillis = untilMillis;
        StreamDescription description = stream.describe();
        List<RecordedShard> shards = description.shards();
        fetches = Executors.newFixedThreadPool(Math.max(1, Math.min(MAX_THREADS, shards.size())), task -> {
            Thread thread = new Thread(task, "stream-range");
            thread.setDaemon(true);
            return thread;
        });
        for (RecordedShard shard : shards) {
            ReadFrom begin = from.apply(shard);
            if (begin != null) {
                Cursor cursor = new Cursor(
                        shard,
                        new UnbrokenReader(stream, shard.shardId(), begin, clock, description.retentionMillis()));
                cursor.fetchNext();
                unread.add(cursor);
            }
        }
    }

    @Override
    public boolean fill(RecordBlock block) throws InterruptedException {
        for (Cursor cursor : unread) {
            if (cursor.advance()) {
                merged.add(cursor);
            }
        }
        unread.clear();
        while (!block.isFull()) {
            Cursor first = merged.poll();
            if (first == null) {
                break;
            }
            RecordedRecord record = first.record();
            byte[] data = record.data();
            block.add(
                    data,
                    0,
                    data.length,
                    new Envelope(first.range, record.position(), record.partitionKey(), record.arrivalMillis(), null));
            if (first.advance()) {
                merged.add(first);
            }
        }
        return block.count() > 0;
    }

    @Override
    public List<String> damages() {
        return List.copyOf(damages);
    }

    @Override
    public double progress() {
        return Double.NaN;
    }

    @Override
    public void close() {
        fetches.shutdownNow();
        stream.close();
    }

    private final class Cursor implements Comparable<Cursor> {
        private final ShardRange range;
        private final ShardReader reader;
        private final ArrayDeque<RecordedRecord> fetched = new ArrayDeque<>();
        private @Nullable Future<@Nullable Fetched> underWay;
        private @Nullable RecordedRecord record;
        private boolean last;

        Cursor(RecordedShard shard, ShardReader reader) {
            range = new ShardRange(shard.shardId(), shard.startingHashKey(), shard.endingHashKey());
            this.reader = reader;
        }

        void fetchNext() {
            underWay = fetches.submit(() -> {
                try {
                    return reader.next();
                } catch (TrimmedException e) {
                    synchronized (damages) {
                        damages.add(e.getMessage());
                    }
                    return null;
                }
            });
        }

        /** Moves to the shard's next record in the range; false where there is none. */
        boolean advance() throws InterruptedException {
            while (fetched.isEmpty() && !last) {
                take();
            }
            RecordedRecord next = fetched.poll();
            record = next;
            return next != null;
        }

        private void take() throws InterruptedException {
            Future<@Nullable Fetched> answer = underWay;
            if (answer == null) {
                throw new IllegalStateException("nothing was fetched of " + range.shardId());
            }
            Fetched got;
            try {
                got = answer.get();
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("reading " + range.shardId() + " failed", e.getCause());
            }
            if (got == null) {
                fetchNext();
                return;
            }
            for (RecordedRecord next : got.records()) {
                if (next.arrivalMillis() > untilMillis) {
                    last = true;
                    return;
                }
                fetched.add(next);
            }
            // At the tip everything that arrived before now, and so before the end of the range, has been read.
            last = got.ended() || (got.records().isEmpty() && got.millisBehindLatest() == 0);
            if (!last) {
                fetchNext();
            }
        }

        RecordedRecord record() {
            if (record == null) {
                throw new IllegalStateException("no record of " + range.shardId() + " is at hand");
            }
            return record;
        }

        @Override
        public int compareTo(Cursor other) {
            RecordPosition mine = record().position();
            int byPosition = mine.compareTo(other.record().position());
            return byPosition != 0 ? byPosition : range.shardId().compareTo(other.range.shardId());
        }
    }
}
