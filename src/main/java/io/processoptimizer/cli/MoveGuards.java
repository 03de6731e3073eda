package io.processoptimizer.cli;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.kinesis.ShardProbe;
import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.replay.RecordedShard;
import io.processoptimizer.replay.StreamDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether a stream still has what an application that was taken needs. */
final class MoveGuards {
    /** Other readers of a shard may use up its five reads a second. */
    private static final int ATTEMPTS = 5;

    private static final long PAUSE_MILLIS = 500;

    private MoveGuards() {}

    /** What a read at a position says; null where the shard cannot be read now. */
    interface Horizon {
        ShardProbe.@Nullable Lag lag(String shardId, RecordPosition position) throws InterruptedException;
    }

    /** What speaks against it, one sentence each. */
    static List<String> stream(Application application, StreamDescription stream, Horizon horizon)
            throws InterruptedException {
        List<String> refusals = new ArrayList<>();
        if (!application.streamArn().equals(stream.arn())
                || application.streamCreated() != stream.createdMillis() / 1_000) {
            refusals.add("the export is of " + application.streamArn() + ", made "
                    + Instant.ofEpochSecond(application.streamCreated()) + ", and the settings name " + stream.arn()
                    + ", made " + Instant.ofEpochMilli(stream.createdMillis())
                    + ": positions of one mean nothing in the other; check stream.name");
            return refusals;
        }
        Set<String> known = stream.shards().stream().map(RecordedShard::shardId).collect(Collectors.toSet());
        for (Shard shard : application.shards()) {
            String refusal = shard.hasEnded() ? null : trimmed(shard, known, horizon);
            if (refusal != null) {
                refusals.add(refusal);
            }
        }
        return refusals;
    }

    private static @Nullable String trimmed(Shard shard, Set<String> known, Horizon horizon)
            throws InterruptedException {
        if (!known.contains(shard.id())) {
            return shard.id() + " is gone from the stream, and the export has not read it to its end: the rest of its"
                    + " records is lost; use a newer export";
        }
        RecordPosition position = shard.position();
        if (position == null) {
            return null;
        }
        ShardProbe.Lag lag = null;
        for (int attempt = 0; attempt < ATTEMPTS && lag == null; attempt++) {
            if (attempt > 0) {
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            }
            lag = horizon.lag(shard.id(), position);
        }
        if (lag == null) {
            return shard.id()
                    + " cannot be read now, so that nobody knows whether the stream still has what comes behind "
                    + position.sequenceNumber() + "; try again";
        }
        return lag.trimmed()
                ? shard.id() + " stood at " + position.sequenceNumber() + " ("
                        + Instant.ofEpochMilli(shard.committedMillis())
                        + "), and the stream no longer has that: records behind it may be gone unread; use a newer"
                        + " export"
                : null;
    }
}
