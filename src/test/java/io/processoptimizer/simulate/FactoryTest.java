package io.processoptimizer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.event.StepState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FactoryTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    /** Long enough for breaks, changeovers and shares within a hundredth. */
    private static final Duration LENGTH = Duration.ofHours(2);

    private static final SimulationOptions HOURS =
            SimulationOptions.startingAt(START).withLength(LENGTH);
    private static final Delivery ROUGH =
            new Delivery(0.5, 0.1, 0.2, 0.05, 0.03, Duration.ofSeconds(5), Duration.ofMinutes(10));

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherSeedOthers() {
        SimulationOptions rough = HOURS.withDelivery(ROUGH);

        assertThat(text(rough)).isEqualTo(text(rough));
        assertThat(text(rough)).isNotEqualTo(text(rough.withSeed(2)));
    }

    @Test
    void aProcessDoesNotDependOnHowManyOthersThereAre() {
        SimulationOptions one = HOURS.withDelivery(ROUGH).withProcesses(1);

        assertThat(text(one.withProcesses(8)).stream().filter(line -> line.startsWith("PROC-001 ")))
                .containsExactlyElementsOf(text(one));
    }

    @Test
    void recordsComeInOrderOfArrivalAndNeverBeforeTheirTimestamp() throws IOException {
        long last = 0;
        for (TelemetryRecord record : all(HOURS.withDelivery(ROUGH))) {
            assertThat(record.arrivalMillis()).isGreaterThanOrEqualTo(last);
            last = record.arrivalMillis();
            if (isTrue(record)) {
                JsonNode event = JSON.readTree(record.data());
                assertThat(event.path("process_id").textValue()).isEqualTo(record.partitionKey());
                assertThat(event.path("timestamp").longValue()).isBetween(START.toEpochMilli(), record.arrivalMillis());
            }
        }
    }

    @Test
    void sharesAndDelaysKeepWhatDeliveryPromises() throws IOException {
        long disorder = ROUGH.disorder().toMillis();
        Map<TelemetryRecord.Kind, Integer> kinds = new HashMap<>();
        Map<String, Long> firstArrival = new HashMap<>();
        int identified = 0;
        int held = 0;
        int late = 0;
        int original = 0;
        for (TelemetryRecord record : all(HOURS.withDelivery(ROUGH))) {
            kinds.merge(record.kind(), 1, Integer::sum);
            if (!isTrue(record)) {
                continue;
            }
            JsonNode event = JSON.readTree(record.data());
            String key = record.partitionKey() + event.path("event_id").asText();
            long delay = record.arrivalMillis() - event.path("timestamp").longValue();
            assertThat(delay).isLessThanOrEqualTo(ROUGH.lateness().toMillis());
            if (record.kind() == TelemetryRecord.Kind.DUPLICATE) {
                assertThat(event.has("event_id")).isTrue();
                assertThat(firstArrival).containsKey(key);
                boolean originalLate = firstArrival.getOrDefault(key, 0L) > disorder;
                assertThat(delay > disorder).isEqualTo(originalLate);
                continue;
            }
            original++;
            late += delay > disorder ? 1 : 0;
            held += delay > 250 && delay <= disorder ? 1 : 0;
            if (event.has("event_id")) {
                identified++;
                assertThat(firstArrival.put(key, delay))
                        .as("%s is used once", key)
                        .isNull();
            }
        }
        assertThat((double) identified / original).isCloseTo(0.5, within(0.01));
        assertThat((double) late / original).isCloseTo(0.05, within(0.005));
        assertThat((double) held / original).isCloseTo(0.2 * (5_000 - 250) / 5_000, within(0.01));
        assertThat((double) kinds.getOrDefault(TelemetryRecord.Kind.DUPLICATE, 0) / identified)
                .isCloseTo(0.1, within(0.01));
        int broken = kinds.getOrDefault(TelemetryRecord.Kind.MALFORMED, 0)
                + kinds.getOrDefault(TelemetryRecord.Kind.IMPLAUSIBLE, 0);
        assertThat((double) broken / original).isCloseTo(0.03, within(0.005));
    }

    @Test
    void duplicatesRepeatTheBytesOfAnEarlierRecord() {
        List<String> sent = new ArrayList<>();
        for (TelemetryRecord record : all(HOURS.withProcesses(1).withDelivery(ROUGH))) {
            String data = new String(record.data(), StandardCharsets.UTF_8);
            if (record.kind() == TelemetryRecord.Kind.DUPLICATE) {
                assertThat(sent).contains(data);
            }
            sent.add(data);
        }
    }

    @Test
    void brokenRecordsAreBrokenAndOnlyThose() {
        for (TelemetryRecord record : all(HOURS.withDelivery(ROUGH))) {
            switch (record.kind()) {
                case MALFORMED ->
                    assertThatThrownBy(() -> JSON.readTree(record.data())).isInstanceOf(JsonProcessingException.class);
                case IMPLAUSIBLE -> {
                    JsonNode event = read(record);
                    boolean future = event.path("timestamp").longValue() > record.arrivalMillis() + 60_000;
                    assertThat(future || event.path("good").longValue() < 0).isTrue();
                }
                case STATE, COUNTS, DUPLICATE ->
                    assertThat(read(record).has("step_id")).isTrue();
            }
        }
    }

    @Test
    void nothingIsBrokenUnlessAskedFor() {
        assertThat(all(HOURS)).allMatch(FactoryTest::isTrue);
    }

    @Test
    void countsAndStatesOfTheRecordsAreThoseOfTheLine() throws IOException {
        SimulationOptions options = HOURS.withProcesses(5).withDelivery(Delivery.PERFECT);
        Factory factory = Factory.of(options);
        List<TelemetryRecord> records = all(options);
        for (int p = 0; p < 5; p++) {
            LineSpec spec = factory.lines().get(p);
            String id = spec.processId();
            List<JsonNode> events = new ArrayList<>();
            for (TelemetryRecord record : records) {
                if (record.partitionKey().equals(id)) {
                    events.add(JSON.readTree(record.data()));
                }
            }
            LineTape tape = new LineTape();
            long end = START.toEpochMilli() + LENGTH.toMillis();
            new SerialLine(spec, Factory.lineSeed(options.seed(), p), START.toEpochMilli()).advanceTo(end, tape);
            for (int step = 0; step < spec.steps().size(); step++) {
                String stepId = spec.steps().get(step).id();
                List<JsonNode> own = events.stream()
                        .filter(e -> e.path("step_id").textValue().equals(stepId))
                        .toList();
                assertThat(own.stream()
                                .filter(e -> e.has("state"))
                                .map(e -> e.path("timestamp").longValue()
                                        + e.path("state").textValue()))
                        .containsExactlyElementsOf(tape.changes(step).stream()
                                .map(c -> c.at() + c.state().name())
                                .toList());
                assertThat(sum(own, "good")).isEqualTo(count(tape, step, SerialLine.Outcome.GOOD));
                assertThat(sum(own, "startup_reject")).isEqualTo(count(tape, step, SerialLine.Outcome.STARTUP_REJECT));
                assertThat(sum(own, "reject") - sum(own, "startup_reject"))
                        .isEqualTo(count(tape, step, SerialLine.Outcome.REJECT));
            }
        }
    }

    @Test
    void energyIsPowerTimesTimeInState() throws IOException {
        SimulationOptions options = HOURS.withProcesses(1).withDelivery(Delivery.PERFECT);
        StepSpec step = Factory.of(options).lines().get(0).steps().get(0);
        double kilowattHours = 0;
        double expected = 0;
        long since = START.toEpochMilli();
        StepState state = StepState.UNKNOWN;
        long end = since + LENGTH.toMillis();
        for (TelemetryRecord record : all(options)) {
            JsonNode event = JSON.readTree(record.data());
            if (!event.path("step_id").textValue().equals(step.id())) {
                continue;
            }
            kilowattHours += event.path("energy_kwh").doubleValue();
            if (event.has("state")) {
                long at = event.path("timestamp").longValue();
                expected += watts(step, state) * (double) (at - since);
                since = at;
                state = StepState.valueOf(event.path("state").textValue());
            }
        }
        expected += watts(step, state) * (double) (end - since);

        assertThat(kilowattHours).isCloseTo(expected / 3.6e9, within(2e-6));
    }

    @Test
    void reportsCarryTheProductTheyCountAndIdealTimesOnlyWhereTheyAreStated() throws IOException {
        Factory factory = Factory.of(HOURS);
        for (TelemetryRecord record : all(HOURS)) {
            JsonNode event = JSON.readTree(record.data());
            int process = Integer.parseInt(record.partitionKey().substring(5)) - 1;
            assertThat(event.has("ideal_cycle_time")).isEqualTo(Plant.statesIdeal(process) && event.has("good"));
            if (event.has("good")) {
                assertThat(factory.lines().get(process).products())
                        .extracting(LineSpec.Product::id)
                        .contains(event.path("product").textValue());
            }
            if (event.has("cycle_time") && event.has("ideal_cycle_time")) {
                // Rounded to milliseconds.
                assertThat(event.path("cycle_time").doubleValue())
                        .isGreaterThan(event.path("ideal_cycle_time").doubleValue() - 0.001);
            }
        }
    }

    @Test
    void aRunWithoutLengthGoesOnInConstantMemory() {
        Iterator<TelemetryRecord> events = Factory.events(SimulationOptions.startingAt(START));
        long last = 0;
        for (int i = 0; i < 1_000_000; i++) {
            last = events.next().arrivalMillis();
        }

        assertThat(last)
                .isGreaterThan(START.toEpochMilli() + Duration.ofHours(24).toMillis());
    }

    @Test
    void aLengthThatIsNoMultipleOfTheReportIntervalIsReportedToItsEnd() throws IOException {
        SimulationOptions options = SimulationOptions.startingAt(START.plusMillis(1_234))
                .withProcesses(2)
                .withDelivery(Delivery.PERFECT)
                .withLength(Duration.ofMillis(98_765));
        long last = 0;
        for (TelemetryRecord record : all(options)) {
            last = JSON.readTree(record.data()).path("timestamp").longValue();
        }

        assertThat(last).isEqualTo(START.toEpochMilli() + 1_234 + 98_765 - 1);
    }

    @Test
    void aWishedRateIsMetWithinATenth() {
        SimulationOptions plant = SimulationOptions.startingAt(START).withProcesses(40);
        for (double wish : new double[] {60, 150, 2_000}) {
            SimulationOptions tuned =
                    RecordRate.tune(plant.withLength(wish > 1_000 ? Duration.ofMinutes(5) : LENGTH), wish);
            double seconds = Objects.requireNonNull(tuned.length()).toSeconds();

            assertThat(all(tuned).size() / seconds).isCloseTo(wish, within(wish / 10));
            assertThat(RecordRate.of(tuned)).isCloseTo(wish, within(wish / 100));
        }
    }

    @Test
    void anImpossibleRateIsRefusedWithWhatCanBeHad() {
        assertThatThrownBy(() -> RecordRate.tune(HOURS, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cannot be had of 8 processes, only");
        assertThatThrownBy(() -> RecordRate.tune(HOURS, 1e6)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aCountNeverSpansTwoPanes() throws IOException {
        SimulationOptions options =
                HOURS.withProcesses(1).withDelivery(Delivery.PERFECT).withReportInterval(Duration.ofSeconds(7));
        Set<Long> reported = new HashSet<>();
        for (TelemetryRecord record : all(options)) {
            reported.add(JSON.readTree(record.data()).path("timestamp").longValue());
        }
        for (long minute = 1; minute <= LENGTH.toMinutes(); minute++) {
            assertThat(reported).contains(START.toEpochMilli() + minute * 60_000 - 1);
        }
    }

    private static double watts(StepSpec step, StepState state) {
        return switch (state) {
            case RUNNING, SETUP -> step.power().workingWatts();
            case PLANNED_STOP -> step.power().restingWatts();
            default -> step.power().waitingWatts();
        };
    }

    private static long sum(List<JsonNode> events, String field) {
        return events.stream().mapToLong(e -> e.path(field).longValue()).sum();
    }

    private static long count(LineTape tape, int step, SerialLine.Outcome outcome) {
        return tape.parts(step).stream().filter(p -> p.outcome() == outcome).count();
    }

    private static boolean isTrue(TelemetryRecord record) {
        return record.kind() != TelemetryRecord.Kind.MALFORMED && record.kind() != TelemetryRecord.Kind.IMPLAUSIBLE;
    }

    private static JsonNode read(TelemetryRecord record) {
        try {
            return JSON.readTree(record.data());
        } catch (IOException e) {
            throw new AssertionError(Arrays.toString(record.data()), e);
        }
    }

    private static List<TelemetryRecord> all(SimulationOptions options) {
        List<TelemetryRecord> records = new ArrayList<>();
        Factory.events(options).forEachRemaining(records::add);
        return records;
    }

    private static List<String> text(SimulationOptions options) {
        return all(options).stream()
                .map(e ->
                        e.partitionKey() + " " + e.arrivalMillis() + " " + new String(e.data(), StandardCharsets.UTF_8))
                .toList();
    }
}
