package io.processoptimizer.recover;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Tells the first field in which two JSON values differ. Numbers are compared by value: a table may write 0.50 as 0.5. */
public final class JsonDifference {
    private JsonDifference() {}

    /** @return "field: expected → found", or null where there is no difference */
    public static @Nullable String first(JsonNode expected, JsonNode found) {
        return first("", expected, found);
    }

    private static @Nullable String first(String path, @Nullable JsonNode expected, @Nullable JsonNode found) {
        if (expected instanceof ObjectNode && found instanceof ObjectNode) {
            Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            found.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                String difference =
                        first(path.isEmpty() ? name : path + "." + name, expected.get(name), found.get(name));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        if (expected instanceof ArrayNode && found instanceof ArrayNode) {
            for (int i = 0; i < Math.max(expected.size(), found.size()); i++) {
                String difference = first(path + "[" + i + "]", expected.get(i), found.get(i));
                if (difference != null) {
                    return difference;
                }
            }
            return null;
        }
        return isSame(expected, found) ? null : path + ": " + text(expected) + " → " + text(found);
    }

    private static boolean isSame(@Nullable JsonNode expected, @Nullable JsonNode found) {
        if (expected == null || found == null) {
            return expected == null && found == null;
        }
        if (expected.isNumber() && found.isNumber()) {
            return expected.decimalValue().compareTo(found.decimalValue()) == 0;
        }
        return expected.equals(found);
    }

    private static String text(@Nullable JsonNode node) {
        return node == null ? "nothing" : node.toString();
    }
}
