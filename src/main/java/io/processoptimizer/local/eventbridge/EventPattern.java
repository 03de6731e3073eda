package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.local.wire.ServiceError;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which events a rule is for.
 *
 * <p>A pattern has the shape of an event; each leaf is a list of conditions of which one must hold. An array in the event matches where
 * one of its elements does. Cost: linear in the pattern times the arrays met on the way. Source: "Amazon EventBridge event
 * patterns" in the EventBridge user guide.
 */
final class EventPattern {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String OR = "$or";

    /** The service's own limit. */
    private static final int MAX_LENGTH = 4_096;

    private final JsonNode pattern;

    private EventPattern(JsonNode pattern) {
        this.pattern = pattern;
    }

    /** Reads and checks a pattern. */
    static EventPattern parse(String json) {
        if (json.length() > MAX_LENGTH) {
            throw invalid("it has " + json.length() + " characters, at most " + MAX_LENGTH);
        }
        JsonNode pattern;
        try {
            pattern = MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw invalid("it is not JSON: " + e.getOriginalMessage());
        }
        checkObject(pattern, "the pattern");
        return new EventPattern(pattern);
    }

    private static void checkObject(JsonNode node, String where) {
        if (!node.isObject() || node.isEmpty()) {
            throw invalid(where + " must be an object with at least one field");
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            String name = '"' + field.getKey() + '"';
            JsonNode value = field.getValue();
            if (field.getKey().equals(OR)) {
                if (!value.isArray() || value.size() < 2) {
                    throw invalid("\"$or\" must be an array of at least two objects");
                }
                value.forEach(one -> checkObject(one, "each element of \"$or\""));
            } else if (value.isObject()) {
                checkObject(value, name);
            } else if (value.isArray() && !value.isEmpty()) {
                value.forEach(condition -> Condition.check(condition, name));
            } else {
                throw invalid(name + " must be an object or a non-empty array");
            }
        }
    }

    static ServiceError invalid(String reason) {
        return ServiceError.of("InvalidEventPatternException", "Event pattern is not valid. Reason: " + reason);
    }

    /** Whether an event, in the form in which targets get it, is one of those. */
    boolean matches(JsonNode event) {
        return matchesObject(pattern, event);
    }

    private static boolean matchesObject(JsonNode pattern, @Nullable JsonNode event) {
        for (Map.Entry<String, JsonNode> field : pattern.properties()) {
            if (!matchesField(field.getKey(), field.getValue(), event)) {
                return false;
            }
        }
        return true;
    }

    private static boolean matchesField(String name, JsonNode wanted, @Nullable JsonNode event) {
        if (name.equals(OR)) {
            return anyOf(wanted, one -> matchesObject(one, event));
        }
        JsonNode value = event == null ? null : event.get(name);
        if (wanted.isObject()) {
            return (value != null && value.isArray())
                    ? anyOf(value, element -> matchesObject(wanted, element))
                    : matchesObject(wanted, value);
        }
        return anyOf(wanted, condition -> holds(condition, value));
    }

    /** An object is no leaf: to a leaf's condition it is as good as absent. */
    private static boolean holds(JsonNode condition, @Nullable JsonNode value) {
        if (value == null || value.isObject()) {
            return Condition.holdsForAbsent(condition);
        }
        if (value.isArray()) {
            return value.isEmpty()
                    ? Condition.holdsForAbsent(condition)
                    : anyOf(value, element -> Condition.holds(condition, element));
        }
        return Condition.holds(condition, value);
    }

    private static boolean anyOf(JsonNode array, Predicate<JsonNode> test) {
        for (JsonNode element : array) {
            if (test.test(element)) {
                return true;
            }
        }
        return false;
    }
}
