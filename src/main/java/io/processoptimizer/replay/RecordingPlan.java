package io.processoptimizer.replay;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a recorder is asked for. What is left open goes on as the folder was begun.
 *
 * @param from where reading begins; null: as before, at first {@link ReadFrom.TrimHorizon}; not {@link ReadFrom.After}
 * @param shards ids of the shards; empty: as before, at first all, and those that they are split and merged into
 * @param bounds when it is done
 * @param plain without compression; false: as before, at first gzip
 * @param definitions file of process definitions that belongs to the recording; null: there is none
 */
public record RecordingPlan(
        @Nullable ReadFrom from,
        List<String> shards,
        RecordBounds bounds,
        boolean plain,
        @Nullable Path definitions) {
    public RecordingPlan {
        shards = List.copyOf(shards);
        if (from instanceof ReadFrom.After) {
            throw new IllegalArgumentException("a recording begins at no record's position");
        }
    }

    /** All of the stream up to now, compressed. */
    public static final RecordingPlan DEFAULT =
            new RecordingPlan(null, List.of(), RecordBounds.ALL_SO_FAR, false, null);

    public RecordingPlan withBounds(RecordBounds newBounds) {
        return new RecordingPlan(from, shards, newBounds, plain, definitions);
    }

    /**
     * The terms of a recording that this plan starts.
     *
     * @throws RecordingException where a shard is asked for that the stream does not have
     */
    RecordingManifest.Terms begin(StreamDescription stream, long nowMillis) {
        List<String> known =
                stream.shards().stream().map(RecordedShard::shardId).sorted().toList();
        for (String shard : shards) {
            if (!known.contains(shard)) {
                throw new RecordingException("--shard " + shard + ": the stream " + stream.name()
                        + " has no such shard; it has " + String.join(", ", known));
            }
        }
        return new RecordingManifest.Terms(from == null ? new ReadFrom.TrimHorizon() : from, nowMillis, !plain, shards);
    }

    /**
     * Whether this plan goes on with what a folder holds.
     *
     * @throws RecordingException where it asks for something else
     */
    void requireSame(RecordingManifest found, RecordingManifest.StreamId stream, Path folder) {
        if (!found.stream().isSameAs(stream)) {
            throw new RecordingException(folder + " is a recording of " + text(found.stream()) + ", not of "
                    + text(stream) + "; use another folder");
        }
        RecordingManifest.Terms terms = found.terms();
        if (from != null && !from.equals(terms.from())) {
            throw new RecordingException(folder + " is recorded from " + text(terms.from()) + "; --from " + text(from)
                    + " would not fit to it: leave --from out to go on, or use another folder");
        }
        if (plain && terms.compressed()) {
            throw new RecordingException(
                    folder + " is recorded with gzip; leave --plain out to go on, or use another folder");
        }
        if (!shards.isEmpty()
                && !shards.stream()
                        .sorted()
                        .toList()
                        .equals(terms.selected().stream().sorted().toList())) {
            throw new RecordingException(folder + " is a recording of "
                    + (terms.selected().isEmpty() ? "all shards" : String.join(", ", terms.selected()))
                    + "; leave --shard out to go on, or use another folder");
        }
    }

    private static String text(RecordingManifest.StreamId stream) {
        return stream.arn() + " made at " + Instant.ofEpochMilli(stream.createdMillis());
    }

    private static String text(ReadFrom from) {
        if (from instanceof ReadFrom.AtTimestamp at) {
            return Instant.ofEpochMilli(at.epochMillis()).toString();
        }
        return from instanceof ReadFrom.Latest ? "latest" : "trim_horizon";
    }
}
