package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.processoptimizer.event.StepState;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoField;
import java.time.temporal.TemporalAccessor;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * One value of a record, checked: its type, its range, and for decimals the one rounding that they get. Each method takes the
 * name under which the value is refused.
 */
final class FieldReader {
    private static final String NAME =
            "a string of 1 to " + Limits.MAX_NAME_CHARS + " characters without control characters";
    private static final String TIME = "epoch milliseconds or ISO 8601 with an offset, such as 2026-01-01T00:00:00Z";
    private static final String YEARS = "a time from the year 2000 to 2099";
    private static final String STATES = "one of "
            + Arrays.stream(StepState.values()).map(Enum::name).collect(Collectors.joining(", ")) + " in any case";

    /** Any of the offset forms of ISO 8601; without an offset it parses too, so that the message can say what is missing. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .append(DateTimeFormatter.ISO_LOCAL_DATE_TIME)
            .optionalStart()
            .appendOffset("+HH:MM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HHMM", "Z")
            .optionalEnd()
            .optionalStart()
            .appendOffset("+HH", "Z")
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    /** Every number with so many digits fits a long. */
    private static final int MAX_DIGITS = 18;

    private static final BigDecimal MAX_LONG = BigDecimal.valueOf(Long.MAX_VALUE);

    private FieldReader() {}

    /** An id or a product. */
    static String name(String field, JsonNode node) throws Refusal {
        if (!node.isTextual()) {
            throw Refusal.badValue(field, Printable.value(node), NAME);
        }
        String text = node.textValue();
        if (text.length() > Limits.MAX_NAME_CHARS) {
            throw Refusal.badValue(field, Printable.value(node) + " with " + text.length() + " characters", NAME);
        }
        if (text.isEmpty() || !text.codePoints().allMatch(Printable::isAllowedInName)) {
            throw Refusal.badValue(field, Printable.value(node), NAME);
        }
        return text;
    }

    static StepState state(String field, JsonNode node) throws Refusal {
        if (node.isTextual()) {
            String text = node.textValue();
            for (StepState state : StepState.values()) {
                if (equalsInAnyAsciiCase(state.name(), text)) {
                    return state;
                }
            }
        }
        throw Refusal.badValue(field, Printable.value(node), STATES);
    }

    /**
     * A whole number from 0 to max, however it is written: 5, 5.0 and 5e0 are the same number.
     *
     * @param unit what is counted, for the message
     */
    static long whole(String field, JsonNode node, long max, String unit) throws Refusal {
        return whole(field, node, 0, max, unit);
    }

    /** The same from a least number on. */
    static long whole(String field, JsonNode node, long min, long max, String unit) throws Refusal {
        if (node.isNumber()) {
            BigDecimal value = node.decimalValue();
            boolean inRange =
                    value.compareTo(BigDecimal.valueOf(min)) >= 0 && value.compareTo(BigDecimal.valueOf(max)) <= 0;
            if (inRange && isWhole(value)) {
                return value.longValueExact();
            }
        }
        throw Refusal.badValue(
                field, Printable.value(node), "a whole number of " + unit + " from " + min + " to " + max);
    }

    /** A truth. */
    static boolean flag(String field, JsonNode node) throws Refusal {
        if (!node.isBoolean()) {
            throw Refusal.badValue(field, Printable.value(node), "true or false");
        }
        return node.booleanValue();
    }

    /**
     * A decimal from 0 to max, scaled by 10^scale and rounded half-even once. The sign is judged before the rounding, the upper
     * end after it, so that a producer's floating-point noise above 1 is not an error.
     *
     * @param max in the scaled unit
     * @param unit for the message, such as "kWh"; empty for a ratio
     */
    static long scaled(String field, JsonNode node, int scale, long max, String unit) throws Refusal {
        if (node.isNumber() && node.decimalValue().signum() >= 0) {
            long value = scale(node.decimalValue(), scale);
            if (value <= max) {
                return value;
            }
        }
        throw Refusal.badValue(
                field,
                Printable.value(node),
                "a number" + (unit.isEmpty() ? "" : " of " + unit) + " from 0 to "
                        + BigDecimal.valueOf(max, scale).stripTrailingZeros().toPlainString());
    }

