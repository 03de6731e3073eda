package io.processoptimizer.simulate;

import static org.assertj.core.api.Assertions.assertThat;
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
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
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
        for (Emission emission : all(HOURS.withDelivery(ROUGH))) {
            assertThat(emission.arrivalMillis()).isGreaterThanOrEqualTo(last);
            last = emission.arrivalMillis();
            if (isTrue(emission)) {
                JsonNode event = JSON.readTree(emission.data());
                assertThat(event.path("process_id").textValue()).isEqualTo(emission.partitionKey());
                assertThat(event.path("timestamp").longValue())
                        .isBetween(START.toEpochMilli(), emission.arrivalMillis());
            }
        }
    }

    @Test
    void sharesAndDelaysKeepWhatDeliveryPromises() throws IOException {
        long disorder = ROUGH.disorder().toMillis();
        Map<Emission.Kind, Integer> kinds = new HashMap<>();
        Map<String, Long> firstArrival = new HashMap<>();
        int identified = 0;
        int held = 0;
        int late = 0;
        int original = 0;
        for (Emission emission : all(HOURS.withDelivery(ROUGH))) {
            kinds.merge(emission.kind(), 1, Integer::sum);
            if (!isTrue(emission)) {
                continue;
            }
            JsonNode event = JSON.readTree(emission.data());
            String key = emission.partitionKey() + event.path("event_id").asText();
            long delay = emission.arrivalMillis() - event.path("timestamp").longValue();
            assertThat(delay).isLessThanOrEqualTo(ROUGH.lateness().toMillis());
            if (emission.kind() == Emission.Kind.DUPLICATE) {
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
        assertThat((double) kinds.getOrDefault(Emission.Kind.DUPLICATE, 0) / identified)
                .isCloseTo(0.1, within(0.01));
        int broken = kinds.getOrDefault(Emission.Kind.MALFORMED, 0) + kinds.getOrDefault(Emission.Kind.IMPLAUSIBLE, 0);
        assertThat((double) broken / original).isCloseTo(0.03, within(0.005));
    }

    @Test
    void duplicatesRepeatTheBytesOfAnEarlierRecord() {
        List<String> sent = new ArrayList<>();
        for (Emission emission : all(HOURS.withProcesses(1).withDelivery(ROUGH))) {
            String data = new String(emission.data(), StandardCharsets.UTF_8);
            if (emission.kind() == Emission.Kind.DUPLICATE) {
                assertThat(sent).contains(data);
            }
            sent.add(data);
        }
    }

    @Test
    void brokenRecordsAreBrokenAndOnlyThose() {
        for (Emission emission : all(HOURS.withDelivery(ROUGH))) {
            switch (emission.kind()) {
                case MALFORMED ->
                    Assertions.assertThatThrownBy(() -> JSON.readTree(emission.data()))
                            .isInstanceOf(JsonProcessingException.class);
                case IMPLAUSIBLE -> {
                    JsonNode event = read(emission);
                    boolean future = event.path("timestamp").longValue() > emission.arrivalMillis() + 60_000;
                    assertThat(future || event.path("good").longValue() < 0).isTrue();
                }
                case STATE, COUNTS, DUPLICATE ->
                    assertThat(read(emission).has("step_id")).isTrue();
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
        for (int p = 0; p < 5; p++) {
            LineSpec spec = factory.lines().get(p);
            String id = spec.processId();
            List<JsonNode> events = new ArrayList<>();
            for (Emission emission : all(options)) {
                if (emission.partitionKey().equals(id)) {
                    events.add(JSON.readTree(emission.data()));
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
        for (Emission emission : all(options)) {
            JsonNode event = JSON.readTree(emission.data());
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
        for (Emission emission : all(HOURS)) {
            JsonNode event = JSON.readTree(emission.data());
            int process = Integer.parseInt(emission.partitionKey().substring(5)) - 1;
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
        Iterator<Emission> events = Factory.events(SimulationOptions.startingAt(START));
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
        for (Emission emission : all(options)) {
            last = JSON.readTree(emission.data()).path("timestamp").longValue();
        }

        assertThat(last).isEqualTo(START.toEpochMilli() + 1_234 + 98_765 - 1);
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

    private static boolean isTrue(Emission emission) {
        return emission.kind() != Emission.Kind.MALFORMED && emission.kind() != Emission.Kind.IMPLAUSIBLE;
    }

    private static JsonNode read(Emission emission) {
        try {
            return JSON.readTree(emission.data());
        } catch (IOException e) {
            throw new AssertionError(Arrays.toString(emission.data()), e);
        }
    }

    private static List<Emission> all(SimulationOptions options) {
        List<Emission> records = new ArrayList<>();
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
