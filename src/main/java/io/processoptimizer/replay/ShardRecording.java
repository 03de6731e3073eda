package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.RecordingManifest.End;
import io.processoptimizer.replay.RecordingManifest.Extent;
import io.processoptimizer.replay.RecordingManifest.Gap;
import io.processoptimizer.replay.RecordingManifest.Shard;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The recording of one shard: fetches, lines, what is durable of them. Steps come one after the other, each on any thread. */
final class ShardRecording implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ShardRecording.class);

    /** A slow stream is on the disk at most this much later; it also bounds how many small members a file gets. */
    private static final long FLUSH_MILLIS = 5_000;

    /** Gaps that are noted of one shard; with more of them the folder is of no use any more. */
    private static final int MAX_GAPS = 1_000;

    private final Context context;
    private final RecordedShard shard;
    private final ReadFrom began;
    private final ShardFile file;
    private final List<Gap> gaps;
    private @Nullable ShardReader reader;
    private @Nullable RecordPosition last;
    private long readUntilMillis;
    private long flushedMillis;
    private boolean closed;
    private volatile Shard state;
    private volatile ShardStatus status;

    /**
     * What all shards of a recording share.
     *
     * @param bounds when it is done
     * @param quota what is left of {@link RecordBounds#maxRecords()}, and the memory of all shards
     * @param startedMillis when this run started, epoch ms
     * @param retentionMillis how long the stream keeps a record
     * @param flushBytes lines that wait for the disk, of one shard
     */
    record Context(
            StreamSource source,
            RecordBounds bounds,
            RecordQuota quota,
            InstantSource clock,
            long startedMillis,
            long retentionMillis,
            int flushBytes) {}

    /**
     * @param known what the manifest says of it
     * @param file its file, which this closes
     */
    ShardRecording(Context context, Shard known, ShardFile file) {
        this.context = context;
        this.shard = known.shard();
        this.began = known.from();
        this.file = file;
        this.gaps = new ArrayList<>(known.gaps());
        this.last = file.durable().last();
        this.readUntilMillis = file.durable().readUntilMillis();
        this.flushedMillis = context.clock.millis();
        this.state = new Shard(shard, began, file.durable(), null, gaps);
        this.status = new ShardStatus(shard.shardId(), file.durable().records(), 0, 0, -1, null);
    }

    /** What is durable of it: for the manifest. Any thread may ask. */
    Shard state() {
        return state;
    }

    /** Any thread may ask. */
    ShardStatus status() {
        return status;
    }

    /**
     * One fetch, and its lines.
     *
     * @return whether to wait before the next, because there is nothing more now
     */
    boolean step() throws InterruptedException {
        long now = context.clock.millis();
        Fetched fetched;
        try {
            if (reader == null) {
                reader = new UnbrokenReader(
                        context.source,
                        shard.shardId(),
                        last == null ? began : new ReadFrom.After(last),
                        context.clock,
                        context.retentionMillis);
            }
            fetched = reader.next();
        } catch (TrimmedException e) {
            noteGap(e, now);
            return false;
        }
        boolean bound = take(fetched);
        if (!bound) {
            readUntilMillis = Math.max(readUntilMillis, now - fetched.millisBehindLatest());
        }
        boolean tip = fetched.millisBehindLatest() == 0;
        if (bound || (tip && context.bounds.isReachedAtTheTip(now) && !fetched.ended())) {
            end(End.BOUND);
        } else if (fetched.ended()) {
            end(End.SHARD_END);
        } else if (file.bufferedBytes() >= context.flushBytes
                || context.quota.isMemoryFull()
                || now - flushedMillis >= FLUSH_MILLIS) {
            flush(null);
        }
        return tip;
    }

    /** @return whether a bound was met */
    private boolean take(Fetched fetched) {
        int before = file.bufferedBytes();
        boolean bound = false;
        long dataBytes = 0;
        long records = 0;
        for (RecordedRecord record : fetched.records()) {
            if (context.bounds.isBeyond(record.arrivalMillis(), context.startedMillis) || !context.quota.takeRecord()) {
                bound = true;
                break;
            }
            file.add(record);
            last = record.position();
            records++;
            dataBytes += record.data().length;
        }
        context.quota.addMemory(file.bufferedBytes() - before);
        ShardStatus was = status;
        status = new ShardStatus(
                shard.shardId(),
                was.records() + records,
                was.newRecords() + records,
                was.newBytes() + dataBytes,
                fetched.millisBehindLatest(),
                null);
        return bound;
    }

    private void noteGap(TrimmedException e, long now) {
        if (readUntilMillis > now - context.retentionMillis + UnbrokenReader.MARGIN_MILLIS) {
            return; // The record before is gone, but what followed it is still kept.
        }
        LOG.debug("{}", e.getMessage());
        if (gaps.size() < MAX_GAPS) {
            gaps.add(new Gap(last, now));
        }
        flush(null);
    }

    /** Ends it for now: everything to the disk. Does nothing where it has ended. */
    void end(End why) {
        if (state.ended() != null) {
            return;
        }
        flush(why);
        ShardStatus was = status;
        status = new ShardStatus(
                was.shardId(), was.records(), was.newRecords(), was.newBytes(), was.behindMillis(), why);
    }

    private void flush(@Nullable End why) {
        int buffered = file.bufferedBytes();
        file.flush(readUntilMillis);
        context.quota.addMemory(-buffered);
        flushedMillis = context.clock.millis();
        Extent durable = file.durable();
        RecordedShard now = why == End.SHARD_END
                ? new RecordedShard(
                        shard.shardId(), shard.startingHashKey(), shard.endingHashKey(), shard.parents(), true)
                : shard;
        state = new Shard(now, began, durable, why, gaps);
    }

    @Override
    public void close() throws IOException {
        if (!closed) {
            closed = true;
            file.close();
        }
    }
}
