package io.processoptimizer.emit;

import static io.processoptimizer.analyse.StepScript.at;
import static io.processoptimizer.analyse.StepScript.window;
import static io.processoptimizer.event.StepState.BLOCKED;
import static io.processoptimizer.event.StepState.DOWN;
import static io.processoptimizer.event.StepState.RUNNING;
import static io.processoptimizer.event.StepState.UNKNOWN;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.processoptimizer.analyse.Definitions;
import io.processoptimizer.analyse.WindowAnalyser;
import io.processoptimizer.event.ProcessDefinition;
import io.processoptimizer.event.TelemetryEvent;
import io.processoptimizer.window.StepFacts.WeightedSum;
import io.processoptimizer.window.WindowFacts;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * Freezes the schema and calculation version 1. A difference here changes what consumers read: raise the calculation version, or
 * mend the code.
 */
class ResultJsonGoldenTest {
    private static final long START = 1_767_225_600_000L;

    /**
     * Two steps, a minute, worked out by hand:
     *
     * <p>a runs 30 s, is blocked 30 s, makes 40 good of ideal 0.5 s: A 30/60, P 20/30, Q 1, OEE 20/60. Reduced speed 30 − 20 = 10 s,
     * waiting 30 s; 10 + 30 = 60 − 20. One active period of 30 s, 0.25 kWh of which 0.05 not running.
     *
     * <p>b runs 40 s, is down 10 s, runs 10 s, makes 36 good, 4 rejects, 1 of them at start-up, of ideal 1.0002 s: Σ ideal 40.008 s,
     * good 36.0072 s. A 50/60, P .80016, Q .9, OEE 36.0072/60 = .60012. The stop of 10 s is minor. Losses 10 + (50 − 40.008) +
     * 1.0002 + 3.0006 = 23.9928 = 60 − 36.0072. NEE = A·P·Q (no set-up) = .60012. MTBF 50 s, MTTR 10 s, cycle 50/40 s, 40 parts a
     * minute = 2400 an hour. Setup and repair are active, so b has one active period of the whole minute: longer than a's, so b is
     * the sole bottleneck throughout: share 1. Turning point: a is blocked more than starved and b waits less: b. All three
     * agree. Effective cycles: a 30/40 = .75 s, b 60/40 = 1.5 s: relief may bring 1.5/.75 − 1 = 1, so ¾ · .1 · 1 is not capped.
     * Utilization .5 and 50/60: mean (80/60)/2 = 2/3, spread 20/60. Energy 1 kWh / 36 good.
     */
    @Test
    void handCheckedResult() {
        WindowFacts facts = window(
                Definitions.order("a", "b"),
                at("a", START)
                        .run(RUNNING, 30_000)
                        .run(BLOCKED, 30_000)
                        .parts(500_000, 40, 0, 0, 0)
                        .energy(200_000, 50_000),
                at("b", START)
                        .run(RUNNING, 40_000)
                        .run(DOWN, 10_000)
                        .run(RUNNING, 10_000)
                        .parts(1_000_200, 36, 4, 1, 0)
                        .energy(600_000, 150_000));
        WindowResult result = new WindowResult(
                "PROC-1",
                "sliding",
                facts.startMillis(),
                facts.endMillis(),
                2,
                true,
                false,
                3,
                WindowAnalyser.analyse(facts));
        assertThat(new String(ResultJson.toBytes(result), UTF_8)).isEqualTo("""
                        {"process_id":"PROC-1","window_start":1767225600000,"window_end":1767225660000,"window":"sliding",\
                        "shift":null,"day":null,"revision":3,"generation":2,"final":false,"complete":true,\
                        "profile":"iso22400","basis":"constraint","step_order":"configured","output_step":"b",\
                        "planned_ms":60000,"running_ms":50000,"setup_ms":0,"down_ms":10000,"starved_ms":0,"blocked_ms":0,\
                        "idle_ms":0,"planned_stop_ms":0,"unknown_ms":0,\
                        "good":36,"reject":4,"startup_reject":1,"rework":0,"unplanned_good":0,\
                        "availability":0.8333333333333334,"performance":0.80016,"quality":0.9,"oee":0.60012,\
                        "target_oee":0.85,"status":"below_target","reasons":[],\
                        "losses":{"breakdowns_ms":0,"setup_ms":0,"minor_stops_ms":10000,"reduced_speed_ms":9992,\
                        "startup_rejects_ms":1000.2,"production_rejects_ms":3000.6,"no_signal_ms":0},\
                        "constraint":{"step_id":"b","confidence":"high","share":1,\
                        "impact":{"estimate":true,"relief":0.1,"throughput_gain":0.075,"capped":false},\
                        "methods":{"utilization":"b","active_period":"b","shifting":"b","turning_point":"b","balance":"b",\
                        "effective_cycle":null},"method":"balance","now":"b"},\
                        "bottlenecks":[],\
                        "resources":{"avg_utilization":0.6666666666666666,"min_utilization":0.5,\
                        "max_utilization":0.8333333333333334,"utilization_spread":0.3333333333333333,\
                        "least_utilized":"a","most_utilized":"b"},\
                        "steps":[{"step_id":"a","utilization":0.5,"active_share":0.5,\
                        "availability":0.5,"performance":0.6666666666666666,"quality":1,"oee":0.3333333333333333,\
                        "good":40,"reject":0,"startup_reject":0,"rework":0,"unplanned_good":0,\
                        "planned_ms":60000,"running_ms":30000,"setup_ms":0,"down_ms":0,"starved_ms":0,"blocked_ms":30000,\
                        "idle_ms":0,"planned_stop_ms":0,"unknown_ms":0,"reasons":[],\
                        "losses":{"breakdowns_ms":0,"setup_ms":0,"minor_stops_ms":30000,"reduced_speed_ms":10000,\
                        "startup_rejects_ms":0,"production_rejects_ms":0,"no_signal_ms":0},\
                        "failures":0,"cycle_time":0.75,"observed_cycle_time":null,"learned_ideal_cycle_time":null,\
                        "sole_ms":0,"shifting_ms":0,"bottleneck_share":0,"mean_active_period_ms":30000,"energy_kwh":0.25,\
                        "inferred":{"setup_ms":0,"startup_reject":0,"starved_ms":0,"blocked_ms":0}},\
                        {"step_id":"b","utilization":0.8333333333333334,"active_share":1,\
                        "availability":0.8333333333333334,"performance":0.80016,"quality":0.9,"oee":0.60012,\
                        "good":36,"reject":4,"startup_reject":1,"rework":0,"unplanned_good":0,\
                        "planned_ms":60000,"running_ms":50000,"setup_ms":0,"down_ms":10000,"starved_ms":0,"blocked_ms":0,\
                        "idle_ms":0,"planned_stop_ms":0,"unknown_ms":0,"reasons":[],\
                        "losses":{"breakdowns_ms":0,"setup_ms":0,"minor_stops_ms":10000,"reduced_speed_ms":9992,\
                        "startup_rejects_ms":1000.2,"production_rejects_ms":3000.6,"no_signal_ms":0},\
                        "failures":1,"cycle_time":1.25,"observed_cycle_time":null,"learned_ideal_cycle_time":null,\
                        "sole_ms":60000,"shifting_ms":0,"bottleneck_share":1,"mean_active_period_ms":60000,\
                        "energy_kwh":0.75,"inferred":{"setup_ms":0,"startup_reject":0,"starved_ms":0,"blocked_ms":0}}],\
                        "kpis":{"nee":0.60012,"technical_efficiency":0.8333333333333334,"setup_ratio":0,\
                        "utilization_efficiency":0.8333333333333334,"allocation_efficiency":1,"scrap_ratio":0.1,\
                        "rework_ratio":0,"first_pass_yield":0.9,"failures":1,"mtbf_s":50,"mttr_s":10,"teep":0.60012,"throughput":2400,\
                        "cycle_time":1.25,"fully_productive_ms":36007.2},\
                        "energy":{"total_kwh":1,"kwh_per_good":0.027777777777777776,"loss_kwh":0.2,"idle_share":0.2,"peak_kw":null,"peak_at":null},\
                        "efficiency":{},"calculation_version":"3","config_version":"v1"}""");
    }

