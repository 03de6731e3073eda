package io.processoptimizer.recover.rehearse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells the first field in which two JSON values differ. Numbers are compared by value: a table may write 0.50 as 0.5. */
final class JsonDifference {
    private JsonDifference() {}

    /** @return "field: replayed → live", or null where there is no difference */
    static @Nullable String first(JsonNode replayed, JsonNode live) {
        return first("", replayed, live);
    }

    private static @Nullable String first(String path, @Nullable JsonNode replayed, @Nullable JsonNode live) {
        if (replayed instanceof ObjectNode && live instanceof ObjectNode) {
            Set<String> names = new TreeSet<>();
            replayed.fieldNames().forEachRemaining(names::add);
            live.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String found = first(path.isEmpty() ? name : path + "." + name, replayed.get(name), live.get(name));
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        if (replayed instanceof ArrayNode && live instanceof ArrayNode) {
            for (int i = 0; i < Math.max(replayed.size(), live.size()); i++) {
                String found = first(path + "[" + i + "]", replayed.get(i), live.get(i));
                if (found != null) {
                    return found;
                }
            }
            return null;
        }
        return isSame(replayed, live) ? null : path + ": " + text(replayed) + " → " + text(live);
    }

    private static boolean isSame(@Nullable JsonNode replayed, @Nullable JsonNode live) {
        if (replayed == null || live == null) {
            return replayed == null && live == null;
        }
        if (replayed.isNumber() && live.isNumber()) {
            return replayed.decimalValue().compareTo(live.decimalValue()) == 0;
        }
        return replayed.equals(live);
    }

    private static String text(@Nullable JsonNode node) {
        return node == null ? "nothing" : node.toString();
    }
}
