package io.processoptimizer.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.processoptimizer.decode.DecodedRecords.Event;
import io.processoptimizer.decode.DecodedRecords.Rejected;
import io.processoptimizer.decode.FieldSource.At;
import io.processoptimizer.decode.FieldSource.Condition;
import io.processoptimizer.decode.FieldSource.Otherwise;
import io.processoptimizer.decode.FieldSource.Table;
import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.event.RejectReason;
import io.processoptimizer.event.StepState;
import io.processoptimizer.event.TelemetryEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records of a made-up shape: {"line":"L","obs":[{"t":…,"s":"run","good":…}]}. */
class MappedRecordsTest {
    private static final long TIME = 1_767_225_600_000L;

    private static FieldSource from(String pointer, MappedUnit unit, @Nullable Table table) {
        return new FieldSource(List.of(), at(pointer), Set.of(), table, unit, null);
    }

    private static At at(String pointer) {
        return new At(List.of(Pointer.parse(pointer)), null);
    }

    private static InputMappings mapping(Map<MappedField, FieldSource> more) {
        Table states = new Table(Map.of("run", "RUNNING", "stop", "DOWN"), List.of(), Otherwise.REFUSE, "");
        Map<MappedField, List<FieldSource>> fields = new EnumMap<>(MappedField.class);
        fields.put(MappedField.PROCESS_ID, List.of(from("/line", MappedUnit.NONE, null)));
        fields.put(MappedField.TIMESTAMP, List.of(from("0/t", MappedUnit.S, null)));
        fields.put(MappedField.STATE, List.of(from("0/s", MappedUnit.NONE, states)));
        fields.put(MappedField.GOOD, List.of(from("0/good", MappedUnit.NONE, null)));
        more.forEach((field, source) -> fields.put(field, List.of(source)));
        return new InputMappings(List.of(new InputMapping(
                "made-up",
                "1",
                List.of(new Condition(at("/obs"), null, false)),
                List.of(Pointer.parse("/obs/*")),
                fields,
                List.of(),
                null)));
    }

    private static final InputMappings MAPPING = mapping(Map.of());

    private static List<Object> decode(InputMappings mappings, byte[] record) {
        DecodedRecords out = new DecodedRecords();
        new EventDecoder(1 << 20, mappings).decode(record, 0, record.length, TelemetryEvent.ABSENT, out);
        return out.all;
    }

    private static List<Object> decode(String record) {
        return decode(MAPPING, record.getBytes(StandardCharsets.UTF_8));
    }

    private static Event event(String observation, MappedField field, FieldSource source) {
        String record = "{\"line\":\"L\",\"obs\":[" + observation + "]}";
        List<Object> all = decode(mapping(Map.of(field, source)), record.getBytes(StandardCharsets.UTF_8));
        assertThat(all).singleElement().isInstanceOf(Event.class);
        return (Event) all.get(0);
    }

    @Test
    void oneRecordMayHoldSeveralObservationsAndOneThatIsRefusedTakesNoOtherWithIt() {
        List<Object> all = decode("""
                {"line":"L","obs":[{"t":1767225600,"s":"RUN"},{"t":1767225601,"s":"what"},
                 {"t":1767225602},{"t":1767225603,"good":-1},{"t":1767225604,"good":2}]}""");

        assertThat(all).hasSize(4);
        assertThat(((Event) all.get(0)).state()).isEqualTo(StepState.RUNNING);
        assertThat(all.get(1))
                .isEqualTo(new Rejected(
                        RejectReason.BAD_VALUE,
                        "mapping made-up, observation 1: state is \"what\"; expected a value that stands in the mapping's"
                                + " table"));
        assertThat(((Rejected) all.get(2)).detail()).startsWith("mapping made-up, observation 3: good is -1");
        assertThat(((Event) all.get(3)).goodRejectStartupRework().get(0)).isEqualTo(2);
    }

