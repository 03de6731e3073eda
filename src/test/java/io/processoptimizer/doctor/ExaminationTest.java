package io.processoptimizer.doctor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.processoptimizer.decode.FieldSource;
import io.processoptimizer.decode.InputMapping;
import io.processoptimizer.decode.InputMappings;
import io.processoptimizer.decode.MappedField;
import io.processoptimizer.decode.MappedUnit;
import io.processoptimizer.decode.Pointer;
import io.processoptimizer.doctor.Examination.Check;
import io.processoptimizer.doctor.Finding.Status;
import io.processoptimizer.event.ProcessDefinitions;
import io.processoptimizer.event.RejectReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Checks run side by side and within their bounds; telemetry and cost are judged by their figures. */
class ExaminationTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void oneThatHangsOrFailsDoesNotHoldUpTheOthers() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        List<Finding> findings = Examination.of(
                List.of(
                        new Check("hangs", Duration.ofMillis(50), () -> {
                            new CountDownLatch(1).await();
                            return List.of();
                        }),
                        new Check("fails", LONG, () -> {
                            throw new IllegalStateException("no such thing");
                        }),
                        new Check("one", LONG, () -> together("one", both)),
                        new Check("two", LONG, () -> together("two", both))),
                (check, thrown) -> Finding.failed(check, String.valueOf(thrown.getMessage()), "mend it"));
        assertThat(findings).extracting(Finding::check).containsExactly("hangs", "fails", "one", "two");
        assertThat(findings.get(0).text()).startsWith("no answer within");
        assertThat(findings.get(1).text()).isEqualTo("no such thing");
        assertThat(findings.subList(2, 4)).allMatch(finding -> finding.status() == Status.OK);
    }

    /** Only where both are under way at one time. */
    private static List<Finding> together(String name, CountDownLatch both) throws InterruptedException {
        both.countDown();
        both.await();
        return List.of(Finding.ok(name, "done"));
    }

    @Test
    void recordsAreCountedByWhatIsWrongWithThem() {
        Telemetry seen = new Telemetry(rules(InputMappings.NONE));
        long at = 1_767_225_600_000L;
        take(seen, "P", at, "{\"process_id\":\"P\",\"timestamp\":" + at + ",\"good\":1,\"ideal_cycle_time\":1}");
        take(seen, "other", at, "{\"process_id\":\"Q\",\"timestamp\":" + at + ",\"good\":1}");
        take(seen, "P", at, "{\"process_id\":\"P\",\"timestamp\":" + (at - 605_001) + ",\"state\":\"DOWN\"}");
        take(seen, "P", at, "{\"process_id\":\"P\",\"timestamp\":" + (at + 60_001) + ",\"state\":\"DOWN\"}");
        take(seen, "P", at, "{\"process_id\":\"P\"}");
        assertThat(seen.records()).isEqualTo(5);
        assertThat(seen.processes()).containsExactly("P", "Q");
        assertThat(seen.withoutIdealCycle()).containsExactly("Q");
        assertThat(seen.misrouted()).isEqualTo(1);
        assertThat(seen.late()).isEqualTo(1);
        assertThat(seen.ahead()).isEqualTo(1);
        assertThat(seen.newestEventMillis()).isEqualTo(at);
        assertThat(seen.refused()).containsOnlyKeys(RejectReason.MISSING_FIELD);
        assertThat(seen.example(RejectReason.MISSING_FIELD)).contains("timestamp");
    }

    private static Telemetry.Rules rules(InputMappings mappings) {
        return new Telemetry.Rules(ProcessDefinitions.DEFAULTS, mappings, 1 << 20, true, 60_000, 605_000);
    }

    @Test
    void recordsOfOtherSystemsAreReadByTheMappingsThatTheWorkerReadsThemBy() {
        InputMapping lines = new InputMapping(
                "lines",
                "1",
                List.of(new FieldSource.Condition(at("/line"), null, false)),
                List.of(Pointer.parse("/parts/*")),
                Map.of(
                        MappedField.PROCESS_ID, source("/line", MappedUnit.NONE),
                        MappedField.TIMESTAMP, source("/time", MappedUnit.MS),
                        MappedField.GOOD, source("0", MappedUnit.NONE)),
                List.of(),
                null);
        long at = 1_767_225_600_000L;
        Telemetry seen = new Telemetry(rules(new InputMappings(List.of(lines))));
        take(seen, "L", at, "{\"line\":\"L\",\"time\":" + at + ",\"parts\":[1,2]}");
        assertThat(seen.refused()).isEmpty();
        assertThat(seen.processes()).containsExactly("L");
        assertThat(seen.newestEventMillis()).isEqualTo(at);
    }

    private static FieldSource.At at(String pointer) {
        return new FieldSource.At(List.of(Pointer.parse(pointer)), null);
    }

    private static List<FieldSource> source(String pointer, MappedUnit unit) {
        return List.of(new FieldSource(List.of(), at(pointer), Set.of(), null, unit, null));
    }

    private static void take(Telemetry seen, String key, long arrival, String record) {
        seen.take(record.getBytes(StandardCharsets.UTF_8), key, arrival);
    }

    /** The state's price is that of the README: 8,317 units written and deleted every minute. */
    @Test
    void aMonthCostsWhatTheListPricesSay() {
        MonthlyCost cost = new MonthlyCost()
                .stream(false, 3, 1_000, 130_000).states(8_317 * 1024.0, 60).metrics(12_000);
        assertThat(cost.items()).extracting(MonthlyCost.Item::what).hasSize(4);
        assertThat(cost.items().get(0).dollars()).isCloseTo(32.85, within(0.001));
        assertThat(cost.items().get(1).dollars()).isCloseTo(36.79, within(0.01));
        assertThat(cost.items().get(2).dollars()).isCloseTo(455, within(1.0));
        assertThat(cost.items().get(3).dollars()).isCloseTo(3_200, within(0.001));
        assertThat(cost.text()).startsWith("about $3,725 a month: 12000 metrics in CloudWatch $3,200.00; states");
    }
}
