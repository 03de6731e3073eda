package io.processoptimizer.decode;

import static io.processoptimizer.event.TelemetryEvent.ABSENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.decode.DecodedRecords.Event;
import io.processoptimizer.event.EventId;
import io.processoptimizer.event.ProcessSnapshot;
import io.processoptimizer.event.ProcessSnapshot.StepReading;
import io.processoptimizer.event.StepState;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptedRecordTest {
    private static final long TIME = 1_767_225_600_123L;

    private final EventDecoder decoder = new EventDecoder();

    @Test
    void everyFieldOfACanonicalEventIsRead() {
        assertThat(decode("""
                        {"process_id":"PROC-017","step_id":"filler","timestamp":1767225600123,"state":"RUNNING",
                         "reason":"ok","duration_ms":1000,"product":"SKU-1","cycle_time":1.18,"ideal_cycle_time":1.0,
                         "good":7,"reject":3,"startup_reject":2,"rework":4,"energy_kwh":0.031,"utilization":0.93,
                         "good_total":70,"reject_total":30,"processed_total":100,"event_id":"e-1"}
                        """))
                .isEqualTo(new Event(
                        "PROC-017",
                        "filler",
                        TIME,
                        StepState.RUNNING,
                        1000,
                        "SKU-1",
                        1_180_000,
                        1_000_000,
                        List.of(7L, 3L, 2L, 4L),
                        List.of(70L, 30L, 100L),
                        31_000,
                        930_000_000,
                        EventId.digest("e-1"),
                        false));
    }

    @Test
    void countsOfACorrectionAreDifferences() {
        Event scrap = (Event)
                decode(event("\"good\":-3,\"reject\":3,\"startup_reject\":5,\"rework\":-1,\"correction\":true"));
        assertThat(scrap.goodRejectStartupRework()).containsExactly(-3L, 3L, 5L, -1L);
        assertThat(scrap.correction()).isTrue();
        assertThat(decode(event("\"correction\":false,\"good\":1"))).isEqualTo(decode(event("\"good\":1")));
    }

    @Test
    void whatIsNotStatedIsAbsent() {
        assertThat(decode(event("\"good\":0")))
                .isEqualTo(new Event(
                        "P",
                        "_",
                        TIME,
                        null,
                        ABSENT,
                        null,
                        ABSENT,
                        ABSENT,
                        List.of(0L, 0L, 0L, 0L),
                        List.of(ABSENT, ABSENT, ABSENT),
                        ABSENT,
                        ABSENT,
                        EventId.NONE,
                        false));
    }

    @Test
    void nullSaysTheSameAsLeavingTheFieldOut() {
        assertThat(decode(event("\"good\":1,\"step_id\":null,\"state\":null,\"duration_ms\":null,\"process_data\":null,"
                        + "\"utilization\":null,\"event_id\":null")))
                .isEqualTo(decode(event("\"good\":1")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"state\":\"DOWN\"",
                "\"product\":\"A\"",
                "\"cycle_time\":1",
                "\"good\":0",
                "\"reject\":0",
                "\"startup_reject\":0",
                "\"rework\":0",
                "\"energy_kwh\":0",
                "\"utilization\":0"
            })
    void anyOneFactIsEnough(String fact) {
        assertThat(decode(event(fact))).isInstanceOf(Event.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1767225600123",
                "1.767225600123e12",
                "1767225600123.0",
                "\"2026-01-01T00:00:00.123Z\"",
                "\"2026-01-01T00:00:00.1239999Z\"",
                "\"2026-01-01T01:00:00.123+01:00\"",
                "\"2026-01-01T01:00:00.123+0100\"",
                "\"2026-01-01T01:00:00.123+01\"",
                "\"2025-12-31T18:30:00.123-05:30\"",
                "\"2026-01-01t00:00:00.123z\""
            })
    void aTimeIsReadInAllItsForms(String timestamp) {
        assertThat(decode("{\"process_id\":\"P\",\"timestamp\":" + timestamp + ",\"good\":1}"))
                .isEqualTo(decode(event("\"good\":1")));
    }

    @ParameterizedTest
    @CsvSource({"running,RUNNING", "Planned_Stop,PLANNED_STOP", "sTARVED,STARVED", "UNKNOWN,UNKNOWN"})
    void statesMatchInAnyCase(String text, StepState state) {
        assertThat(((Event) decode(event("\"state\":\"" + text + "\""))).state())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5.0", "5e0", "0.5e1", "500e-2"})
    void aWholeNumberIsOneHoweverItIsWritten(String number) {
        assertThat(((Event) decode(event("\"good\":" + number))).goodRejectStartupRework())
                .containsExactly(5L, 0L, 0L, 0L);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0000005, 0", // half to the even neighbour below
        "0.0000015, 2", // half to the even neighbour above
        "0.0000025, 2",
        "0.00000250000000001, 3", // a little more than half
        "0.0000024999999999999999999999999, 2",
        "0.1, 100000", // a double would be 0.1000000000000000055
        "1.0000005, 1000000",
        "1000000, 1000000000000",
        "1000000.0000004, 1000000000000",
        "-0.0, 0",
        "1e-7, 0",
        "1e-999999999, 0",
        "31e-3, 31000"
    })
    void energyIsRoundedHalfEvenOnceToMilliwattHours(String kwh, long milliwattHours) {
        assertThat(((Event) decode(event("\"energy_kwh\":" + kwh))).energyMilliwattHours())
                .isEqualTo(milliwattHours);
    }

    @ParameterizedTest
    @CsvSource({"0.00000051, 1", "0.0000015, 2", "1.1800005, 1180000", "1.1800015, 1180002", "120, 120000000"})
    void cycleTimesAreRoundedToMicroseconds(String seconds, long micros) {
        Event event = (Event) decode(event("\"cycle_time\":" + seconds + ",\"ideal_cycle_time\":" + seconds));

        assertThat(event.cycleTimeMicros()).isEqualTo(micros);
        assertThat(event.idealCycleMicros()).isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "0.9299999999999999, 930000000",
        "1.0000000000000002, 1000000000", // floating-point noise of a producer is not above one
        "0.0000000005, 0",
        "0.0000000015, 2",
        "1, 1000000000",
        "0, 0"
    })
    void utilizationIsRoundedToBillionths(String utilization, long nano) {
        assertThat(((Event) decode(event("\"utilization\":" + utilization))).utilizationNano())
                .isEqualTo(nano);
    }

    @Test
    void namesBeyondAsciiAndEscapesAreRead() {
        Event event = (Event) decode(event("\"step_id\":\"Füller №1\",\"product\":\"Gr\\u00f6\\u00dfe \\\"L\\\"\""));

        assertThat(event.stepId()).isEqualTo("Füller №1");
        assertThat(event.product()).isEqualTo("Größe \"L\"");
    }

    @Test
    void theSameNameIsTheSameStringHoweverItWasWritten() {
        Event escaped = (Event) decode(event("\"product\":\"Gr\\u00f6\\u00dfe\""));
        Event plain = (Event) decode(event("\"product\":\"Größe\""));
        Event again = (Event) decode(event("\"good\":1,\"product\":\"Größe\""));

        assertThat(plain.product()).isSameAs(escaped.product());
        assertThat(again.product()).isSameAs(escaped.product());
    }

    @Test
    void unknownFieldsAreIgnoredAndCounted() {
        decode(event("\"good\":1,\"operator\":\"A. N.\",\"shift\":2,\"ok\":true,\"none\":null"));
        decode(event("\"good\":1,\"operator\":\"B\",\"nested\":{\"good\":[1,{\"x\":2}]}"));
        decode(event("\"operator\":\"refused, so not counted\""));

        assertThat(decoder.ignoredFields())
                .containsExactly(
                        Map.entry("nested", 1L),
                        Map.entry("none", 1L),
                        Map.entry("ok", 1L),
                        Map.entry("operator", 2L),
                        Map.entry("shift", 1L));
    }

    @Test
    void theTallyOfIgnoredFieldsIsBounded() {
        for (int i = 0; i < 1000; i++) {
            decode(event("\"good\":1,\"field" + i + "\":1"));
        }

        assertThat(decoder.ignoredFields()).hasSizeLessThanOrEqualTo(101).containsEntry("(others)", 900L);
    }

    @Test
    void aByteOrderMarkIsSkipped() {
        assertThat(decode("\uFEFF" + event("\"good\":1"))).isEqualTo(decode(event("\"good\":1")));
    }

    @Test
    void aProcessSnapshotIsReadAsItStands() {
        assertThat(decode("""
                        {"process_id":"PROC-001","timestamp":1767225600123,"process_data":{
                          "steps":[{"step_id":"step1","utilization":0.95,"cycle_time":120},{"step_id":"step2"}],
                          "throughput":50,"quality_rate":0.95}}
                        """))
                .isEqualTo(new ProcessSnapshot(
                        "PROC-001",
                        TIME,
                        ABSENT,
                        ABSENT,
                        950_000_000,
                        50_000,
                        List.of(
                                new StepReading("step1", 950_000_000, 120_000_000),
                                new StepReading("step2", ABSENT, ABSENT)),
                        null));
    }

    @Test
    void figuresOfASnapshotMayStandBesideItsData() {
        assertThat(decode("""
                        {"process_id":"P","availability":0.9,"event_id":"s1","process_data":{
                          "timestamp":"2026-01-01T00:00:00.123Z","performance":1.25,"shift":"A",
                          "steps":[{"step_id":"a","utilization":1,"mode":3}]}}
                        """))
                .isEqualTo(new ProcessSnapshot(
                        "P",
                        TIME,
                        900_000_000,
                        1_250_000_000,
                        ABSENT,
                        ABSENT,
                        List.of(new StepReading("a", 1_000_000_000, ABSENT)),
                        "s1"));
        assertThat(decoder.ignoredFields())
                .containsExactly(Map.entry("process_data.shift", 1L), Map.entry("process_data.steps.mode", 1L));
    }

    @Test
    void aSnapshotWithoutATimeIsDatedByItsArrival() {
        byte[] record = "{\"process_id\":\"P\",\"process_data\":{\"throughput\":50}}".getBytes(StandardCharsets.UTF_8);

        assertThat(((ProcessSnapshot) DecodedRecords.decode(decoder, record, TIME)).timestampMillis())
                .isEqualTo(TIME);
    }

    private Object decode(String record) {
        return DecodedRecords.decode(decoder, record);
    }

    private static String event(String fields) {
        return "{\"process_id\":\"P\",\"timestamp\":1767225600123," + fields + "}";
    }
}
