package io.processoptimizer.kinesis;

import io.processoptimizer.aws.AwsClients;
import io.processoptimizer.aws.Calls;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.replay.Fetched;
import io.processoptimizer.replay.ReadFrom;
import io.processoptimizer.replay.ShardReader;
import io.processoptimizer.replay.TrimmedException;
import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.GetShardIteratorRequest;
import software.amazon.awssdk.services.kinesis.model.KinesisException;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** How far a position is behind the end of its shard. */
public final class ShardProbe {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    private final KinesisAsyncClient kinesis;
    private final KinesisStreamSource source;
    private final String stream;

    /** @param clients not closed by this */
    public ShardProbe(AwsClients clients, String stream, InstantSource clock) {
        this.kinesis = clients.kinesis();
        this.source = new KinesisStreamSource(clients, stream, clock);
        this.stream = stream;
    }

    /**
     * What one read at a position says.
     *
     * @param behindMillis between what follows the position and the newest record, ≥ 0; 0: nothing follows
     * @param arrivalMillis when the record at the position arrived, epoch milliseconds, or {@link TelemetryEvent#ABSENT} where there is
     *     no such record
     * @param trimmed the stream no longer has the record at the position, so that later ones may be gone unread
     */
    public record Lag(long behindMillis, long arrivalMillis, boolean trimmed) {}

    /**
     * @param records how many user records follow a position
     * @param more whether counting was stopped at that: there are at least as many
     */
    public record Count(long records, boolean more) {}

    /**
     * One GetRecords of one record, of the five a second that Kinesis allows for a shard.
     *
     * @param position the last record that was processed; null: none was
     * @return null where the shard cannot be read now, or has gone
     */
    public @Nullable Lag lag(String shardId, @Nullable RecordPosition position) throws InterruptedException {
        GetShardIteratorRequest.Builder request =
                GetShardIteratorRequest.builder().streamName(stream).shardId(shardId);
        if (position == null) {
            request.shardIteratorType(ShardIteratorType.TRIM_HORIZON);
        } else {
            request.shardIteratorType(ShardIteratorType.AT_SEQUENCE_NUMBER)
                    .startingSequenceNumber(position.sequenceNumber());
        }
        try {
            String iterator = Calls.await(kinesis.getShardIterator(request.build()), ANSWER_WITHIN)
                    .shardIterator();
            GetRecordsResponse page = Calls.await(
                    kinesis.getRecords(r -> r.shardIterator(iterator).limit(1)), ANSWER_WITHIN);
            long behind = page.millisBehindLatest() == null ? 0 : page.millisBehindLatest();
            if (position == null) {
                return new Lag(behind, TelemetryEvent.ABSENT, false);
            }
            if (page.records().isEmpty()) {
                // Kinesis may need several reads to come to a record, and an idle shard may have none any more.
                return new Lag(behind, TelemetryEvent.ABSENT, false);
            }
            Record first = page.records().get(0);
            boolean isThePosition = first.sequenceNumber().equals(position.sequenceNumber());
            return new Lag(
                    behind,
                    isThePosition ? first.approximateArrivalTimestamp().toEpochMilli() : TelemetryEvent.ABSENT,
                    !isThePosition);
        } catch (KinesisException e) {
            // Throttled by other readers of the shard, or gone with its retention: what is known otherwise is shown.
            return null;
        }
    }

    /**
     * Counts what follows a position, at half the reads that a shard allows: the workers get on more slowly meanwhile.
     *
     * @param most records to count at least before it is given up
     */
    public Count count(String shardId, @Nullable RecordPosition position, long most) throws InterruptedException {
        ShardReader reader =
                source.open(shardId, position == null ? new ReadFrom.TrimHorizon() : new ReadFrom.After(position));
        long records = 0;
        boolean trimmed = false;
        while (records < most) {
            try {
                Fetched fetched = reader.next();
                records += fetched.records().size();
                if (fetched.ended() || fetched.millisBehindLatest() == 0) {
                    return new Count(records, trimmed);
                }
            } catch (TrimmedException e) {
                trimmed = true;
            }
        }
        return new Count(records, true);
    }
}
