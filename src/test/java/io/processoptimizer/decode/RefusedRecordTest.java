package io.processoptimizer.decode;

import static io.processoptimizer.event.RejectReason.BAD_VALUE;
import static io.processoptimizer.event.RejectReason.MALFORMED;
import static io.processoptimizer.event.RejectReason.MISSING_FIELD;
import static io.processoptimizer.event.RejectReason.TOO_LARGE;
import static io.processoptimizer.event.RejectReason.TOO_MANY_STEPS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.processoptimizer.decode.DecodedRecords.Rejected;
import io.processoptimizer.event.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RefusedRecordTest {
    private static final String A_NAME = "a string of 1 to 256 characters without control characters";
    private static final String A_TIME = "epoch milliseconds or ISO 8601 with an offset, such as 2026-01-01T00:00:00Z";
    private static final String A_CYCLE = "seconds per part, at least 0.000001 and at most 1000000";
    private static final String STATES =
            "one of RUNNING, SETUP, DOWN, STARVED, BLOCKED, IDLE, PLANNED_STOP, UNKNOWN in any case";

    static Stream<Arguments> malformed() {
        return Stream.of(
                arguments("", "the record is empty; expected one JSON object"),
                arguments(" \n", "the record is empty; expected one JSON object"),
                arguments("[]", "the record is an array; expected one JSON object"),
                arguments("\"text\"", "the record is \"text\"; expected one JSON object"),
                arguments("17", "the record is 17; expected one JSON object"),
                arguments("null", "the record is null; expected one JSON object"),
                arguments("{\"a\":1", "the JSON ends too early, at character 6; expected one whole object"),
                arguments("{} {}", "something follows the object at character 3; expected one JSON object"),
                arguments(
                        "{}x",
                        "not JSON at character 2: Unrecognized token 'x': was expecting (JSON String,"
                                + " Number, Array, Object or token 'null', 'true' or 'false')"),
                arguments(
                        "{'a':1}",
                        "not JSON at character 1: Unexpected character (''' (code 39)): was expecting"
                                + " double-quote to start field name"),
                arguments("{\"a\":1,\"a\":1}", "not JSON at character 10: Duplicate field 'a'"),
                arguments("{\"x\":{\"a\":1,\"a\":1}}", "not JSON at character 15: Duplicate field 'a'"),
                arguments(
                        "{\"a\":NaN}",
                        "not JSON at character 8: Non-standard token 'NaN': enable"
                                + " `JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS` to allow"),
                arguments("{\"a\":01}", "not JSON at character 6: Invalid numeric value: Leading zeroes not allowed"));
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void whatIsNotOneJsonObjectIsMalformed(String record, String detail) {
        assertThat(decode(record)).isEqualTo(new Rejected(MALFORMED, detail));
    }

    @Test
    void bytesThatAreNotUtf8AreMalformed() {
        byte[] latin1 = event("\"product\":\"Größe\",\"good\":1").getBytes(StandardCharsets.ISO_8859_1);

        assertThat(DecodedRecords.decode(new EventDecoder(), latin1, 0))
                .isEqualTo(new Rejected(MALFORMED, "byte 57 (0xF6) is not UTF-8; expected one JSON object in UTF-8"));
    }

    @Test
    void nestingBeyondTheBoundIsMalformed() {
        String deep = "[".repeat(100) + "]".repeat(100);

        assertThat(decode(event("\"good\":1,\"deep\":" + deep))).satisfies(refused -> {
            assertThat(((Rejected) refused).reason()).isEqualTo(MALFORMED);
            assertThat(((Rejected) refused).detail()).contains("nesting depth (65)");
        });
    }

    @Test
    void recordsBeyondTheSizeAreTooLarge() {
        assertThat(DecodedRecords.decode(new EventDecoder(60), event("\"good\":1,\"rework\":0")))
                .isEqualTo(new Rejected(TOO_LARGE, "the record has 64 bytes; expected at most 60"));
    }

    static Stream<Arguments> missing() {
        return Stream.of(
                arguments(
                        "{\"timestamp\":1767225600123,\"good\":1}",
                        "process_id is missing; expected a string of 1 to" + " 256 characters"),
                arguments(
                        "{\"process_id\":null,\"timestamp\":1767225600123,\"good\":1}",
                        "process_id is missing;" + " expected a string of 1 to 256 characters"),
                arguments(
                        "{\"process_id\":\"P\",\"good\":1}",
                        "timestamp is missing; expected epoch milliseconds or ISO 8601 with an offset,"
                                + " or process_data where it is a process snapshot"),
                arguments(
                        event("\"step_id\":\"filler\",\"ideal_cycle_time\":1,\"reason\":\"jam\""),
                        "the record"
                                + " states no fact; expected at least one of state, product, cycle_time, good, reject,"
                                + " startup_reject, rework, good_total, reject_total, processed_total, energy_kwh, utilization"),
                arguments(
                        snapshot("{}"),
                        "process_data states no figure; expected at least one of availability,"
                                + " performance, quality_rate, throughput, or steps with utilization or cycle_time"),
                arguments(
                        snapshot("{\"steps\":[{\"step_id\":\"a\"}]}"),
                        "process_data states no figure; expected at"
                                + " least one of availability, performance, quality_rate, throughput, or steps with"
                                + " utilization or cycle_time"),
                arguments(
                        snapshot("{\"steps\":[{\"utilization\":0.5}]}"),
                        "steps[0].step_id is missing; expected a" + " string of 1 to 256 characters"),
                arguments(
                        "{\"process_id\":\"P\",\"process_data\":{\"throughput\":5}}",
                        "timestamp is missing; expected"
                                + " one, since the arrival of the record is not known either"));
    }

    @ParameterizedTest
    @MethodSource("missing")
    void whatEveryRecordNeedsIsMissing(String record, String detail) {
        assertThat(decode(record)).isEqualTo(new Rejected(MISSING_FIELD, detail));
    }

    static Stream<Arguments> badValues() {
        String long300 = "x".repeat(300);
        return Stream.of(
                arguments("\"good\":-1", "good is -1; expected a whole number of parts from 0 to 1000000000"),
                arguments(
                        "\"correction\":false,\"good\":-1",
                        "good is -1; expected a whole number of parts from 0 to 1000000000"),
                arguments(
                        "\"good\":-1000000001,\"correction\":true",
                        "good is -1000000001; expected a whole number of parts from -1000000000 to 1000000000"),
                arguments("\"correction\":1,\"good\":1", "correction is 1; expected true or false"),
                arguments("\"correction\":\"true\",\"good\":1", "correction is \"true\"; expected true or false"),
                arguments("\"good\":1.5", "good is 1.5; expected a whole number of parts from 0 to 1000000000"),
                arguments("\"good\":\"1\"", "good is \"1\"; expected a whole number of parts from 0 to 1000000000"),
                arguments("\"good\":true", "good is true; expected a whole number of parts from 0 to 1000000000"),
                arguments("\"good\":[1]", "good is an array; expected a whole number of parts from 0 to 1000000000"),
                arguments(
                        "\"rework\":{}", "rework is an object; expected a whole number of parts from 0 to 1000000000"),
                arguments(
                        "\"reject\":1000000001",
                        "reject is 1000000001; expected a whole number of parts from 0 to" + " 1000000000"),
                arguments(
                        "\"good\":99999999999999999999",
                        "good is 99999999999999999999; expected a whole number of" + " parts from 0 to 1000000000"),
                arguments(
                        "\"good\":1e999999999",
                        "good is 1E+999999999; expected a whole number of parts from 0 to" + " 1000000000"),
                arguments(
                        "\"startup_reject\":3,\"reject\":2",
                        "startup_reject is 3; expected at most reject, which" + " is 2"),
                arguments("\"startup_reject\":1", "startup_reject is 1; expected at most reject, which is 0"),
                arguments(
                        "\"duration_ms\":1000,\"good\":1",
                        "duration_ms is 1000; expected a state beside it, or no" + " duration_ms"),
                arguments(
                        "\"state\":\"DOWN\",\"duration_ms\":-5",
                        "duration_ms is -5; expected a whole number of" + " milliseconds from 0 to 31622400000"),
                arguments(
                        "\"state\":\"DOWN\",\"duration_ms\":0.5",
                        "duration_ms is 0.5; expected a whole number of" + " milliseconds from 0 to 31622400000"),
                arguments("\"state\":\"EXECUTE\"", "state is \"EXECUTE\"; expected " + STATES),
                arguments("\"state\":\"ıdle\"", "state is \"ıdle\"; expected " + STATES),
                arguments("\"state\":4", "state is 4; expected " + STATES),
                arguments("\"utilization\":1.01", "utilization is 1.01; expected a number from 0 to 1"),
                arguments("\"utilization\":-0.0000000001", "utilization is -1E-10; expected a number from 0 to 1"),
                arguments("\"utilization\":\"NaN\"", "utilization is \"NaN\"; expected a number from 0 to 1"),
                arguments("\"energy_kwh\":-1", "energy_kwh is -1; expected a number of kWh from 0 to 1000000"),
                arguments("\"energy_kwh\":1e400", "energy_kwh is 1E+400; expected a number of kWh from 0 to 1000000"),
                arguments("\"cycle_time\":0", "cycle_time is 0; expected " + A_CYCLE),
                arguments("\"cycle_time\":0.0000005", "cycle_time is 5E-7; expected " + A_CYCLE),
                arguments("\"cycle_time\":1000001", "cycle_time is 1000001; expected " + A_CYCLE),
                arguments("\"good\":1,\"ideal_cycle_time\":-2", "ideal_cycle_time is -2; expected " + A_CYCLE),
                arguments("\"good\":1,\"step_id\":\"\"", "step_id is \"\"; expected " + A_NAME),
                arguments("\"good\":1,\"step_id\":7", "step_id is 7; expected " + A_NAME),
                arguments("\"product\":\"a\\u0007b\"", "product is \"a?b\"; expected " + A_NAME),
                arguments("\"product\":\"a\u2028b\"", "product is \"a?b\"; expected " + A_NAME),
                arguments("\"product\":\"\\ud800\"", "product is \"?\"; expected " + A_NAME),
                arguments(
                        "\"product\":\"" + long300 + "\"",
                        "product is \"" + "x".repeat(64) + "…\" with 300 characters; expected " + A_NAME),
                arguments("\"good\":1,\"event_id\":\"\"", "event_id is \"\"; expected " + A_NAME),
                arguments("\"good\":1,\"reason\":{}", "reason is an object; expected a string or a number"));
    }

    @ParameterizedTest
    @MethodSource("badValues")
    void valuesOutsideTheirTypeOrRangeAreRefused(String fields, String detail) {
        assertThat(decode(event(fields))).isEqualTo(new Rejected(BAD_VALUE, detail));
    }

    @Test
    void anExponentBeyondAllRangesIsABadValue() {
        assertThat(decode(event("\"good\":1,\"x\":1e757739784511")))
                .isEqualTo(new Rejected(
                        BAD_VALUE, "a number has an exponent of more than 9 digits; expected a plain number"));
    }

    static Stream<Arguments> badTimes() {
        return Stream.of(
                arguments("1767225600", "1767225600, which looks like seconds; expected epoch milliseconds"),
                arguments(
                        "1767225600123456",
                        "1767225600123456, which looks like microseconds; expected epoch" + " milliseconds"),
                arguments(
                        "1767225600123456789",
                        "1767225600123456789, which looks like nanoseconds; expected epoch" + " milliseconds"),
                arguments("0", "0; expected a time from the year 2000 to 2099"),
                arguments("4102444800000", "4102444800000; expected a time from the year 2000 to 2099"),
                arguments("946684799999", "946684799999; expected a time from the year 2000 to 2099"),
                arguments("-1", "-1; expected " + A_TIME),
                arguments("1767225600.5", "1767225600.5; expected " + A_TIME),
                arguments("1e30", "1E+30; expected " + A_TIME),
                arguments("true", "true; expected " + A_TIME),
                arguments("\"1767225600123\"", "\"1767225600123\"; expected " + A_TIME),
                arguments(
                        "\"2026-01-01T00:00:00\"", "\"2026-01-01T00:00:00\", which has no offset; expected " + A_TIME),
                arguments("\"2026-02-29T00:00:00Z\"", "\"2026-02-29T00:00:00Z\"; expected " + A_TIME),
                arguments("\"2026-01-01T24:00:00Z\"", "\"2026-01-01T24:00:00Z\"; expected " + A_TIME),
                arguments(
                        "\"1999-12-31T23:59:59Z\"",
                        "\"1999-12-31T23:59:59Z\"; expected a time from the year 2000" + " to 2099"));
    }

    @ParameterizedTest
    @MethodSource("badTimes")
    void implausibleTimesAreRefused(String timestamp, String detail) {
        assertThat(decode("{\"process_id\":\"P\",\"timestamp\":" + timestamp + ",\"good\":1}"))
                .isEqualTo(new Rejected(BAD_VALUE, "timestamp is " + detail));
    }

    static Stream<Arguments> badSnapshots() {
        return Stream.of(
                arguments("17", "process_data is 17; expected an object"),
                arguments("{\"quality_rate\":1.2}", "quality_rate is 1.2; expected a number from 0 to 1"),
                arguments("{\"performance\":11}", "performance is 11; expected a number from 0 to 10"),
                arguments(
                        "{\"throughput\":-3}",
                        "throughput is -3; expected a number of parts per hour from 0 to" + " 10000000"),
                arguments(
                        "{\"throughput\":3,\"timestamp\":1767225600123}",
                        "timestamp is stated beside and inside" + " process_data; expected it once"),
                arguments("{\"steps\":{}}", "steps is an object; expected an array"),
                arguments("{\"steps\":[7]}", "steps[0] is 7; expected an object with a step_id"),
                arguments(
                        "{\"steps\":[{\"step_id\":\"a\",\"utilization\":95}]}",
                        "steps[0].utilization is 95;" + " expected a number from 0 to 1"),
                arguments(
                        "{\"steps\":[{\"step_id\":\"a\"},{\"step_id\":\"b\",\"cycle_time\":\"x\"}]}",
                        "steps[1].cycle_time is \"x\"; expected " + A_CYCLE),
                arguments(
                        "{\"steps\":[{\"step_id\":\"a\"},{\"step_id\":\"a\"}]}",
                        "steps[1].step_id is \"a\";" + " expected each step once"));
    }

    @ParameterizedTest
    @MethodSource("badSnapshots")
    void badFiguresOfASnapshotAreRefused(String processData, String detail) {
        assertThat(decode(snapshot(processData))).isEqualTo(new Rejected(BAD_VALUE, detail));
    }

    @Test
    void anEventInsideASnapshotIsRefusedRatherThanLost() {
        assertThat(decode(event("\"good\":1,\"process_data\":{\"throughput\":5}")))
                .isEqualTo(new Rejected(
                        BAD_VALUE, "good is 1; expected no field of an event beside process_data: send two records"));
    }

    @Test
    void aSnapshotOfTooManyStepsIsRefused() {
        String steps = IntStream.range(0, 1001)
                .mapToObj(i -> "{\"step_id\":\"s" + i + "\",\"utilization\":0.5}")
                .collect(Collectors.joining(","));

        assertThat(decode(snapshot("{\"steps\":[" + steps + "]}")))
                .isEqualTo(new Rejected(TOO_MANY_STEPS, "steps has 1001 entries; expected at most 1000"));
    }

    @Test
    void aRecordWithSeveralFaultsIsRefusedForTheSameOneInAnyOrderOfItsFields() {
        Rejected expected = new Rejected(BAD_VALUE, "state is 1; expected " + STATES);

        assertThat(decode(event("\"state\":1,\"good\":-1"))).isEqualTo(expected);
        assertThat(decode(event("\"good\":-1,\"state\":1"))).isEqualTo(expected);
    }

    @Test
    void aRefusedRecordLeavesNothingBehindForTheNext() {
        EventDecoder decoder = new EventDecoder();
        Object alone = DecodedRecords.decode(decoder, event("\"good\":1"));

        DecodedRecords.decode(decoder, event("\"state\":\"DOWN\",\"product\":\"A\",\"good\":5,\"reject\":-1"));

        assertThat(DecodedRecords.decode(decoder, event("\"good\":1"))).isEqualTo(alone);
    }

    private static Object decode(String record) {
        return DecodedRecords.decode(
                new EventDecoder(), record.getBytes(StandardCharsets.UTF_8), TelemetryEvent.ABSENT);
    }

    private static String event(String fields) {
        return "{\"process_id\":\"P\",\"timestamp\":1767225600123," + fields + "}";
    }

    private static String snapshot(String processData) {
        return "{\"process_id\":\"P\",\"timestamp\":1767225600123,\"process_data\":" + processData + "}";
    }
}