    @Test
    void observationsThatShareTheIdOfTheirRecordAreNotTakenForRepetitions() {
        String record = "{\"line\":\"L\",\"message\":7,\"obs\":[{\"t\":1767225600,\"good\":1,\"id\":\"a\"},"
                + "{\"t\":1767225601,\"good\":2,\"id\":\"b\"}]}";

        assertThat(ids(record, at("/message"))).containsExactly("7:0", "7:1");
        assertThat(ids(record, at("2/message"))).containsExactly("7:0", "7:1");
        assertThat(ids(record, new FieldSource.Constant("c"))).containsExactly("c:0", "c:1");
        assertThat(ids(record, at("0/id"))).containsExactly("a", "b");
        assertThat(ids(record, new FieldSource.Joined(List.of(at("/message"), at("0/id")), "-")))
                .containsExactly("7-a", "7-b");
        FieldSource.At ownFirst = new At(List.of(Pointer.parse("0/id"), Pointer.parse("/message")), null);
        assertThat(ids(record, ownFirst)).containsExactly("a", "b");
        assertThat(ids(record.replace("\"message\":7", "\"message\":\"\""), at("/message")))
                .hasSize(2)
                .allMatch(said -> said.startsWith("BAD_VALUE mapping made-up, observation "));
    }

    private static List<String> ids(String record, FieldSource.Value id) {
        InputMappings mapping = mapping(
                Map.of(MappedField.EVENT_ID, new FieldSource(List.of(), id, Set.of(), null, MappedUnit.NONE, null)));
        List<String> ids = new ArrayList<>();
        new RecordTranslator(mapping, 1 << 20)
                .translate(record.getBytes(StandardCharsets.UTF_8), TIME, "none", new RecordTranslator.Receiver() {
                    @Override
                    public void canonical(String processId, byte[] canonical) {
                        ids.add(new String(canonical, StandardCharsets.UTF_8)
                                .replaceAll(".*\"event_id\":\"([^\"]*)\".*", "$1"));
                    }

                    @Override
                    public void refused(int index, RejectReason reason, String detail) {
                        ids.add(reason + " " + detail);
                    }
                });
        return ids;
    }

