package io.processoptimizer.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of a canonical event, found by the bytes of their names without building a string. */
enum EventField {
    PROCESS_ID,
    STEP_ID,
    TIMESTAMP,
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
            | ENERGY_KWH.bit()
            | UTILIZATION.bit();

    private static final int SHORTEST = 4;
    private static final int SLOTS = 64;
    private static final @Nullable EventField[] BY_KEY = new @Nullable EventField[SLOTS];
    private static final Map<String, EventField> BY_NAME = new HashMap<>();

    static {
        for (EventField field : values()) {
            byte[] name = field.utf8;
            int key = key(name.length, name[0], name[2]);
            if (BY_KEY[key] != null || name.length < SHORTEST) {
                throw new IllegalStateException("the key of " + field.json + " collides with " + BY_KEY[key]);
            }
            BY_KEY[key] = field;
            BY_NAME.put(field.json, field);
        }
    }

    private final String json = name().toLowerCase(Locale.ROOT);

    @SuppressWarnings("ImmutableEnumChecker") // an array, but written once
    private final byte[] utf8 = json.getBytes(StandardCharsets.US_ASCII);

    /** The name in the record. */
    String json() {
        return json;
    }

    /** This field's place in a set of fields. */
    @SuppressWarnings("EnumOrdinal") // lives as long as one record, is never stored
    int bit() {
        return 1 << ordinal();
    }

    /** The field of this name, or null. */
    static @Nullable EventField named(String name) {
        return BY_NAME.get(name);
    }

    /** The field whose name is {@code data[from, to)}, or null. */
    static @Nullable EventField match(byte[] data, int from, int to) {
        int length = to - from;
        if (length < SHORTEST) {
            return null;
        }
        EventField field = BY_KEY[key(length, data[from], data[from + 2])];
        return field != null && Arrays.equals(field.utf8, 0, field.utf8.length, data, from, to) ? field : null;
    }

    /** Length, first and third letter tell the names apart. */
    private static int key(int length, byte first, byte third) {
        return (length * 3 + first + third * 7) & (SLOTS - 1);
    }
}
