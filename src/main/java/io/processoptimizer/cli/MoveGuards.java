package io.processoptimizer.cli;

import io.processoptimizer.recover.move.Application;
import io.processoptimizer.recover.move.Application.Shard;
import io.processoptimizer.replay.StreamDescription;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Whether a stream still has what an application that was taken needs. */
final class MoveGuards {
    private MoveGuards() {}

    /** What speaks against it, one sentence each. */
    static List<String> stream(Application application, StreamDescription stream, long nowMillis) {
        List<String> refusals = new ArrayList<>();
        if (!application.streamArn().equals(stream.arn())
                || application.streamCreated() != stream.createdMillis() / 1_000) {
            refusals.add("the export is of " + application.streamArn() + ", made "
                    + Instant.ofEpochSecond(application.streamCreated()) + ", and the settings name " + stream.arn()
                    + ", made " + Instant.ofEpochMilli(stream.createdMillis())
                    + ": positions of one mean nothing in the other; check stream.name");
            return refusals;
        }
        long oldest = nowMillis - stream.retentionMillis();
        for (Shard shard : application.shards()) {
            if (!shard.hasEnded() && shard.committedMillis() != 0 && shard.committedMillis() < oldest) {
                refusals.add(shard.id() + " stood at " + Instant.ofEpochMilli(shard.committedMillis())
                        + ", and the stream keeps " + TimeUnit.MILLISECONDS.toHours(stream.retentionMillis())
                        + " h: records behind it are gone; use a newer export");
            }
        }
        return refusals;
    }
}
