package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a reader of the results has to know of the input, which was read as asked: not all that happened is in it. */
public sealed interface InputNote {
    /** One sentence for a person. */
    String text();

    /**
     * The stream had dropped records before they were recorded.
     *
     * @param recording the folder, as a person names it
     * @param after the last record before them; null: they came before all that was recorded of the shard
     * @param noticedMillis when that was noticed, epoch ms
     */
    record MissingRecords(
            String recording, String shard, @Nullable RecordPosition after, long noticedMillis) implements InputNote {
        @Override
        public String text() {
            return recording + " may lack records of " + shard
                    + (after == null ? " before its first" : " after sequence " + after.sequenceNumber())
                    + ": the stream had dropped them before they were recorded (noticed "
                    + Instant.ofEpochMilli(noticedMillis) + "); windows around there may be too low";
        }
    }

    /**
     * Only some shards were recorded.
     *
     * @param recording the folder, as a person names it
     */
    record SelectedShards(String recording, List<String> shards) implements InputNote {
        public SelectedShards {
            shards = List.copyOf(shards);
        }

        @Override
        public String text() {
            return recording + " was recorded from " + (shards.size() == 1 ? "one shard" : shards.size() + " shards")
                    + " only (" + String.join(", ", shards) + "); processes of other shards are not in it";
        }
    }

    /**
     * The replay was stopped before the end of its input.
     *
     * @param records handed over until then
     * @param atMillis the time of the last of them, epoch ms; null: none told a time
     */
    record Stopped(long records, @Nullable Long atMillis) implements InputNote {
        @Override
        public String text() {
            return "stopped" + (atMillis == null ? "" : " at " + Instant.ofEpochMilli(atMillis)) + ", after " + records
                    + (records == 1 ? " record" : " records") + "; the results are those of the records until then";
        }
    }
}
