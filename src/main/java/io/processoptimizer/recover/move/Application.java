package io.processoptimizer.recover.move;

import io.processoptimizer.event.RecordPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * What an application stood on at one moment, without the bytes of its states.
 *
 * @param name of the application
 * @param streamArn the stream's name in AWS
 * @param streamCreated when the stream was made, epoch seconds
 * @param takenAtMillis when this was read, epoch milliseconds
 * @param generations the counter of reprocessings, 0 or more
 * @param shards in the order of their ids
 */
public record Application(
        String name, String streamArn, long streamCreated, long takenAtMillis, long generations, List<Shard> shards) {
    public Application {
        shards = List.copyOf(shards);
    }

    /**
     * One shard.
     *
     * @param lease KCL's row
     * @param pointer which state counts; null where the shard was never taken
     * @param savepoints further states
     */
    public record Shard(
            String id,
            Map<String, AttributeValue> lease,
            @Nullable Map<String, AttributeValue> pointer,
            List<Map<String, AttributeValue>> savepoints) {
        public Shard {
            lease = Map.copyOf(lease);
            savepoints = List.copyOf(savepoints);
        }

        /** The states that it needs, each once. */
        public List<State> states() {
            List<State> states = new ArrayList<>();
            State present = pointer == null ? null : state(Item.text(pointer, "state"), pointer);
            if (present != null) {
                states.add(present);
            }
            for (Map<String, AttributeValue> savepoint : savepoints) {
                State state = state(savepointId(savepoint), savepoint);
                if (state != null && !states.contains(state)) {
                    states.add(state);
                }
            }
            return states;
        }

        private static @Nullable State state(@Nullable String id, Map<String, AttributeValue> item) {
            return id == null ? null : new State(id, (int) Item.number(item, "chunks"), Item.number(item, "bytes"));
        }

        static String savepointId(Map<String, AttributeValue> savepoint) {
            String part = Item.text(savepoint, "part");
            return part == null ? "" : part.substring(part.indexOf('#') + 1);
        }

        /** Whether KCL has processed it to its end. */
        public boolean hasEnded() {
            return "SHARD_END".equals(Item.text(lease, "checkpoint"));
        }

        /** Where its state stands; null: nowhere. */
        public @Nullable RecordPosition position() {
            return positionOf(pointer);
        }

        static @Nullable RecordPosition positionOf(@Nullable Map<String, AttributeValue> pointer) {
            String sequence = pointer == null ? null : Item.text(pointer, "sequence");
            return pointer == null || sequence == null
                    ? null
                    : new RecordPosition(sequence, Item.number(pointer, "subsequence"));
        }

        /** Whether others go on from where the shard has ended. */
        static boolean isSealed(@Nullable Map<String, AttributeValue> pointer) {
            return pointer != null && pointer.containsKey("children");
        }

        /** When its state was written, epoch milliseconds; 0 where it has none. */
        public long committedMillis() {
            return pointer == null ? 0 : Item.number(pointer, "committed_at");
        }
    }

    /** A stored state: its id, of how many parts it consists, and its size in memory, bytes. */
    public record State(String id, int parts, long bytes) {}

    /** The fingerprint of the configuration that the newest state was computed with; null where none says. */
    public @Nullable String configuration() {
        Shard newest = null;
        for (Shard shard : shards) {
            if (newest == null || shard.committedMillis() > newest.committedMillis()) {
                newest = shard;
            }
        }
        Map<String, AttributeValue> pointer = newest == null ? null : newest.pointer();
        return pointer == null ? null : Item.text(pointer, "configuration");
    }
}
