package io.processoptimizer.decode;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads records that are not in the common form, where mappings are configured: canonical ones as ever, others by their mapping. */
final class MappedRecords {
    /** All observations of a record are meant. */
    static final int ALL = -1;

    private final InputMappings mappings;
    private final Map<String, InputMapper> mappers = new HashMap<>();
    private final RecordReader reader;
    private final IgnoredFields ignored;

    /**
     * How one record is read.
     *
     * @param only the observation that is meant, or {@link #ALL}
     */
    record Reading(long arrivalMillis, int only, TelemetryEvent slot, DecodedInput out) {}

    MappedRecords(InputMappings mappings, RecordReader reader, IgnoredFields ignored) {
        this.mappings = mappings;
        this.reader = reader;
        this.ignored = ignored;
        for (InputMapping mapping : mappings.all()) {
            mappers.put(mapping.name(), new InputMapper(mapping, false));
        }
    }

    boolean isEmpty() {
        return mappings.isEmpty();
    }

    void read(byte[] data, int offset, int length, Reading reading) {
        try {
            JsonNode record = reader.parse(data, offset, length);
            InputMapping mapping = mappings.of(record);
            InputMapper mapper = mapping == null ? null : mappers.get(mapping.name());
            if (mapping == null || mapper == null) {
                String fits = InputMappings.isCanonical(record) ? "" : "no mapping of input.mappings reads it, and ";
                reader.read(RecordReader.requireObject(record), reading.arrivalMillis, reading.slot, reading.out, fits);
            } else {
                mapper.read(record, new Checked(mapping, reading));
            }
        } catch (Refusal refusal) {
            reading.out.rejected(refusal.reason(), refusal.detail());
        }
    }

    /** Each observation, read as the canonical event that it stands for. */
    private final class Checked implements InputMapper.Receiver {
        private final InputMapping mapping;
        private final Reading reading;

        Checked(InputMapping mapping, Reading reading) {
            this.mapping = mapping;
            this.reading = reading;
        }

        private boolean isMeant(int index) {
            return reading.only == ALL || reading.only == index;
        }

        @Override
        public void event(int index, ObjectNode event, Map<MappedField, Set<String>> sources) {
            if (isMeant(index)) {
                reader.read(event, reading.arrivalMillis, reading.slot, reading.out, prefix(index));
            }
        }

        @Override
        public void ignored(int index, String why) {
            if (reading.only == ALL) {
                ignored.count(mapping.name() + ": " + why);
                reading.out.ignored();
            } else if (reading.only == index) {
                reading.out.rejected(RejectReason.MISSING_FIELD, prefix(index) + why);
            }
        }

        @Override
        public void refused(int index, Refusal refusal) {
            if (isMeant(index)) {
                reading.out.rejected(refusal.reason(), prefix(index) + refusal.detail());
            }
        }

        private String prefix(int index) {
            return InputMappings.prefix(mapping, index);
        }
    }
}
