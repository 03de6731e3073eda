package io.processoptimizer.replay;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.RecordPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a folder of a recording holds, and where recording goes on: its file {@code recording.json}. It may be older than the shards'
 * files, never newer. Times are epoch ms.
 *
 * @param stream the stream that is recorded
 * @param terms what was asked for at the first start, and holds for all later ones
 * @param shards what is known of each shard, in the order of their ids
 */
public record RecordingManifest(StreamId stream, Terms terms, List<Shard> shards) {
    /** Name of the file in the folder. */
    public static final String FILE_NAME = "recording.json";

    /** Name of the process definitions in the folder. */
    public static final String DEFINITIONS_NAME = "processes.yaml";

    static final int FORMAT = 1;

    public RecordingManifest {
        shards = List.copyOf(shards);
    }

    /**
     * Which stream.
     *
     * @param createdMillis tells it from one of the same name that was made anew
     */
    public record StreamId(String name, String arn, long createdMillis) {
        boolean isSameAs(StreamId other) {
            // Some protocols give the time of creation in whole seconds.
            return arn.equals(other.arn) && createdMillis / 1_000 == other.createdMillis / 1_000;
        }
    }

    /**
     * What is recorded.
     *
     * @param from where reading began
     * @param startedMillis when the recording was started for the first time
     * @param compressed whether the files are gzip
     * @param selected ids of the shards that were asked for; empty: all, and those that they are split and merged into
     */
    public record Terms(ReadFrom from, long startedMillis, boolean compressed, List<String> selected) {
        public Terms {
            selected = List.copyOf(selected);
        }
    }

    /**
     * What is recorded of a shard.
     *
     * @param from where reading it began
     * @param extent how much is in its file
     * @param ended why recording it ended; null: it runs, or was killed
     * @param gaps where records may be missing, oldest first
     */
    public record Shard(
            RecordedShard shard,
            ReadFrom from,
            Extent extent,
            @Nullable End ended,
            List<Gap> gaps) {
        public Shard {
            gaps = List.copyOf(gaps);
        }

        /** Whether there can be nothing more to record. */
        public boolean finished() {
            return ended == End.SHARD_END || ended == End.EXPIRED || ended == End.CLOSED_BEFORE;
        }

        /** Name of its file in the folder. */
        public String fileName(boolean compressed) {
            return shard.shardId() + (compressed ? ".ndjson.gz" : ".ndjson");
        }
    }

    /**
     * How much of a shard is durable.
     *
     * @param records lines in the file
     * @param bytes length of the file
     * @param last the position of the last line; null: there is none
     * @param readUntilMillis all that arrived before has been read, by our clock; 0: nothing is known
     */
    public record Extent(long records, long bytes, @Nullable RecordPosition last, long readUntilMillis) {
        static final Extent NONE = new Extent(0, 0, null, 0);
    }

    /**
     * A place where records may be missing, because the stream had dropped them before they were read.
     *
     * @param after the last record before it; null: from the beginning
     * @param noticedMillis when it was noticed
     */
    public record Gap(@Nullable RecordPosition after, long noticedMillis) {}

    /** Why recording a shard ended. */
    public enum End {
        /** What was asked for is recorded; there may be more. */
        BOUND,
        /** The shard is closed, and all of it is recorded. */
        SHARD_END,
        /** It was stopped. */
        STOPPED,
        /** It failed, or another shard did. */
        FAILED,
        /** It was closed before a recording from latest began: there was nothing to record. */
        CLOSED_BEFORE,
        /** The stream dropped the shard before its end was recorded. */
        EXPIRED;

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a manifest.
     *
     * @param file named in messages
     * @throws IOException where it is none, with what is wrong
     */
    static RecordingManifest parse(byte[] json, Path file) throws IOException {
        return ManifestJson.read(new ObjectMapper(), json, file);
    }

    byte[] toBytes() {
        return ManifestJson.write(new ObjectMapper(), this);
    }
}
