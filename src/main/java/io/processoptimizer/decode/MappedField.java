package io.processoptimizer.decode;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A field of a canonical event as a mapping fills it, and the units in which foreign machines state it; the first is the default. */
public enum MappedField {
    PROCESS_ID(true, MappedUnit.NONE),
    STEP_ID(true, MappedUnit.NONE),
    TIMESTAMP(false, MappedUnit.MS, MappedUnit.S, MappedUnit.US, MappedUnit.NS),
    EVENT_ID(true, MappedUnit.NONE),
    CORRECTION(false, MappedUnit.NONE),
    STATE(true, MappedUnit.NONE),
    REASON(true, MappedUnit.NONE),
    DURATION_MS(false, MappedUnit.MS, MappedUnit.S, MappedUnit.MIN),
    PRODUCT(true, MappedUnit.NONE),
    CYCLE_TIME(
            false,
            MappedUnit.S,
            MappedUnit.MS,
            MappedUnit.MIN,
            MappedUnit.PER_SECOND,
            MappedUnit.PER_MINUTE,
            MappedUnit.PER_HOUR),
    IDEAL_CYCLE_TIME(
            false,
            MappedUnit.S,
            MappedUnit.MS,
            MappedUnit.MIN,
            MappedUnit.PER_SECOND,
            MappedUnit.PER_MINUTE,
            MappedUnit.PER_HOUR),
    /** All parts of the observation, of which the good ones are what the rejected and reworked ones leave: in mappings only. */
    PROCESSED(false, MappedUnit.NONE),
    GOOD(false, MappedUnit.NONE),
    REJECT(false, MappedUnit.NONE),
    STARTUP_REJECT(false, MappedUnit.NONE),
    REWORK(false, MappedUnit.NONE),
    GOOD_TOTAL(false, MappedUnit.NONE),
    REJECT_TOTAL(false, MappedUnit.NONE),
    PROCESSED_TOTAL(false, MappedUnit.NONE),
    ENERGY_KWH(false, MappedUnit.KWH, MappedUnit.WH, MappedUnit.MJ),
    UTILIZATION(false, MappedUnit.RATIO, MappedUnit.PERCENT);

    /** Of these an observation whose quality is bad still holds. */
    static final Set<MappedField> SURE = EnumSet.of(PROCESS_ID, STEP_ID, TIMESTAMP, EVENT_ID, CORRECTION, REASON);

    private final String json = name().toLowerCase(Locale.ROOT);
    private final boolean isText;

    @SuppressWarnings("ImmutableEnumChecker") // List.of
    private final List<MappedUnit> units;

    MappedField(boolean isText, MappedUnit... units) {
        this.isText = isText;
        this.units = List.of(units);
    }

    /** Its name in a canonical event and in mapping files. */
    public String json() {
        return json;
    }

    boolean isText() {
        return isText;
    }

    /** At least one. */
    public List<MappedUnit> units() {
        return units;
    }

    /** The field of a name, or null. */
    public static @Nullable MappedField named(String name) {
        return Arrays.stream(values())
                .filter(field -> field.json.equals(name))
                .findFirst()
                .orElse(null);
    }
}