    /** A cycle time in seconds, as microseconds > 0. */
    static long cycleMicros(String field, JsonNode node) throws Refusal {
        if (node.isNumber() && node.decimalValue().signum() >= 0) {
            long micros = scale(node.decimalValue(), 6);
            if (micros > 0 && micros <= Limits.MAX_CYCLE_MICROS) {
                return micros;
            }
        }
        throw Refusal.badValue(
                field,
                Printable.value(node),
                "seconds per part, at least 0.000001 and at most " + Limits.MAX_CYCLE_MICROS / 1_000_000);
    }

    /** Epoch milliseconds; what is finer than a millisecond is cut off, so that an event stays in its pane. */
    static long timestamp(String field, JsonNode node) throws Refusal {
        long millis;
        if (node.isTextual()) {
            millis = isoMillis(field, node);
        } else if (node.isNumber()) {
            millis = epochMillis(field, node);
        } else {
            throw Refusal.badValue(field, Printable.value(node), TIME);
        }
        if (!Limits.isPlausible(millis)) {
            throw Refusal.badValue(field, Printable.value(node), YEARS);
        }
        return millis;
    }

    private static long epochMillis(String field, JsonNode node) throws Refusal {
        BigDecimal value = node.decimalValue();
        if (value.signum() < 0 || value.compareTo(MAX_LONG) > 0 || !isWhole(value)) {
            throw Refusal.badValue(field, Printable.value(node), TIME);
        }
        long millis = value.longValueExact();
        if (!Limits.isPlausible(millis)) {
            String hint = unitHint(millis);
            if (!hint.isEmpty()) {
                throw Refusal.badValue(
                        field, Printable.value(node) + ", which looks like " + hint, "epoch milliseconds");
            }
        }
        return millis;
    }

    private static String unitHint(long value) {
        if (value < Limits.MIN_TIMESTAMP_MILLIS) {
            return Limits.isPlausible(value * 1_000) ? "seconds" : "";
        }
        if (Limits.isPlausible(value / 1_000)) {
            return "microseconds";
        }
        return Limits.isPlausible(value / 1_000_000) ? "nanoseconds" : "";
    }

    private static long isoMillis(String field, JsonNode node) throws Refusal {
        TemporalAccessor parsed;
        try {
            parsed = ISO.parse(node.textValue());
        } catch (DateTimeException e) {
            throw Refusal.badValue(field, Printable.value(node), TIME);
        }
        if (!parsed.isSupported(ChronoField.OFFSET_SECONDS)) {
            throw Refusal.badValue(field, Printable.value(node) + ", which has no offset", TIME);
        }
        long local = LocalDateTime.from(parsed).toEpochSecond(ZoneOffset.UTC);
        Instant instant = Instant.ofEpochSecond(
                local - parsed.getLong(ChronoField.OFFSET_SECONDS), parsed.getLong(ChronoField.NANO_OF_SECOND));
        return instant.toEpochMilli();
    }

    /** Half-even, exact; Long.MAX_VALUE where the value does not fit. The size is judged first: 1e999999999 is not written out. */
    private static long scale(BigDecimal value, int scale) {
        long magnitude = (long) value.precision() - value.scale();
        if (value.signum() == 0 || magnitude < -scale) {
            return 0;
        }
        if (magnitude + scale > MAX_DIGITS) {
            return Long.MAX_VALUE;
        }
        return value.setScale(scale, RoundingMode.HALF_EVEN).unscaledValue().longValueExact();
    }

    private static boolean isWhole(BigDecimal value) {
        return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
    }

    /** Not by Unicode's rules, under which a dotless ı is an I. */
    private static boolean equalsInAnyAsciiCase(String upper, String text) {
        if (upper.length() != text.length()) {
            return false;
        }
        for (int i = 0; i < upper.length(); i++) {
            char c = text.charAt(i);
            char folded = c >= 'a' && c <= 'z' ? (char) (c - ('a' - 'A')) : c;
            if (folded != upper.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
