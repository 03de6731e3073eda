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
 * @param delayMillis how long each waits before, 0 to {@link #MAX_DELAY_MILLIS}
 */
public record Fault(FaultyService service, @Nullable String table, Kind kind, double share, long delayMillis) {
    /** A quarter of an hour: no client of these services waits longer for an answer. */
    public static final long MAX_DELAY_MILLIS = 900_000;

    /** What happens to a request. */
    public enum Kind {
        /** It is refused as too much for now. */
        THROTTLE,
        /** It is refused as an error of the service's own. */
        FAIL,
        /** No answer comes while the fault lasts, and then that of a failure. */
        HANG,
        /** It is carried out, and reported as failed. */
        LOSE_ANSWER,
        /** The model took too long, says the service. */
        TIME_OUT,
        /** It is carried out, and answered, after its delay. */
        DELAY;

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
        if (kind == Kind.TIME_OUT && !service.hasTimeouts()) {
            throw new IllegalArgumentException("kind (time_out) is for the services bedrock and sagemaker only");
        }
        if (delayMillis < 0 || delayMillis > MAX_DELAY_MILLIS) {
            throw new IllegalArgumentException(
                    "delay_ms (" + delayMillis + ") must be 0 to " + MAX_DELAY_MILLIS + "; hang has no end of its own");
        }
        if ((kind == Kind.DELAY && delayMillis == 0) || (kind == Kind.HANG && delayMillis != 0)) {
            throw new IllegalArgumentException(
                    "delay_ms (" + delayMillis + ") must be above 0 for the kind delay, and" + " left out for hang");
        }
    }

    /** @throws IllegalArgumentException where the node describes none, with what is wrong */
    static Fault of(JsonNode node) {
        JsonNode table = node.get("table");
        return new Fault(
                choice(node, "service", FaultyService.class),
                table == null || table.isNull() ? null : table.asText(),
                choice(node, "kind", Kind.class),
                node.path("share").asDouble(1),
                delay(node.path("delay_ms")));
    }

    private static long delay(JsonNode node) {
        if (!node.isMissingNode() && !node.isIntegralNumber()) {
            throw new IllegalArgumentException("delay_ms (" + node + ") must be a whole number");
        }
        return node.asLong(0);
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
