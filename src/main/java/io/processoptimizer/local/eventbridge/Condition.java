package io.processoptimizer.local.eventbridge;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** One condition of a pattern's leaf: a value to equal, or an operator. */
final class Condition {
    private static final String PREFIX = "prefix";
    private static final String SUFFIX = "suffix";
    private static final String ANYTHING_BUT = "anything-but";
    private static final String NUMERIC = "numeric";
    private static final String EXISTS = "exists";
    private static final String IGNORING_CASE = "equals-ignore-case";
    private static final String WILDCARD = "wildcard";

    private static final Set<String> COMPARISONS = Set.of("=", "<", "<=", ">", ">=");

    private Condition() {}

    /** Throws where a condition is of no known form. */
    static void check(JsonNode condition, String field) {
        if (!condition.isObject()) {
            if (condition.isArray()) {
                throw EventPattern.invalid(field + " must not have an array among its conditions");
            }
            return;
        }
        Map.Entry<String, JsonNode> operator = operator(condition, field);
        JsonNode operand = operator.getValue();
        boolean valid = switch (operator.getKey()) {
            case PREFIX, SUFFIX ->
                operand.isTextual()
                        || (operand.isObject() && operand.path(IGNORING_CASE).isTextual());
            case IGNORING_CASE, WILDCARD -> operand.isTextual();
            case EXISTS -> operand.isBoolean();
            case NUMERIC -> isRange(operand);
            case ANYTHING_BUT -> isExclusion(operand, field);
            default ->
                throw EventPattern.invalid(
                        field + " has the unknown match type " + operator.getKey()
                                + "; prefix, suffix, anything-but, numeric, exists, equals-ignore-case and wildcard are served");
        };
        if (!valid) {
            throw EventPattern.invalid(field + " has the match type " + operator.getKey() + " with " + operand
                    + ", which it does not take");
        }
    }

    private static Map.Entry<String, JsonNode> operator(JsonNode condition, String field) {
        if (condition.size() != 1) {
            throw EventPattern.invalid(field + " must have exactly one match type in " + condition);
        }
        return condition.properties().iterator().next();
    }

    private static boolean isRange(JsonNode operand) {
        if (!operand.isArray() || (operand.size() != 2 && operand.size() != 4)) {
            return false;
        }
        for (int i = 0; i < operand.size(); i += 2) {
            if (!COMPARISONS.contains(operand.get(i).asText())
                    || !operand.get(i + 1).isNumber()) {
                return false;
            }
        }
        return true;
    }

    private static boolean isExclusion(JsonNode operand, String field) {
        if (operand.isObject()) {
            check(operand, field);
            return List.of(PREFIX, SUFFIX, IGNORING_CASE, WILDCARD)
                    .contains(operator(operand, field).getKey());
        }
        return !operand.isArray() || !operand.isEmpty();
    }

    /** Whether it holds where the event has no such leaf: only {@code exists: false} does. */
    static boolean holdsForAbsent(JsonNode condition) {
        return condition.isObject()
                && condition.has(EXISTS)
                && !condition.get(EXISTS).asBoolean();
    }

    /** Whether it holds for a leaf's value, which is neither an array nor an object. */
    static boolean holds(JsonNode condition, JsonNode value) {
        if (!condition.isObject()) {
            return equal(condition, value);
        }
        Map.Entry<String, JsonNode> operator = operator(condition, "a leaf");
        JsonNode operand = operator.getValue();
        return switch (operator.getKey()) {
            case EXISTS -> operand.asBoolean();
            case NUMERIC -> value.isNumber() && isWithin(operand, value.doubleValue());
            case ANYTHING_BUT -> isAnythingBut(operand, value);
            case PREFIX -> value.isTextual() && startsWith(value.asText(), operand);
            case SUFFIX -> value.isTextual() && endsWith(value.asText(), operand);
            case IGNORING_CASE -> value.isTextual() && value.asText().equalsIgnoreCase(operand.asText());
            case WILDCARD -> value.isTextual() && like(value.asText(), operand.asText());
            default -> false;
        };
    }

    private static boolean equal(JsonNode wanted, JsonNode value) {
        return (wanted.isNumber() && value.isNumber())
                ? wanted.decimalValue().compareTo(value.decimalValue()) == 0
                : wanted.equals(value);
    }

    private static boolean isAnythingBut(JsonNode operand, JsonNode value) {
        if (operand.isArray()) {
            for (JsonNode excluded : operand) {
                if (equal(excluded, value)) {
                    return false;
                }
            }
            return true;
        }
        return !holds(operand, value);
    }

    private static boolean startsWith(String text, JsonNode operand) {
        return operand.isTextual()
                ? text.startsWith(operand.asText())
                : lower(text).startsWith(lower(operand.path(IGNORING_CASE).asText()));
    }

    private static boolean endsWith(String text, JsonNode operand) {
        return operand.isTextual()
                ? text.endsWith(operand.asText())
                : lower(text).endsWith(lower(operand.path(IGNORING_CASE).asText()));
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /** A star stands for any characters; a backslash takes the next one literally. */
    private static boolean like(String text, String wildcard) {
        StringBuilder regex = new StringBuilder();
        for (int i = 0; i < wildcard.length(); i++) {
            char c = wildcard.charAt(i);
            if (c == '\\' && i + 1 < wildcard.length()) {
                i++;
                regex.append(Pattern.quote(String.valueOf(wildcard.charAt(i))));
            } else {
                regex.append(c == '*' ? ".*" : Pattern.quote(String.valueOf(c)));
            }
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(text).matches();
    }

    private static boolean isWithin(JsonNode range, double value) {
        for (int i = 0; i < range.size(); i += 2) {
            double limit = range.get(i + 1).doubleValue();
            boolean holds = switch (range.get(i).asText()) {
                case "=" -> value == limit;
                case "<" -> value < limit;
                case "<=" -> value <= limit;
                case ">" -> value > limit;
                default -> value >= limit;
            };
            if (!holds) {
                return false;
            }
        }
        return true;
    }
}
