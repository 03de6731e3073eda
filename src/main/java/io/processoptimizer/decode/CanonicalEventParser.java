package io.processoptimizer.decode;

import io.processoptimizer.event.EventId;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fast way for the common shape of a canonical event: one pass over the bytes into the slot, nothing allocated.
 * It never refuses: whatever it is not sure about (escapes, exponents, unseen names beyond ASCII, nested values, anything
 * wrong) it leaves to {@link RecordReader}, with which it must agree on everything that it does accept.
 */
final class CanonicalEventParser {
    /** Unknown fields of one record that are handled here; a record with more takes the thorough way. */
    private static final int MAX_UNKNOWN = 8;

    /** Every number with so many digits fits a long, with room to add half a unit. */
    private static final int MAX_DIGITS = Scale.MAX_DIGITS;

    private static final long UNSURE = -1;

    /** Two words and two bytes: the longest name of a field with its quote and colon. */
    private static final int USUAL_REACH = 2 * Long.BYTES + 2;

    private static final Scale CYCLE = new Scale(6, Limits.MAX_CYCLE_MICROS);
    private static final Scale ENERGY = new Scale(6, Limits.MAX_ENERGY_MILLIWATT_HOURS);
    private static final Scale UTILIZATION = new Scale(9, TelemetryEvent.NANO);
    private static final StepState[] STATES = StepState.values();
    private static final byte[][] STATE_NAMES = Arrays.stream(STATES)
            .map(state -> state.name().getBytes(StandardCharsets.US_ASCII))
            .toArray(byte[][]::new);
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] PROCESS_DATA = "process_data".getBytes(StandardCharsets.US_ASCII);
    private static final int REQUIRED = EventField.PROCESS_ID.bit() | EventField.TIMESTAMP.bit();

    private final NameTable names;
    private final Recent<String> recentNames = new Recent<>();
    private final Recent<StepState> recentStates = new Recent<>();
    private final IgnoredFields ignored;

    /** Which field came last behind each of them, the first of a record behind none: producers keep an order. */
    private final @Nullable EventField[] successors = new @Nullable EventField[EventField.values().length + 1];

    private int behind;
    private final int[] unknownFrom = new int[MAX_UNKNOWN];
    private final int[] unknownTo = new int[MAX_UNKNOWN];

    private byte[] data = {};
    private int at;
    private int end;
    private int unknown;

    // Of the string that was scanned last: its bytes [stringFrom, stringTo), and whether all are ASCII.
    private int stringFrom;
    private int stringTo;
    private boolean stringAscii;

    CanonicalEventParser(NameTable names, IgnoredFields ignored) {
        this.names = names;
        this.ignored = ignored;
    }

    /**
     * Fills the slot from {@code record[offset, offset + length)}.
     *
     * @return false where this parser is not sure; the slot then holds nothing of meaning
     */
    boolean parse(byte[] record, int offset, int length, TelemetryEvent slot) {
        slot.reset();
        data = record;
        at = offset;
        end = offset + length;
        unknown = 0;
        behind = successors.length - 1;
        if (!take('{')) {
            return false;
        }
        int seen = 0;
        int stated = 0;
        do {
            EventField field = usualField();
            if (field == null) {
                if (!string() || !stringAscii) {
                    return false;
                }
                field = EventField.match(data, stringFrom, stringTo);
                int nameFrom = stringFrom;
                int nameTo = stringTo;
                if (!take(':') || skipSpace() == end) {
                    return false;
                }
                if (field == null) {
                    if (!skipUnknown(nameFrom, nameTo)) {
                        return false;
                    }
                    continue;
                }
            } else if (skipSpace() == end) {
                return false;
            }
            int bit = field.bit();
            if ((seen & bit) != 0) {
                return false;
            }
            seen |= bit;
            if (data[at] == 'n') {
                if (!literal(NULL)) {
                    return false;
                }
            } else if (readField(field, slot)) {
                stated |= bit;
            } else {
                return false;
            }
        } while (take(','));
        return take('}') && skipSpace() == end && isComplete(stated, slot) && countUnknown();
    }

    /**
     * The known field whose name stands right here with its colon behind it, as most producers write it; the parser then stands behind
     * the colon. Else null, and the parser stays where it is.
     */
    @SuppressWarnings("EnumOrdinal") // lives as long as the parser, is never stored
    private @Nullable EventField usualField() {
        int from = at + 1;
        if (from + USUAL_REACH > data.length || data[at] != '"') {
            return null;
        }
        EventField field = successors[behind];
        if (field == null || !field.standsAt(data, from)) {
            field = fieldAt(from);
            if (field == null) {
                return null;
            }
            successors[behind] = field;
        }
        int next = from + field.length() + 2;
        if (next > end) {
            return null;
        }
        behind = field.ordinal();
        at = next;
        return field;
    }

    private @Nullable EventField fieldAt(int from) {
        long first = Words.at(data, from);
        long second = 0;
        long marks = Words.quotes(first);
        int length;
        if (marks != 0) {
            length = Words.before(marks);
            first = Words.first(first, length);
        } else {
            second = Words.at(data, from + Long.BYTES);
            int more = Words.before(Words.quotes(second));
            second = Words.first(second, more);
            length = Long.BYTES + more;
        }
        boolean named = data[from + length] == '"' && data[from + length + 1] == ':';
        return named ? EventField.match(length, first, second) : null;
    }

    private boolean isComplete(int stated, TelemetryEvent slot) {
        return (stated & REQUIRED) == REQUIRED
                && (stated & EventField.FACTS) != 0
                && (slot.state != null || slot.durationMillis == TelemetryEvent.ABSENT)
                && slot.startupReject <= slot.reject;
    }

    private boolean readField(EventField field, TelemetryEvent slot) {
        switch (field) {
            case PROCESS_ID, STEP_ID, PRODUCT -> {
                return readName(field, slot);
            }
            case EVENT_ID -> {
                slot.eventId = eventId();
                return slot.eventId != EventId.NONE;
            }
            case STATE -> {
                slot.state = state();
                return slot.state != null;
            }
            case CORRECTION -> {
                return false; // rare, and its counts may be negative
            }
            case REASON -> {
                return reason();
            }
            case TIMESTAMP -> {
                slot.timestampMillis = timestamp();
                return slot.timestampMillis != UNSURE;
            }
            case DURATION_MS -> {
                slot.durationMillis = whole(Limits.MAX_DURATION_MILLIS);
                return slot.durationMillis != UNSURE;
            }
            case GOOD, REJECT, STARTUP_REJECT, REWORK -> {
                return readCount(field, slot);
            }
            case GOOD_TOTAL -> {
                slot.goodTotal = whole(Limits.MAX_TOTAL);
                return slot.goodTotal != UNSURE;
            }
            case REJECT_TOTAL -> {
                slot.rejectTotal = whole(Limits.MAX_TOTAL);
                return slot.rejectTotal != UNSURE;
            }
            case PROCESSED_TOTAL -> {
                slot.processedTotal = whole(Limits.MAX_TOTAL);
                return slot.processedTotal != UNSURE;
            }
            case CYCLE_TIME -> {
                slot.cycleTimeMicros = scaled(CYCLE);
                return slot.cycleTimeMicros > 0;
            }
            case IDEAL_CYCLE_TIME -> {
                slot.idealCycleMicros = scaled(CYCLE);
                return slot.idealCycleMicros > 0;
            }
            case ENERGY_KWH -> {
                slot.energyMilliwattHours = scaled(ENERGY);
                return slot.energyMilliwattHours != UNSURE;
            }
            case UTILIZATION -> {
                slot.utilizationNano = scaled(UTILIZATION);
                return slot.utilizationNano != UNSURE;
            }
        }
        throw new AssertionError(field);
    }

    private boolean readName(EventField field, TelemetryEvent slot) {
        String name = name();
        if (name == null) {
            return false;
        }
        if (field == EventField.PROCESS_ID) {
            slot.processId = name;
        } else if (field == EventField.STEP_ID) {
            slot.stepId = name;
        } else {
            slot.product = name;
        }
        return true;
    }

    private boolean readCount(EventField field, TelemetryEvent slot) {
        long count = whole(Limits.MAX_COUNT);
        if (field == EventField.GOOD) {
            slot.good = count;
        } else if (field == EventField.REJECT) {
            slot.reject = count;
        } else if (field == EventField.REWORK) {
            slot.rework = count;
        } else {
            slot.startupReject = count;
        }
        return count != UNSURE;
    }

    // ---- strings

    /** Scans a string without escapes or ASCII control characters. */
    private boolean string() {
        if (!take('"')) {
            return false;
        }
        int allBits = 0;
        for (int i = plainUpTo(at); i < end; i++) {
            byte b = data[i];
            if (b == '"') {
                stringFrom = at;
                stringTo = i;
                stringAscii = allBits >= 0;
                at = i + 1;
                return true;
            }
            if (b == '\\' || (b >= 0 && b < ' ') || b == 0x7F) {
                return false;
            }
            allBits |= b;
        }
        return false;
    }

    /** Where the plain ASCII from {@code from} on ends, or the last whole word of it does. */
    private int plainUpTo(int from) {
        int plain = from;
        while (plain + Long.BYTES <= end) {
            long marks = Words.special(Words.at(data, plain));
            if (marks != 0) {
                return plain + Words.before(marks);
            }
            plain += Long.BYTES;
        }
        return plain;
    }

    /** A name of 1 to 256 bytes; one beyond ASCII only where the thorough way has read it before. */
    private @Nullable String name() {
        String recent = recent(recentNames);
        String usual = recent != null ? recent : usualName();
        if (usual != null) {
            return usual;
        }
        if (!string() || !isNameLength()) {
            return null;
        }
        return stringAscii ? names.intern(data, stringFrom, stringTo) : names.find(data, stringFrom, stringTo);
    }

    /** What the string that stands right here stands for, where it came a moment ago; else null, and the parser stays where it is. */
    private <T> @Nullable T recent(Recent<T> known) {
        int from = at + 1;
        if (from + 2 * Long.BYTES > data.length || data[at] != '"') {
            return null;
        }
        int entry = known.find(data, from);
        int next = entry < 0 ? 0 : from + known.length(entry) + 1;
        if (entry < 0 || next > end) {
            return null;
        }
        at = next;
        return known.meaning(entry);
    }

    /** The name that stands right here, of plain ASCII, in one pass; else null, and the parser stays where it is. */
    private @Nullable String usualName() {
        if (data[at] != '"') {
            return null;
        }
        int from = at + 1;
        long digest = 0;
        for (int i = from; i + Long.BYTES <= end; i += Long.BYTES) {
            long word = Words.at(data, i);
            long marks = Words.special(word);
            if (marks != 0) {
                int more = Words.before(marks);
                int to = i + more;
                if (data[to] != '"' || to == from || to - from > Limits.MAX_NAME_CHARS) {
                    return null;
                }
                if (more > 0) {
                    digest = Words.mixed(digest, Words.first(word, more));
                }
                at = to + 1;
                String name = names.intern(data, from, to, Words.mixed(digest, to - from));
                recentNames.put(data, from, to, name);
                return name;
            }
            digest = Words.mixed(digest, word);
        }
        return null;
    }

    private long eventId() {
        return string() && stringAscii && isNameLength() ? EventId.digest(data, stringFrom, stringTo) : EventId.NONE;
    }

    private boolean isNameLength() {
        return stringTo > stringFrom && stringTo - stringFrom <= Limits.MAX_NAME_CHARS;
    }

    private @Nullable StepState state() {
        StepState recent = recent(recentStates);
        if (recent != null) {
            return recent;
        }
        if (!string()) {
            return null;
        }
        for (int i = 0; i < STATES.length; i++) {
            if (isState(STATE_NAMES[i])) {
                recentStates.put(data, stringFrom, stringTo, STATES[i]);
                return STATES[i];
            }
        }
        return null;
    }

    private boolean isState(byte[] upper) {
        if (upper.length != stringTo - stringFrom) {
            return false;
        }
        for (int i = 0; i < upper.length; i++) {
            byte b = data[stringFrom + i];
            if ((b >= 'a' && b <= 'z' ? b - ('a' - 'A') : b) != upper[i]) {
                return false;
            }
        }
        return true;
    }

    private boolean reason() {
        return data[at] == '"' ? string() && stringAscii : digits(true) != UNSURE;
    }

    // ---- numbers

    // Of the number that was scanned last: how many of its digits stand behind the point.
    private int fractionDigits;

    /** The digits of an unsigned number without exponent, as one integer. */
    private long digits(boolean fraction) {
        int from = at;
        long value = appendDigits(0);
        int whole = at - from;
        if (whole == 0 || whole > MAX_DIGITS || (whole > 1 && data[from] == '0')) {
            return UNSURE;
        }
        fractionDigits = 0;
        if (fraction && at < end && data[at] == '.') {
            int point = at++;
            value = appendDigits(value);
            fractionDigits = at - point - 1;
            if (fractionDigits == 0 || whole + fractionDigits > MAX_DIGITS) {
                return UNSURE;
            }
        }
        return value;
    }

    /** Appends the digits from here on to those of a number; too many make any number of it. */
    private long appendDigits(long number) {
        long value = number;
        while (at + Long.BYTES <= data.length) {
            long word = Words.at(data, at);
            int count = Math.min(Words.before(Words.notDigits(word)), end - at);
            if (count == 0) {
                return value;
            }
            value = value * Scale.powerOfTen(count) + Words.number(word, count);
            at += count;
            if (count < Long.BYTES) {
                return value;
            }
        }
        while (at < end && isDigit(data[at])) {
            value = value * 10 + (data[at++] - '0');
        }
        return value;
    }

    private long whole(long max) {
        if (at + 1 < end && isDigit(data[at]) && !isDigit(data[at + 1])) {
            return (long) data[at++] - '0'; // most counts have one digit
        }
        long value = digits(false);
        return value <= max ? value : UNSURE;
    }

    /** A decimal in whole units of 10^-digits, rounded half-even. */
    private long scaled(Scale scale) {
        long value = decimal();
        int shift = scale.digits() - fractionDigits;
        if (value == UNSURE) {
            return UNSURE;
        }
        if (shift >= 0) {
            return value <= scale.most(shift) ? value * Scale.powerOfTen(shift) : UNSURE;
        }
        long rounded = Scale.roundedHalfEven(value, -shift);
        return rounded <= scale.most(0) ? rounded : UNSURE;
    }

    /** {@link #digits} of a number, which mostly has fewer than eight before the point and behind it: two words. */
    private long decimal() {
        if (at + 2 * Long.BYTES > data.length) {
            return digits(true);
        }
        long word = Words.at(data, at);
        int whole = Words.before(Words.notDigits(word));
        if (whole == 0 || whole == Long.BYTES || data[at + whole] != '.' || (whole > 1 && data[at] == '0')) {
            return digits(true);
        }
        long fraction = Words.at(data, at + whole + 1);
        int digits = Words.before(Words.notDigits(fraction));
        if (digits == 0 || digits == Long.BYTES || at + whole + 1 + digits > end) {
            return digits(true);
        }
        at += whole + 1 + digits;
        fractionDigits = digits;
        long number = whole == 1 ? (word & 0x0F) : Words.number(word, whole);
        return number * Scale.powerOfTen(digits) + Words.number(fraction, digits);
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    // ---- times

    private static final int LOW_DIGITS = 5;

    /** The first eight digits of the last time, and what they come to; 0 are no digits. */
    private long lastHigh;

    private long lastHighMillis;

    private long timestamp() {
        long millis;
        if (data[at] == '"') {
            millis = string() ? IsoTime.millis(data, stringFrom, stringTo) : UNSURE;
        } else {
            millis = epochMillis();
        }
        return Limits.isPlausible(millis) ? millis : UNSURE;
    }

    /** {@link #digits} of a whole number, which has thirteen until the year 2286; the first eight change every minute or two. */
    private long epochMillis() {
        if (at + 2 * Long.BYTES > data.length) {
            return digits(false);
        }
        long low = Words.at(data, at + Long.BYTES);
        if (Words.at(data, at) != lastHigh || Words.before(Words.notDigits(low)) != LOW_DIGITS) {
            long high = Words.at(data, at);
            int from = at;
            long value = digits(false);
            if (value != UNSURE && at - from == Long.BYTES + LOW_DIGITS) {
                lastHigh = high;
                lastHighMillis = Words.number(high) * Scale.powerOfTen(LOW_DIGITS);
            }
            return value;
        }
        at += Long.BYTES + LOW_DIGITS;
        return at <= end ? lastHighMillis + Words.number(low, LOW_DIGITS) : UNSURE;
    }

    // ---- unknown fields

    private boolean skipUnknown(int from, int to) {
        if (unknown == MAX_UNKNOWN
                || to - from > Printable.MAX_CHARS
                || Arrays.equals(PROCESS_DATA, 0, PROCESS_DATA.length, data, from, to)) {
            return false;
        }
        for (int i = 0; i < unknown; i++) {
            if (Arrays.equals(data, unknownFrom[i], unknownTo[i], data, from, to)) {
                return false;
            }
        }
        unknownFrom[unknown] = from;
        unknownTo[unknown] = to;
        unknown++;
        return switch (data[at]) {
            case '"' -> string() && stringAscii;
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            default -> digits(true) != UNSURE;
        };
    }

    private boolean countUnknown() {
        for (int i = 0; i < unknown; i++) {
            ignored.count(data, unknownFrom[i], unknownTo[i]);
        }
        return true;
    }

    // ---- tokens

    private boolean literal(byte[] word) {
        int from = at;
        at += word.length;
        return at <= end && Arrays.equals(word, 0, word.length, data, from, at);
    }

    private boolean take(char expected) {
        if (at < end && data[at] == expected) {
            at++;
            return true;
        }
        if (skipSpace() < end && data[at] == expected) {
            at++;
            return true;
        }
        return false;
    }

    private int skipSpace() {
        while (at < end
                && data[at] <= ' '
                && (data[at] == ' ' || data[at] == '\n' || data[at] == '\r' || data[at] == '\t')) {
            at++;
        }
        return at;
    }
}
