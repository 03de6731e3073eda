package io.processoptimizer.aws;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import io.processoptimizer.checkpoint.Reprocessing;
import io.processoptimizer.checkpoint.ShardPointer;
import io.processoptimizer.checkpoint.Snapshot;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** Pointers and savepoints as items of the table of states, for tests that keep them otherwise. */
public final class StoredPointers {
    private StoredPointers() {}

    /** The item of a pointer. */
    public static Map<String, AttributeValue> item(String shardId, ShardPointer pointer) {
        Map<String, AttributeValue> item = new HashMap<>(key(shardId, "pointer"));
        item.put("epoch", PointerItems.number(pointer.holder().epoch()));
        item.put("holder", fromS(pointer.holder().owner()));
        Snapshot state = pointer.snapshot();
        if (state != null) {
            item.put("state", fromS(state.id()));
            item.putAll(PointerItems.fields(state));
        }
        if (pointer.isSealed()) {
            item.put(
                    "children",
                    AttributeValue.fromSs(pointer.children().stream().sorted().toList()));
        }
        if (!pointer.failures().isEmpty()) {
            item.put(
                    "failures",
                    AttributeValue.fromSs(
                            pointer.failures().stream().map(PointerItems::text).toList()));
        }
        if (pointer.withoutState()) {
            item.put("without_state", AttributeValue.fromBool(true));
        }
        Reprocessing asked = pointer.reprocessing();
        if (asked != null) {
            item.putAll(PointerItems.fields(asked));
        }
        return item;
    }

    /** The item of a savepoint. */
    public static Map<String, AttributeValue> savepointItem(String shardId, Snapshot savepoint) {
        Map<String, AttributeValue> item = new HashMap<>(key(shardId, "savepoint#" + savepoint.id()));
        item.putAll(PointerItems.fields(savepoint));
        String label = savepoint.label();
        if (label != null) {
            item.put("label", fromS(label));
        }
        return item;
    }

    /** What an item of a pointer says. */
    public static ShardPointer pointer(Map<String, AttributeValue> item) {
        return PointerItems.pointer(item);
    }

    /** What an item of a savepoint says; null where the item is none. */
    public static @Nullable Snapshot savepoint(Map<String, AttributeValue> item) {
        String part = PointerItems.text(item, "part", "");
        return part.startsWith("savepoint#")
                ? PointerItems.snapshot(part.substring("savepoint#".length()), item)
                : null;
    }

    private static Map<String, AttributeValue> key(String shardId, String part) {
        return Map.of("shard", fromS(shardId), "part", fromS(part));
    }
}
