package io.processoptimizer.local.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request's members, read leniently: the Query protocol knows only text, so numbers and times are taken from text too; a member
 * that is null counts as absent.
 */
public final class Input {
    private static final BigDecimal MILLIS = BigDecimal.valueOf(1000);

    private final JsonNode node;
    private final Service.MissingMember missing;

    Input(JsonNode node, Service.MissingMember missing) {
        this.node = node;
        this.missing = missing;
    }

    /** A required text. */
    public String text(String member) {
        return optionalText(member).orElseThrow(() -> missing.error(member));
    }

    /** A text, where there is one. */
    public Optional<String> optionalText(String member) {
        return member(member).map(JsonNode::asText);
    }

    /** A number, where there is one. */
    public OptionalDouble number(String member) {
        Optional<JsonNode> value = member(member);
        return value.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(number(member, value.get()));
    }

    /** A required number. */
    public double requiredNumber(String member) {
        return number(member).orElseThrow(() -> missing.error(member));
    }

    /** The numbers of a list; empty where it is absent. */
    public List<Double> numbers(String member) {
        List<Double> numbers = new ArrayList<>();
        for (JsonNode element : elements(member)) {
            numbers.add(number(member, element));
        }
        return numbers;
    }

    private double number(String member, JsonNode value) {
        if (value.isNumber()) {
            return value.doubleValue();
        }
        try {
            return Double.parseDouble(value.asText());
        } catch (NumberFormatException e) {
            throw malformed(member, value, "a number");
        }
    }

    /** A moment, where there is one: epoch seconds or ISO 8601. */
    public Optional<Instant> timestamp(String member) {
        return member(member).map(value -> timestamp(member, value));
    }

    /** A required moment. */
    public Instant requiredTimestamp(String member) {
        return timestamp(member).orElseThrow(() -> missing.error(member));
    }

    private Instant timestamp(String member, JsonNode value) {
        try {
            if (value.isNumber()) {
                return Instant.ofEpochMilli(
                        value.decimalValue().multiply(MILLIS).longValue());
            }
            return OffsetDateTime.parse(value.asText()).toInstant();
        } catch (DateTimeException e) {
            throw malformed(member, value, "a time (ISO 8601 with offset, or epoch seconds)");
        }
    }

    /** A truth value, false where it is absent. */
    public boolean flag(String member) {
        return member(member).map(value -> value.asBoolean(false)).orElse(false);
    }

    /** The texts of a list; empty where it is absent. */
    public List<String> texts(String member) {
        List<String> texts = new ArrayList<>();
        elements(member).forEach(element -> texts.add(element.asText()));
        return texts;
    }

    /** The structures of a list; empty where it is absent. */
    public List<Input> structures(String member) {
        List<Input> structures = new ArrayList<>();
        elements(member).forEach(element -> structures.add(new Input(element, missing)));
        return structures;
    }

    /** A structure, where there is one. */
    public Optional<Input> structure(String member) {
        return member(member).map(value -> new Input(value, missing));
    }

    /** A required structure. */
    public Input requiredStructure(String member) {
        return structure(member).orElseThrow(() -> missing.error(member));
    }

    /** The members as they came. */
    public JsonNode raw() {
        return node;
    }

    private Iterable<JsonNode> elements(String member) {
        return member(member)
                .<Iterable<JsonNode>>map(value -> {
                    if (!value.isArray()) {
                        throw malformed(member, value, "a list");
                    }
                    return value;
                })
                .orElse(List.of());
    }

    private Optional<JsonNode> member(String member) {
        return Optional.ofNullable(node.get(member)).filter(value -> !value.isNull());
    }

    private static ServiceError malformed(String member, JsonNode value, String wanted) {
        return ServiceError.of(
                "SerializationException", "MalformedInput", member + " (" + value + ") must be " + wanted);
    }
}
