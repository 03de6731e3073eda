package io.processoptimizer.local.faults;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is to go wrong.
 *
 * @param service whose requests
 * @param table only requests that name this DynamoDB table; null: all
 * @param kind what happens to them
 * @param share how many of them, above 0 and at most 1; which, is chance
 */
public record Fault(FaultyService service, @Nullable String table, Kind kind, double share) {
    /** What happens to a request. */
    public enum Kind {
        /** It is refused as too much for now. */
        THROTTLE,
        /** It is refused as an error of the service's own. */
        FAIL,
        /** No answer comes while the fault lasts, and then that of a failure. */
        HANG,
        /** It is carried out, and reported as failed. */
        LOSE_ANSWER;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public Fault {
        if (!(share > 0 && share <= 1)) {
            throw new IllegalArgumentException("share (" + share + ") must be above 0 and at most 1");
        }
        if (table != null && service != FaultyService.DYNAMODB) {
            throw new IllegalArgumentException("table (" + table + ") is for the service dynamodb only");
        }
    }

    /** @throws IllegalArgumentException where the node describes none, with what is wrong */
    static Fault of(JsonNode node) {
        JsonNode table = node.get("table");
        return new Fault(
                choice(node, "service", FaultyService.class),
                table == null || table.isNull() ? null : table.asText(),
                choice(node, "kind", Kind.class),
                node.path("share").asDouble(1));
    }

    private static <E extends Enum<E>> E choice(JsonNode node, String field, Class<E> type) {
        String text = node.path(field).asText();
        return Arrays.stream(type.getEnumConstants())
                .filter(one -> one.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(field + " (" + text + ") must be one of "
                        + Arrays.stream(type.getEnumConstants())
                                .map(one -> one.name().toLowerCase(Locale.ROOT))
                                .collect(Collectors.joining(", "))));
    }

    boolean concerns(FaultyService asked, String body) {
        // A table's name stands in quotes wherever a request names it, and in no other place that matters here.
        return service == asked && (table == null || body.contains('"' + table + '"'));
    }
}
