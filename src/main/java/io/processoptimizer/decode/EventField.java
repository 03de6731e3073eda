package io.processoptimizer.decode;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a canonical event, found by the bytes of their names without building a string. */
enum EventField {
    PROCESS_ID,
    STEP_ID,
    TIMESTAMP,
    /** Stands before the counts, whose range depends on it. */
    CORRECTION,
    STATE,
    REASON,
    DURATION_MS,
    PRODUCT,
    CYCLE_TIME,
    IDEAL_CYCLE_TIME,
    GOOD,
    REJECT,
    STARTUP_REJECT,
    REWORK,
    GOOD_TOTAL,
    REJECT_TOTAL,
    PROCESSED_TOTAL,
    ENERGY_KWH,
    UTILIZATION,
    EVENT_ID;

    /** One of these makes a record worth reading; an ideal cycle or a reason alone says nothing of what happened. */
    static final int FACTS = STATE.bit()
            | PRODUCT.bit()
            | CYCLE_TIME.bit()
            | GOOD.bit()
            | REJECT.bit()
            | STARTUP_REJECT.bit()
            | REWORK.bit()
            | GOOD_TOTAL.bit()
            | REJECT_TOTAL.bit()
            | PROCESSED_TOTAL.bit()
            | ENERGY_KWH.bit()
            | UTILIZATION.bit();

    private static final int SHORTEST = 4;
    private static final int LONGEST = 16;
    private static final int SLOTS = 64;
    private static final @Nullable EventField[] BY_KEY = new @Nullable EventField[SLOTS];
    private static final Map<String, EventField> BY_NAME = new HashMap<>();

    static {
        for (EventField field : values()) {
            int key = key(field.length, field.firstWord);
            if (BY_KEY[key] != null || field.length < SHORTEST || field.length > LONGEST) {
                throw new IllegalStateException(
                        field.json + " has a key like " + BY_KEY[key] + ", or a length that does not fit");
            }
            BY_KEY[key] = field;
            BY_NAME.put(field.json, field);
        }
    }

    private final String json = name().toLowerCase(Locale.ROOT);

    private final int length = json.length();
    private final long firstWord = word(0);
    private final long secondWord = word(Long.BYTES);
    private final long firstMask = Words.first(-1L, length);
    private final long secondMask = length <= Long.BYTES ? 0 : Words.first(-1L, length - Long.BYTES);

    /** The name in the record. */
    String json() {
        return json;
    }

    /** This field's place in a set of fields. */
    @SuppressWarnings("EnumOrdinal") // lives as long as one record, is never stored
    int bit() {
        return 1 << ordinal();
    }

    int length() {
        return length;
    }

    /** Whether the name stands at {@code from}, its closing quote and a colon behind it; the data reach two words and two bytes further. */
    boolean standsAt(byte[] data, int from) {
        return (Words.at(data, from) & firstMask) == firstWord
                && (Words.at(data, from + Long.BYTES) & secondMask) == secondWord
                && data[from + length] == '"'
                && data[from + length + 1] == ':';
    }

    /** The field of this name, or null. */
    static @Nullable EventField named(String name) {
        return BY_NAME.get(name);
    }

    /** The field whose name is {@code data[from, to)}, or null. */
    static @Nullable EventField match(byte[] data, int from, int to) {
        int length = to - from;
        if (length < SHORTEST || length > LONGEST) {
            return null;
        }
        long first = Words.at(data, from, Math.min(length, Long.BYTES));
        long second = length <= Long.BYTES ? 0 : Words.at(data, from + Long.BYTES, length - Long.BYTES);
        return match(length, first, second);
    }

    /** The field whose name has this length and these bytes, the missing ones 0; or null. */
    static @Nullable EventField match(int length, long first, long second) {
        EventField field = BY_KEY[key(length, first)];
        return field != null && field.length == length && field.firstWord == first && field.secondWord == second
                ? field
                : null;
    }

    private long word(int from) {
        byte[] utf8 = json.getBytes(StandardCharsets.US_ASCII);
        return from < length ? Words.at(utf8, from, Math.min(length - from, Long.BYTES)) : 0;
    }

    /** Length, first and third letter tell the names apart. */
    private static int key(int length, long firstWord) {
        int first = (int) firstWord & 0xFF;
        int third = (int) (firstWord >>> 16) & 0xFF;
        return (length + first * 2 + third * 3) & (SLOTS - 1);
    }
}
