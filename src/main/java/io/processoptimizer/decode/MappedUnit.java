package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The unit of a foreign value. Everything is exact but a speed, of which the cycle is rounded once, to the microsecond. */
public enum MappedUnit {
    NONE("none", "1"),
    MS("ms", "0.001"),
    S("s", "1"),
    US("us", "0.000001"),
    NS("ns", "0.000000001"),
    MIN("min", "60"),
    PER_SECOND("per_second", "1"),
    PER_MINUTE("per_minute", "60"),
    PER_HOUR("per_hour", "3600"),
    KWH("kWh", "1"),
    WH("Wh", "0.001"),
    MJ("MJ", "3.6"),
    RATIO("ratio", "1"),
    PERCENT("percent", "0.01");

    /** Digits that any producer writes; longer ones stay text and are refused as such. */
    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,30}(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,2})?");

    private static final Set<String> TRUTHS = Set.of("true", "false");
    private static final BigDecimal MILLIS = new BigDecimal(1_000);
    private static final BigDecimal MICROS_IN_SECONDS = new BigDecimal("0.000001");
    private static final int CYCLE_DIGITS = 6;
    private static final int ENERGY_DIGITS = 6;

    private final String word;
    private final BigDecimal factor;

    MappedUnit(String word, String factor) {
        this.word = word;
        this.factor = new BigDecimal(factor);
    }

    /** In mapping files. */
    public String word() {
        return word;
    }

    /** The value as the canonical field states it; whether it is in range is for the reader of canonical events to say. */
    JsonNode convert(MappedField field, JsonNode node, @Nullable JsonNode nanos) {
        if (field.isText()) {
            return node.isTextual() ? node : new TextNode(plain(node));
        }
        if (field == MappedField.CORRECTION) {
            return node.isTextual() && TRUTHS.contains(node.textValue()) ? truth(node) : node;
        }
        BigDecimal number = number(node);
        if (number != null && nanos != null && !nanos.isMissingNode() && !nanos.isNull() && number(nanos) == null) {
            return nanos; // refused for what it is, instead of a time that is wrong by up to a second
        }
        if (number == null) {
            return field == MappedField.TIMESTAMP && node.isTextual() ? new TextNode(iso(node.textValue())) : node;
        }
        return switch (field) {
            case TIMESTAMP -> millis(number, nanos == null ? null : number(nanos));
            case DURATION_MS -> DecimalNode.valueOf(number.multiply(factor).multiply(MILLIS));
            case CYCLE_TIME, IDEAL_CYCLE_TIME -> cycle(number);
            case ENERGY_KWH -> energy(number);
            default -> DecimalNode.valueOf(number.multiply(factor));
        };
    }

    private static JsonNode truth(JsonNode node) {
        return BooleanNode.valueOf(Boolean.parseBoolean(node.textValue()));
    }

    /**
     * The number that a value states; null of anything else, and of one so large or so fine that to compute with it would write out
     * millions of digits (1e600000000): it stays as it is, and is refused by its size.
     */
    static @Nullable BigDecimal number(JsonNode node) {
        if (node.isNumber()) {
            BigDecimal value = node.decimalValue();
            if (value.signum() == 0) {
                return BigDecimal.ZERO;
            }
            return isHuge(value) ? null : value;
        }
        return node.isTextual() && NUMBER.matcher(node.textValue().strip()).matches()
                ? new BigDecimal(node.textValue().strip())
                : null;
    }

    private static String plain(JsonNode node) {
        BigDecimal number =
                node.isNumber() && node.decimalValue().abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) < 0
                        ? node.decimalValue()
                        : null;
        return number == null || number.scale() > 0
                ? node.asText()
                : number.toBigInteger().toString();
    }

    /** What is finer than a millisecond is cut off. */
    private JsonNode millis(BigDecimal number, @Nullable BigDecimal nanos) {
        BigDecimal millis = number.multiply(factor).multiply(MILLIS);
        if (nanos != null) {
            millis = millis.add(nanos.multiply(NS.factor).multiply(MILLIS));
        }
        return DecimalNode.valueOf(millis.setScale(0, RoundingMode.FLOOR));
    }

    private JsonNode cycle(BigDecimal number) {
        boolean isSpeed = this == PER_SECOND || this == PER_MINUTE || this == PER_HOUR;
        if (!isSpeed) {
            return DecimalNode.valueOf(number.multiply(factor));
        }
        // A machine that stands still has no speed; one slower than a part in 30 years has none either.
        boolean stands = number.signum() >= 0 && number.compareTo(MICROS_IN_SECONDS) < 0;
        return stands
                ? MissingNode.getInstance()
                : DecimalNode.valueOf(factor.divide(number, CYCLE_DIGITS, RoundingMode.HALF_EVEN));
    }

    private JsonNode energy(BigDecimal number) {
        return DecimalNode.valueOf(
                this == MJ ? number.divide(factor, ENERGY_DIGITS, RoundingMode.HALF_EVEN) : number.multiply(factor));
    }

    /** A number that nobody writes out in full. */
    private static boolean isHuge(BigDecimal number) {
        return (long) number.precision() - number.scale() > Limits.MAX_NUMBER_CHARS
                || number.scale() > Limits.MAX_NUMBER_CHARS;
    }

    /** ISO 8601 as gateways write it: in quotes of its own, a blank for the T, UTC for the Z, a blank before the offset. */
    private static String iso(String text) {
        String time = text.strip();
        if (time.length() >= 2 && time.startsWith("\"") && time.endsWith("\"")) {
            time = time.substring(1, time.length() - 1).strip();
        }
        time = time.replaceFirst(" ?(UTC|GMT|utc|gmt)$", "Z").replaceFirst(" ([+-][0-9:]+|Z)$", "$1");
        return time.replaceFirst("^([0-9]{4}-[0-9]{2}-[0-9]{2}) ", "$1T");
    }
}
