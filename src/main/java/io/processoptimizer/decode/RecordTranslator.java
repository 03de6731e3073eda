package io.processoptimizer.decode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Turns records of any shape that is read here into canonical ones, each of one process and with an {@code event_id}: what is given
 * on twice is counted once. The same record gives the same canonical ones.
 */
public final class RecordTranslator {
    /** Names of one stream that are kept; as in {@link EventDecoder}. */
    private static final int MAX_NAMES = 1 << 14;

    private final InputMappings mappings;
    private final int maxRecordBytes;
    private final RecordReader reader;
    private final ObjectMapper json = new ObjectMapper();
    private final ObjectWriter ascii = json.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    /** @param maxRecordBytes the longest record that is read, bytes, ≥ 1 */
    public RecordTranslator(InputMappings mappings, int maxRecordBytes) {
        this.mappings = mappings;
        this.maxRecordBytes = maxRecordBytes;
        this.reader = new RecordReader(new NameTable(MAX_NAMES), new IgnoredFields());
    }

    /** Takes the canonical records of one record, in its order. */
    public interface Receiver {
        void canonical(String processId, byte[] record);

        /** @param index of the observation, from 0 */
        void refused(int index, RejectReason reason, String detail);
    }

    /**
     * Translates one record.
     *
     * @param arrivalMillis when it arrived, epoch milliseconds: dates a process snapshot that names no time
     * @param id of the record, unique and the same whenever it is read: names its observations where they have no name of their own
     */
    public void translate(byte[] data, long arrivalMillis, String id, Receiver out) {
        if (data.length > maxRecordBytes) {
            out.refused(
                    0,
                    RejectReason.TOO_LARGE,
                    "the record has " + data.length + " bytes; expected at most " + maxRecordBytes);
            return;
        }
        try {
            byte[] text = GzipRecord.begins(data, 0, data.length) ? GzipRecord.inflate(data, 0, data.length) : data;
            JsonNode record = reader.parse(text, 0, text.length);
            InputMapping mapping = mappings.of(record);
            Observations observations = new Observations(mapping, arrivalMillis, id, out);
            if (mapping == null) {
                observations.event(0, (ObjectNode) RecordReader.requireObject(record), Map.of());
            } else {
                new InputMapper(mapping, false).read(record, observations);
            }
        } catch (Refusal refusal) {
            out.refused(0, refusal.reason(), refusal.detail());
        }
    }

    /** Half a surrogate pair, as {@code "\\ud800"}, is read in a text and has no UTF-8: then all that is not ASCII is escaped. */
    private byte[] written(ObjectNode event) {
        try {
            return json.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            try {
                return ascii.writeValueAsBytes(event);
            } catch (JsonProcessingException again) {
                throw new IllegalStateException("what was read as JSON cannot be written as JSON", again);
            }
        }
    }

    private final class Observations implements InputMapper.Receiver, DecodedInput {
        private final @Nullable InputMapping mapping;
        private final long arrivalMillis;
        private final String id;
        private final Receiver out;
        private int index;
        private @Nullable String processId;
        private long timeMillis;

        Observations(@Nullable InputMapping mapping, long arrivalMillis, String id, Receiver out) {
            this.mapping = mapping;
            this.arrivalMillis = arrivalMillis;
            this.id = id;
            this.out = out;
        }

        @Override
        public void event(int at, ObjectNode event, Map<MappedField, Set<String>> sources) {
            index = at;
            processId = null;
            reader.read(event, arrivalMillis, new TelemetryEvent(), this, prefix(at));
            String process = processId;
            if (process == null) {
                return;
            }
            if (!event.hasNonNull("event_id")) {
                event.put("event_id", id + ":" + at);
            }
            if (!event.hasNonNull("timestamp") && !event.path("process_data").hasNonNull("timestamp")) {
                event.put("timestamp", timeMillis);
            }
            byte[] record = written(event);
            int most = Math.min(maxRecordBytes, EventDecoder.DEFAULT_MAX_RECORD_BYTES)
                    - process.getBytes(StandardCharsets.UTF_8).length;
            if (record.length > most) {
                out.refused(
                        at,
                        RejectReason.TOO_LARGE,
                        prefix(at) + "written out, the event has " + record.length + " bytes; expected at most " + most
                                + ", which a stream takes beside its key");
            } else {
                out.canonical(process, record);
            }
        }

        @Override
        public void ignored(int at, String why) {
            // Says nothing: there is nothing to give on.
        }

        @Override
        public void refused(int at, Refusal refusal) {
            out.refused(at, refusal.reason(), prefix(at) + refusal.detail());
        }

        private String prefix(int at) {
            return mapping == null ? "" : InputMappings.prefix(mapping, at);
        }

        @Override
        public void event(TelemetryEvent event) {
            processId = event.processId;
            timeMillis = event.timestampMillis;
        }

        @Override
        public void snapshot(ProcessSnapshot snapshot) {
            processId = snapshot.processId();
            timeMillis = snapshot.timestampMillis();
        }

        @Override
        public void rejected(RejectReason reason, String detail) {
            out.refused(index, reason, detail);
        }
    }
}
