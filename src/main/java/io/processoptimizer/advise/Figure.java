package io.processoptimizer.advise;

import io.processoptimizer.analyse.bottleneck.Constraint;
import io.processoptimizer.analyse.oee.Loss;
import io.processoptimizer.emit.WindowResult;
import io.processoptimizer.event.TelemetryEvent;
import java.util.function.ToDoubleFunction;

/**
 * A figure of a window's result that the efficiency model goes by: how it is read off a result, and where it stands in the result's
 * JSON, from which the model learns. Both give the same double; what is not known is NaN there and null here.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions hold nothing
public enum Figure {
    OEE("/oee", result -> result.analysis().process().factors().oee()),
    AVAILABILITY(
            "/availability", result -> result.analysis().process().factors().availability()),
    PERFORMANCE("/performance", result -> result.analysis().process().factors().performance()),
    QUALITY("/quality", result -> result.analysis().process().factors().quality()),
    PLANNED("/planned_ms", result -> result.analysis().process().times().plannedMillis()),
    RUNNING("/running_ms", result -> result.analysis().process().times().runningMillis()),
    STARVED("/starved_ms", result -> result.analysis().process().times().starvedMillis()),
    BLOCKED("/blocked_ms", result -> result.analysis().process().times().blockedMillis()),
    IDLE("/idle_ms", result -> result.analysis().process().times().idleMillis()),
    BREAKDOWNS("/losses/breakdowns_ms", loss(Loss.BREAKDOWNS)),
    SETUP("/losses/setup_ms", loss(Loss.SETUP)),
    MINOR_STOPS("/losses/minor_stops_ms", loss(Loss.MINOR_STOPS)),
    REDUCED_SPEED("/losses/reduced_speed_ms", loss(Loss.REDUCED_SPEED)),
    STARTUP_REJECTS("/losses/startup_rejects_ms", loss(Loss.STARTUP_REJECTS)),
    PRODUCTION_REJECTS("/losses/production_rejects_ms", loss(Loss.PRODUCTION_REJECTS)),
    NO_SIGNAL("/losses/no_signal_ms", loss(Loss.NO_SIGNAL)),
    FAILURES("/kpis/failures", result -> result.analysis().process().kpis().failures()),
    THROUGHPUT("/kpis/throughput", result -> result.analysis().process().kpis().throughputPerHour()),
    CYCLE_TIME("/kpis/cycle_time", result -> result.analysis().process().kpis().cycleTimeSeconds()),
    CONSTRAINT_SHARE(
            "/constraint/share", result -> result.analysis().constraint().share()),
    CONSTRAINT_GAIN("/constraint/impact/throughput_gain", result -> {
        Constraint.Impact impact = result.analysis().constraint().impact();
        return impact == null ? Double.NaN : impact.throughputGain();
    }),
    AVERAGE_UTILIZATION(
            "/resources/avg_utilization",
            result -> result.analysis().resources().averageUtilization()),
    MAX_UTILIZATION(
            "/resources/max_utilization",
            result -> result.analysis().resources().maxUtilization()),
    UTILIZATION_SPREAD(
            "/resources/utilization_spread",
            result -> result.analysis().resources().utilizationSpread()),
    IDLE_ENERGY_SHARE("/energy/idle_share", result -> result.analysis().energy().idleShare());

    private static final double MICROS_PER_MILLI = 1_000;

    private final String pointer;
    private final ToDoubleFunction<WindowResult> reading;

    Figure(String pointer, ToDoubleFunction<WindowResult> reading) {
        this.pointer = pointer;
        this.reading = reading;
    }

    private static ToDoubleFunction<WindowResult> loss(Loss loss) {
        return result -> {
            long micros = result.analysis().process().losses().micros(loss);
            return micros == TelemetryEvent.ABSENT ? Double.NaN : micros / MICROS_PER_MILLI;
        };
    }

    /** Where it stands in the result's JSON, as a JSON pointer (RFC 6901). */
    public String pointer() {
        return pointer;
    }

    double of(WindowResult result) {
        double value = reading.applyAsDouble(result);
        // ABSENT as a double: the JSON has null.
        return value == TelemetryEvent.ABSENT ? Double.NaN : value;
    }
}