    @Test
    void whatIsNotKnownIsNullAndLostStateIsAReason() throws IOException {
        WindowFacts facts = window(
                ProcessDefinition.DEFAULT,
                new WindowFacts.StatedFigures(null, null, new WeightedSum(TelemetryEvent.NANO, 1), null),
                at("_", START).run(UNKNOWN, 60_000));
        WindowResult result = new WindowResult(
                "P", "w", facts.startMillis(), facts.endMillis(), 0, false, true, 0, WindowAnalyser.analyse(facts));
        JsonNode json = new ObjectMapper().readTree(ResultJson.toBytes(result));
        for (String field : new String[] {"availability", "performance", "oee"}) {
            assertThat(json.get(field).isNull()).as(field).isTrue();
        }
        assertThat(json.get("quality").asDouble()).isEqualTo(1);
        assertThat(json.get("status").asText()).isEqualTo("no_data");
        assertThat(json.get("reasons").toString()).isEqualTo("[\"no_availability\",\"no_performance\",\"state_lost\"]");
        assertThat(json.get("losses").get("no_signal_ms").isNull()).isTrue();
        assertThat(json.get("kpis").get("fully_productive_ms").isNull()).isTrue();
        assertThat(json.get("constraint").get("step_id").isNull()).isTrue();
        assertThat(json.get("constraint").get("impact").isNull()).isTrue();
        assertThat(json.get("resources").get("most_utilized").isNull()).isTrue();
    }
}