    @Test
    void aCanonicalRecordIsReadAsEverEvenWhereAMappingWouldFit() {
        String canonical = "{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1,\"obs\":[]}";
        String escaped = canonical.replace("\"P\"", "\"\\u0050\"");

        assertThat(decode(escaped))
                .isEqualTo(decode(canonical))
                .isEqualTo(decode(InputMappings.NONE, canonical.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aRecordThatNothingReadsSaysSo() {
        assertThat(decode("{\"x\":1}"))
                .isEqualTo(List.of(new Rejected(
                        RejectReason.MISSING_FIELD,
                        "no mapping of input.mappings reads it, and process_id is missing; expected a string of 1 to 256"
                                + " characters")));
        assertThat(decode("[1]")).first().asString().contains("the record is an array");
        assertThat(decode("nonsense")).first().asString().contains("MALFORMED");
    }

    @Test
    void compressedRecordsAreReadMappedOrNot() throws IOException {
        String canonical = "{\"process_id\":\"P\",\"timestamp\":1767225600000,\"good\":1}";
        String foreign = "{\"line\":\"L\",\"obs\":[{\"t\":1767225600,\"good\":3}]}";

        assertThat(decode(InputMappings.NONE, gzip(canonical))).isEqualTo(decode(canonical));
        assertThat(decode(MAPPING, gzip(foreign))).isEqualTo(decode(foreign));
        byte[] broken = gzip(foreign);
        broken[broken.length - 9] ^= 1;
        assertThat(decode(MAPPING, broken)).first().asString().contains("begins as gzip and cannot be decompressed");
        assertThat(decode(MAPPING, gzip(" ".repeat(11 << 20))))
                .first()
                .asString()
                .contains("the compressed record holds more than 10485760 bytes");
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void observationsAndDepthAreBounded() {
        String many = IntStream.range(0, 1_001)
                .mapToObj(i -> "{\"t\":1767225600,\"good\":1}")
                .collect(Collectors.joining(",", "{\"line\":\"L\",\"obs\":[", "]}"));
        String deep = "{\"obs\":" + "[".repeat(100) + "]".repeat(100) + "}";

        assertThat(decode(many))
                .isEqualTo(List.of(new Rejected(
                        RejectReason.TOO_LARGE,
                        "the record holds more than 1000 observations; send them in several records")));
        assertThat(decode(deep)).singleElement().asString().contains("MALFORMED");
    }

    /** Ten megabytes of brackets would be some hundred megabytes of nodes. */
    @Test
    void aRecordOfCountlessSmallValuesIsRefused() throws IOException {
        String many = "{\"line\":\"L\",\"obs\":[" + "[],".repeat(300_000) + "[]]}";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(many.getBytes(StandardCharsets.UTF_8));
        }
        for (byte[] record : List.of(many.getBytes(StandardCharsets.UTF_8), packed.toByteArray())) {
            assertThat(decode(mapping(Map.of()), record))
                    .singleElement()
                    .isInstanceOfSatisfying(Rejected.class, rejected -> {
                        assertThat(rejected.reason()).isEqualTo(RejectReason.TOO_LARGE);
                        assertThat(rejected.detail()).contains("more than 500000 values");
                    });
        }
    }

    @Test
    void ofARedrivenRecordTheRefusedObservationAloneIsRead() {
        String record =
                "{\"line\":\"L\",\"obs\":[{\"t\":1767225600,\"good\":1},{\"x\":1},{\"t\":1767225602,\"good\":3}]}";
        RedriveMark mark = new RedriveMark(RejectReason.LATE, "shardId-0", new RecordPosition("7", 0), 2, TIME, false);
        byte[] redriven = mark.mark(record.getBytes(StandardCharsets.UTF_8));

        assertThat(decode(MAPPING, redriven))
                .singleElement()
                .satisfies(event -> assertThat(
                                ((Event) event).goodRejectStartupRework().get(0))
                        .isEqualTo(3));
    }

    @Test
    void unitsBecomeOurs() {
        String machine = "{\"t\":1767225600,\"good\":1,\"v\":\"80\"}";
        MappedField ideal = MappedField.IDEAL_CYCLE_TIME;

        assertThat(event(machine, ideal, from("0/v", MappedUnit.PER_MINUTE, null))
                        .idealCycleMicros())
                .isEqualTo(750_000);
        assertThat(event(machine.replace("80", "7"), ideal, from("0/v", MappedUnit.PER_MINUTE, null))
                        .idealCycleMicros())
                .isEqualTo(8_571_429);
        assertThat(event(machine.replace("80", "0"), ideal, from("0/v", MappedUnit.PER_HOUR, null))
                        .idealCycleMicros())
                .as("a machine that stands states no speed")
                .isEqualTo(TelemetryEvent.ABSENT);
        assertThat(event(machine, MappedField.ENERGY_KWH, from("0/v", MappedUnit.WH, null))
                        .energyMilliwattHours())
                .isEqualTo(80_000);
        assertThat(event(machine, MappedField.UTILIZATION, from("0/v", MappedUnit.PERCENT, null))
                        .utilizationNano())
                .isEqualTo(800_000_000);
    }

    @Test
    void timesAreReadAsGatewaysWriteThem() {
        for (String time : List.of(
                "\"2026-01-01 00:00:00.250Z\"",
                "\"2026-01-01 01:00:00.250 +01:00\"",
                "\"2026-01-01 00:00:00.2509 UTC\"",
                "\"\\\"2026-01-01T00:00:00.250+0000\\\"\"",
                "1767225600.2509",
                "\"1767225600.25\"")) {
            assertThat(event("{\"t\":" + time + ",\"good\":1}", MappedField.STEP_ID, from("1#", MappedUnit.NONE, null))
                            .timestampMillis())
                    .as(time)
                    .isEqualTo(TIME + 250);
        }
    }

    @Test
    void relativePointersReachTheKeyAboveTheObservation() {
        assertThat(event("{\"t\":1767225600,\"good\":1}", MappedField.STEP_ID, from("1#", MappedUnit.NONE, null))
                        .stepId())
                .isEqualTo("obs");
    }

    @Test
    void ignoredObservationsKeepTheirPlaceAndAreCounted() {
        List<String> calls = new ArrayList<>();
        EventDecoder decoder = new EventDecoder(1 << 20, MAPPING);
        byte[] record =
                "{\"line\":\"L\",\"obs\":[{\"t\":1},{\"t\":1767225600,\"good\":1}]}".getBytes(StandardCharsets.UTF_8);
        decoder.decode(record, 0, record.length, 0, new DecodedInput() {
            @Override
            public void ignored() {
                calls.add("ignored");
            }

            @Override
            public void event(TelemetryEvent event) {
                calls.add("event");
            }

            @Override
            public void snapshot(io.processoptimizer.event.ProcessSnapshot snapshot) {
                calls.add("snapshot");
            }

            @Override
            public void rejected(RejectReason reason, String detail) {
                calls.add(detail);
            }
        });

        assertThat(calls).containsExactly("ignored", "event");
        assertThat(decoder.ignoredFields()).containsEntry("made-up: it states no fact", 1L);
    }

    private static void assertRefused(String observation, MappedField field, FieldSource source, String detail) {
        String record = "{\"line\":\"L\",\"obs\":[" + observation + "]}";
        List<Object> all = assertTimeoutPreemptively(
                Duration.ofMinutes(1),
                () -> decode(mapping(Map.of(field, source)), record.getBytes(StandardCharsets.UTF_8)));
        assertThat(all).singleElement().isInstanceOf(Rejected.class).asString().contains(detail);
    }

    @Test
    void partsThatAreNoNumberAreRefusedAndNotCountedAsNone() {
        FieldSource all = from("0/all", MappedUnit.NONE, null);
        assertRefused("{\"t\":1767225600,\"all\":\"n/a\"}", MappedField.PROCESSED, all, "good is \"n/a\"");
        assertRefused("{\"t\":1767225600,\"all\":true}", MappedField.PROCESSED, all, "good is true");
    }

    @Test
    void aNumberOfMillionsOfDigitsIsRefusedWithoutWritingItOut() {
        String time = "{\"t\":1767225600,\"s\":\"run\",\"v\":";
        for (String huge : List.of("1e600000000", "-1e600000000", "1e2147483647", "1e-2147483647", "1e-600000000")) {
            assertRefused(time + huge + "}", MappedField.PROCESSED, from("0/v", MappedUnit.NONE, null), "good is");
            assertRefused(time + huge + "}", MappedField.TIMESTAMP, from("0/v", MappedUnit.US, null), "timestamp is");
            FieldSource nanos =
                    new FieldSource(List.of(), at("0/t"), Set.of(), null, MappedUnit.S, Pointer.parse("0/v"));
            assertRefused(time + huge + "}", MappedField.TIMESTAMP, nanos, "timestamp is");
        }
        for (MappedUnit unit : List.of(MappedUnit.PER_MINUTE, MappedUnit.MS)) {
            assertRefused(time + "1e600000000}", MappedField.CYCLE_TIME, from("0/v", unit, null), "cycle_time is");
        }
        assertRefused(
                time + "1e-2147483647}", MappedField.CYCLE_TIME, from("0/v", MappedUnit.MS, null), "cycle_time is");
        assertRefused(
                time + "1e2147483647}", MappedField.ENERGY_KWH, from("0/v", MappedUnit.MJ, null), "energy_kwh is");
    }

    @Test
    void nanosecondsThatAreNoNumberAreRefused() {
        FieldSource time = new FieldSource(List.of(), at("0/t"), Set.of(), null, MappedUnit.S, Pointer.parse("0/n"));
        assertRefused(
                "{\"t\":1767225600,\"n\":\"half\",\"s\":\"run\"}",
                MappedField.TIMESTAMP,
                time,
                "timestamp is \"half\"");
    }
}
