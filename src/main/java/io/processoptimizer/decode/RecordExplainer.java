package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says for a person how a record is read: by which mapping, field by field and from where, and what of it is ignored. */
public final class RecordExplainer {
    /** Places of one record that are listed as ignored; who sees so many has seen enough. */
    private static final int MAX_IGNORED = 200;

    private final InputMappings mappings;
    private final RecordReader reader;
    private final EventDecoder canonical;

    public RecordExplainer(InputMappings mappings, int maxRecordBytes) {
        this.mappings = mappings;
        this.reader = new RecordReader(new NameTable(MAX_IGNORED), new IgnoredFields());
        this.canonical = new EventDecoder(maxRecordBytes, mappings);
    }

    /** What becomes of an observation. */
    public enum Outcome {
        READ,
        IGNORED,
        REFUSED
    }

    /**
     * One observation.
     *
     * @param detail why it is ignored or refused; else empty
     * @param fields of the canonical event, in the order of a mapping's fields
     */
    public record Observation(int index, Outcome outcome, String detail, List<Field> fields) {
        public Observation {
            fields = List.copyOf(fields);
        }
    }

    /** @param sources the places the value was read from, as JSON Pointers; empty where it is a constant, or the field itself */
    public record Field(String name, String value, List<String> sources) {
        public Field {
            sources = List.copyOf(sources);
        }
    }

    /**
     * How a record is read.
     *
     * @param mapping null: the record is canonical, or nothing reads it
     * @param observations at least one, unless the record holds none
     * @param ignored values of the record that nothing looked at, as JSON Pointers
     */
    public record Explanation(@Nullable String mapping, List<Observation> observations, List<String> ignored) {
        public Explanation {
            observations = List.copyOf(observations);
            ignored = List.copyOf(ignored);
        }
    }

    /** Explains one record, compressed or not. */
    public Explanation explain(byte[] data) {
        try {
            byte[] text = GzipRecord.begins(data, 0, data.length) ? GzipRecord.inflate(data, 0, data.length) : data;
            JsonNode record = reader.parse(text, 0, text.length);
            InputMapping mapping = mappings.of(record);
            return mapping == null ? explainCanonical(record, text) : explainMapped(record, mapping);
        } catch (Refusal refusal) {
            return new Explanation(null, List.of(refused(0, refusal.reason(), refusal.detail())), List.of());
        }
    }

    private Explanation explainCanonical(JsonNode record, byte[] text) {
        Checked checked = new Checked();
        canonical.decode(text, 0, text.length, TelemetryEvent.ABSENT, checked);
        List<Field> fields = new ArrayList<>();
        List<String> ignored = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            if (EventField.named(field.getKey()) != null || field.getKey().equals("process_data")) {
                fields.add(new Field(field.getKey(), shown(field.getValue()), List.of()));
            } else {
                ignored.add("/" + Scope.escaped(field.getKey()));
            }
        }
        RejectReason reason = checked.reason;
        return new Explanation(
                null,
                List.of(
                        reason == null
                                ? new Observation(0, Outcome.READ, "", fields)
                                : refused(0, reason, checked.detail)),
                ignored);
    }

    private Explanation explainMapped(JsonNode record, InputMapping mapping) throws Refusal {
        InputMapper mapper = new InputMapper(mapping, true);
        List<Observation> observations = new ArrayList<>();
        mapper.read(record, new InputMapper.Receiver() {
            @Override
            public void event(int index, ObjectNode event, Map<MappedField, Set<String>> sources) {
                Checked checked = new Checked();
                reader.read(event, TelemetryEvent.ABSENT, new TelemetryEvent(), checked, "");
                RejectReason reason = checked.reason;
                observations.add(
                        reason == null
                                ? new Observation(index, Outcome.READ, "", fields(event, sources))
                                : RecordExplainer.refused(index, reason, checked.detail));
            }

            @Override
            public void ignored(int index, String why) {
                observations.add(new Observation(index, Outcome.IGNORED, why, List.of()));
            }

            @Override
            public void refused(int index, Refusal refusal) {
                observations.add(RecordExplainer.refused(index, refusal.reason(), refusal.detail()));
            }
        });
        Set<String> used = mapper.takeUsed();
        List<String> ignored = new ArrayList<>();
        listUnused(record, "", used, ignored);
        return new Explanation(mapping.name(), observations, ignored);
    }

    private static List<Field> fields(ObjectNode event, Map<MappedField, Set<String>> sources) {
        Map<String, List<String>> byName = new LinkedHashMap<>();
        sources.forEach((field, places) -> byName.put(
                field == MappedField.PROCESSED ? MappedField.GOOD.json() : field.json(), List.copyOf(places)));
        List<Field> fields = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : event.properties()) {
            fields.add(
                    new Field(field.getKey(), shown(field.getValue()), byName.getOrDefault(field.getKey(), List.of())));
        }
        return fields;
    }

    private static void listUnused(JsonNode node, String pointer, Set<String> used, List<String> ignored) {
        if (ignored.size() >= MAX_IGNORED || used.contains(pointer)) {
            return;
        }
        if (node.isValueNode()) {
            ignored.add(pointer);
            return;
        }
        for (int i = 0; node.isArray() && i < node.size(); i++) {
            listUnused(node.get(i), pointer + "/" + i, used, ignored);
        }
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            listUnused(field.getValue(), pointer + "/" + Scope.escaped(field.getKey()), used, ignored);
        }
    }

    private static Observation refused(int index, RejectReason reason, String detail) {
        return new Observation(index, Outcome.REFUSED, reason.label() + ": " + detail, List.of());
    }

    private static String shown(JsonNode node) {
        return node.isNumber() ? Printable.text(node.decimalValue().toPlainString()) : Printable.value(node);
    }

    private static final class Checked implements DecodedInput {
        private @Nullable RejectReason reason;
        private String detail = "";

        @Override
        public void event(TelemetryEvent event) {
            // Accepted.
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            // Accepted.
        }

        @Override
        public void rejected(RejectReason why, String what) {
            reason = why;
            detail = what;
        }
    }
}
