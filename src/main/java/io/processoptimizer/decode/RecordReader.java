package io.processoptimizer.decode;

import static io.processoptimizer.event.TelemetryEvent.ABSENT;
import static io.processoptimizer.event.TelemetryEvent.NANO;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.EventId;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.ProcessSnapshot.StepReading;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads any record the thorough way: strict UTF-8, strict JSON, then field by field in a fixed order, so that a record with
 * several faults is always refused for the same one. The only place where a record is refused, and the reference that
 * {@link CanonicalEventParser} must agree with.
 */
final class RecordReader {
    private static final String PROCESS_DATA = "process_data";
    private static final String A_STRING = "a string of 1 to " + Limits.MAX_NAME_CHARS + " characters";
    private static final char BYTE_ORDER_MARK = '\uFEFF';
    private static final int MAX_MESSAGE_CHARS = 160;
    private static final Set<String> SNAPSHOT_FIELDS = Set.of("process_id", "timestamp", "event_id", PROCESS_DATA);
    private static final Set<String> FIGURES =
            Set.of("timestamp", "availability", "performance", "quality_rate", "throughput", "steps");
    private static final Set<String> STEP_FIELDS = Set.of("step_id", "utilization", "cycle_time");

    private final ObjectMapper json = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(Limits.MAX_DEPTH)
                            .maxNumberLength(Limits.MAX_NUMBER_CHARS)
                            .maxTokenCount(Limits.MAX_TOKENS)
                            .build())
                    // A table of every name ever seen would grow with whatever is sent.
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    private final NameTable names;
    private final IgnoredFields ignored;

    RecordReader(NameTable names, IgnoredFields ignored) {
        this.names = names;
        this.ignored = ignored;
    }

    /** Hands the event, snapshot or refusal of one record to {@code out}; {@code slot} is reset and used for an event. */
    void read(byte[] data, int offset, int length, long arrivalMillis, TelemetryEvent slot, DecodedInput out) {
        try {
            read(requireObject(parse(data, offset, length)), arrivalMillis, slot, out, "");
        } catch (Refusal refusal) {
            out.rejected(refusal.reason(), refusal.detail());
        }
    }

    /**
     * The same of a record that is JSON.
     *
     * @param prefix of what is said of a refusal
     */
    void read(JsonNode record, long arrivalMillis, TelemetryEvent slot, DecodedInput out, String prefix) {
        slot.reset();
        @Nullable ProcessSnapshot snapshot;
        try {
            if (isStated(record, PROCESS_DATA)) {
                snapshot = readSnapshot(record, arrivalMillis);
            } else {
                readEvent(record, slot);
                snapshot = null;
            }
        } catch (Refusal refusal) {
            out.rejected(refusal.reason(), prefix + refusal.detail());
            return;
        }
        if (snapshot == null) {
            out.event(slot);
        } else {
            out.snapshot(snapshot);
        }
    }

    /** One JSON value, with nothing behind it. */
    JsonNode parse(byte[] data, int offset, int length) throws Refusal {
        CharBuffer text = decode(data, offset, length);
        boolean marked = text.hasRemaining() && text.charAt(0) == BYTE_ORDER_MARK;
        int from = marked ? 1 : 0;
        JsonNode root;
        try (JsonParser parser = json.createParser(text.array(), from, text.remaining() - from)) {
            if (parser.nextToken() == null) {
                throw new Refusal(RejectReason.MALFORMED, "the record is empty; expected one JSON object");
            }
            root = json.readTree(parser);
            if (root.isContainerNode() && parser.nextToken() != null) {
                throw new Refusal(
                        RejectReason.MALFORMED,
                        "something follows the object at character "
                                + parser.currentTokenLocation().getCharOffset() + "; expected one JSON object");
            }
        } catch (JsonProcessingException e) {
            if (isTooMuch(e)) {
                throw new Refusal(
                        RejectReason.TOO_LARGE,
                        "the record has more than " + Limits.MAX_TOKENS
                                + " values, names and brackets; send it as several records");
            }
            throw new Refusal(RejectReason.MALFORMED, describe(e));
        } catch (NumberFormatException e) {
            // Jackson passes on what BigDecimal says of an exponent that does not fit an int.
            throw new Refusal(
                    RejectReason.BAD_VALUE, "a number has an exponent of more than 9 digits; expected a plain number");
        } catch (IOException e) {
            throw new UncheckedIOException("reading from memory failed", e);
        }
        return root;
    }

    static JsonNode requireObject(JsonNode root) throws Refusal {
        if (!root.isObject()) {
            throw new Refusal(
                    RejectReason.MALFORMED, "the record is " + Printable.value(root) + "; expected one JSON object");
        }
        return root;
    }

    private CharBuffer decode(byte[] data, int offset, int length) throws Refusal {
        ByteBuffer bytes = ByteBuffer.wrap(data, offset, length);
        CharBuffer text = CharBuffer.allocate(length);
        utf8.reset();
        CoderResult result = utf8.decode(bytes, text, true);
        if (result.isError()) {
            int at = bytes.position();
            throw new Refusal(
                    RejectReason.MALFORMED,
                    "byte %d (0x%02X) is not UTF-8; expected one JSON object in UTF-8"
                            .formatted(at - offset, data[at] & 0xFF));
        }
        return text.flip();
    }

    /** Jackson has no exception of its own for it. */
    private static boolean isTooMuch(JsonProcessingException e) {
        return e instanceof StreamConstraintsException && e.getOriginalMessage().startsWith("Token count");
    }

    private static String describe(JsonProcessingException e) {
        long at = e.getLocation() == null ? 0 : Math.max(0, e.getLocation().getCharOffset());
        if (e instanceof JsonEOFException) {
            return "the JSON ends too early, at character " + at + "; expected one whole object";
        }
        String message = e.getOriginalMessage();
        // Some messages repeat the location in the parser's own notation.
        int location = message.indexOf("[Source");
        String cause = location < 0 ? message : message.substring(0, location);
        return "not JSON at character " + at + ": " + Printable.text(cause, MAX_MESSAGE_CHARS);
    }

    private void readEvent(JsonNode record, TelemetryEvent slot) throws Refusal {
        slot.processId = processId(record);
        slot.timestampMillis = FieldReader.timestamp(
                "timestamp",
                required(
                        record,
                        "timestamp",
                        "epoch milliseconds or ISO 8601 with an offset, or process_data where it is a process snapshot"));
        int stated = 0;
        for (EventField field : EventField.values()) {
            JsonNode value = record.get(field.json());
            if (value != null && !value.isNull()) {
                readField(field, value, slot);
                stated |= field.bit();
            }
        }
        if (slot.durationMillis != ABSENT && slot.state == null) {
            throw Refusal.badValue(
                    "duration_ms", String.valueOf(slot.durationMillis), "a state beside it, or no duration_ms");
        }
        if (slot.startupReject > slot.reject && !slot.correction) {
            throw Refusal.badValue(
                    "startup_reject", String.valueOf(slot.startupReject), "at most reject, which is " + slot.reject);
        }
        if ((stated & EventField.FACTS) == 0) {
            throw new Refusal(
                    RejectReason.MISSING_FIELD,
                    "the record states no fact; expected at least one of state, product, cycle_time, good, reject,"
                            + " startup_reject, rework, good_total, reject_total, processed_total, energy_kwh, utilization");
        }
        for (Iterator<String> fields = record.fieldNames(); fields.hasNext(); ) {
            String name = fields.next();
            if (EventField.named(name) == null && !name.equals(PROCESS_DATA)) {
                ignored.count(name);
            }
        }
    }

    private void readField(EventField field, JsonNode value, TelemetryEvent slot) throws Refusal {
        String name = field.json();
        switch (field) {
            case PROCESS_ID, TIMESTAMP -> {
                // Read first: a record without them is refused for that.
            }
            case STEP_ID -> slot.stepId = names.intern(FieldReader.name(name, value));
            case STATE -> slot.state = FieldReader.state(name, value);
            case CORRECTION -> slot.correction = FieldReader.flag(name, value);
            case REASON -> checkReason(value);
            case DURATION_MS ->
                slot.durationMillis = FieldReader.whole(name, value, Limits.MAX_DURATION_MILLIS, "milliseconds");
            case PRODUCT -> slot.product = names.intern(FieldReader.name(name, value));
            case CYCLE_TIME -> slot.cycleTimeMicros = FieldReader.cycleMicros(name, value);
            case IDEAL_CYCLE_TIME -> slot.idealCycleMicros = FieldReader.cycleMicros(name, value);
            case GOOD -> slot.good = count(name, value, slot);
            case REJECT -> slot.reject = count(name, value, slot);
            case STARTUP_REJECT -> slot.startupReject = count(name, value, slot);
            case REWORK -> slot.rework = count(name, value, slot);
            case GOOD_TOTAL -> slot.goodTotal = total(name, value);
            case REJECT_TOTAL -> slot.rejectTotal = total(name, value);
            case PROCESSED_TOTAL -> slot.processedTotal = total(name, value);
            case ENERGY_KWH ->
                slot.energyMilliwattHours =
                        FieldReader.scaled(name, value, 6, Limits.MAX_ENERGY_MILLIWATT_HOURS, "kWh");
            case UTILIZATION -> slot.utilizationNano = FieldReader.scaled(name, value, 9, NANO, "");
            case EVENT_ID -> slot.eventId = EventId.digest(FieldReader.name(name, value));
        }
    }

    private static long count(String name, JsonNode value, TelemetryEvent slot) throws Refusal {
        long least = slot.correction ? -Limits.MAX_COUNT : 0;
        return FieldReader.whole(name, value, least, Limits.MAX_COUNT, "parts");
    }

    private static long total(String name, JsonNode value) throws Refusal {
        return FieldReader.whole(name, value, Limits.MAX_TOTAL, "parts");
    }

    /** A reason is a text or a fault code for people; it is kept with the record and not computed with. */
    private static void checkReason(JsonNode value) throws Refusal {
        if (!value.isTextual() && !value.isNumber()) {
            throw Refusal.badValue("reason", Printable.value(value), "a string or a number");
        }
    }

    private ProcessSnapshot readSnapshot(JsonNode record, long arrivalMillis) throws Refusal {
        String processId = processId(record);
        JsonNode figures = record.get(PROCESS_DATA);
        if (!figures.isObject()) {
            throw Refusal.badValue(PROCESS_DATA, Printable.value(figures), "an object");
        }
        for (EventField field : EventField.values()) {
            if (isStated(record, field.json()) && !SNAPSHOT_FIELDS.contains(field.json())) {
                throw Refusal.badValue(
                        field.json(),
                        Printable.value(record.get(field.json())),
                        "no field of an event beside process_data: send two records");
            }
        }
        List<StepReading> steps = steps(figures);
        ProcessSnapshot snapshot = new ProcessSnapshot(
                processId,
                snapshotTime(record, figures, arrivalMillis),
                figure(record, figures, "availability", 9, NANO, ""),
                figure(record, figures, "performance", 9, Limits.MAX_PERFORMANCE_NANO, ""),
                figure(record, figures, "quality_rate", 9, NANO, ""),
                figure(record, figures, "throughput", 3, Limits.MAX_THROUGHPUT_MILLI, "parts per hour"),
                steps,
                isStated(record, "event_id") ? FieldReader.name("event_id", record.get("event_id")) : null);
        if (statesNothing(snapshot)) {
            throw new Refusal(
                    RejectReason.MISSING_FIELD,
                    "process_data states no figure; expected at least one of availability, performance, quality_rate,"
                            + " throughput, or steps with utilization or cycle_time");
        }
        countIgnored(record, figures);
        return snapshot;
    }

    private static long snapshotTime(JsonNode record, JsonNode figures, long arrivalMillis) throws Refusal {
        JsonNode value = beside(record, figures, "timestamp");
        if (value != null) {
            return FieldReader.timestamp("timestamp", value);
        }
        if (arrivalMillis == ABSENT) {
            throw Refusal.missing("timestamp", "one, since the arrival of the record is not known either");
        }
        return arrivalMillis;
    }

    private static long figure(JsonNode record, JsonNode figures, String name, int scale, long max, String unit)
            throws Refusal {
        JsonNode value = beside(record, figures, name);
        return value == null ? ABSENT : FieldReader.scaled(name, value, scale, max, unit);
    }

    /** The value inside process_data or beside it, null where neither states it; both is one too many. */
    private static @Nullable JsonNode beside(JsonNode record, JsonNode figures, String name) throws Refusal {
        JsonNode outside = isStated(record, name) ? record.get(name) : null;
        if (!isStated(figures, name)) {
            return outside;
        }
        if (outside != null) {
            throw Refusal.badValue(name, "stated beside and inside process_data", "it once");
        }
        return figures.get(name);
    }

    private List<StepReading> steps(JsonNode figures) throws Refusal {
        List<StepReading> readings = new ArrayList<>();
        if (!isStated(figures, "steps")) {
            return readings;
        }
        JsonNode steps = figures.get("steps");
        if (!steps.isArray()) {
            throw Refusal.badValue("steps", Printable.value(steps), "an array");
        }
        if (steps.size() > Limits.MAX_SNAPSHOT_STEPS) {
            throw new Refusal(
                    RejectReason.TOO_MANY_STEPS,
                    "steps has " + steps.size() + " entries; expected at most " + Limits.MAX_SNAPSHOT_STEPS);
        }
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < steps.size(); i++) {
            StepReading reading = step("steps[" + i + "]", steps.get(i));
            if (!seen.add(reading.stepId())) {
                throw Refusal.badValue(
                        "steps[" + i + "].step_id", '"' + Printable.text(reading.stepId()) + '"', "each step once");
            }
            readings.add(reading);
        }
        return readings;
    }

    private StepReading step(String path, JsonNode step) throws Refusal {
        if (!step.isObject()) {
            throw Refusal.badValue(path, Printable.value(step), "an object with a step_id");
        }
        String stepId = names.intern(
                FieldReader.name(path + ".step_id", required(step, "step_id", path + ".step_id", A_STRING)));
        long utilization = isStated(step, "utilization")
                ? FieldReader.scaled(path + ".utilization", step.get("utilization"), 9, NANO, "")
                : ABSENT;
        long cycle = isStated(step, "cycle_time")
                ? FieldReader.cycleMicros(path + ".cycle_time", step.get("cycle_time"))
                : ABSENT;
        return new StepReading(stepId, utilization, cycle);
    }

    private static boolean statesNothing(ProcessSnapshot snapshot) {
        return snapshot.availabilityNano() == ABSENT
                && snapshot.performanceNano() == ABSENT
                && snapshot.qualityNano() == ABSENT
                && snapshot.throughputMilli() == ABSENT
                && snapshot.steps().stream()
                        .allMatch(step -> step.utilizationNano() == ABSENT && step.cycleTimeMicros() == ABSENT);
    }

    private void countIgnored(JsonNode record, JsonNode figures) {
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            if (!SNAPSHOT_FIELDS.contains(field.getKey())
                    && EventField.named(field.getKey()) == null
                    && (!FIGURES.contains(field.getKey()) || field.getKey().equals("steps"))) {
                ignored.count(field.getKey());
            }
        }
        for (Map.Entry<String, JsonNode> field : figures.properties()) {
            if (!FIGURES.contains(field.getKey())) {
                ignored.count(PROCESS_DATA + "." + field.getKey());
            }
        }
        for (JsonNode step : figures.path("steps")) {
            for (Map.Entry<String, JsonNode> field : step.properties()) {
                if (!STEP_FIELDS.contains(field.getKey())) {
                    ignored.count(PROCESS_DATA + ".steps." + field.getKey());
                }
            }
        }
    }

    private String processId(JsonNode record) throws Refusal {
        return names.intern(FieldReader.name("process_id", required(record, "process_id", A_STRING)));
    }

    private static JsonNode required(JsonNode record, String field, String expected) throws Refusal {
        return required(record, field, field, expected);
    }

    private static JsonNode required(JsonNode record, String field, String path, String expected) throws Refusal {
        JsonNode value = record.get(field);
        if (value == null || value.isNull()) {
            throw Refusal.missing(path, expected);
        }
        return value;
    }

    /** A null says nothing: the same as leaving the field out. */
    private static boolean isStated(JsonNode object, String field) {
        JsonNode value = object.get(field);
        return value != null && !value.isNull();
    }
}
