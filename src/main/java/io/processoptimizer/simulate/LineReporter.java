package io.processoptimizer.simulate;

import static java.util.Objects.requireNonNull;

import io.processoptimizer.event.StepState;
import java.util.EnumMap;
import java.util.Map;

/**
 * The controller of one line: turns what happens on it into canonical events. States are told when they change, counts and
 * energy once an interval and before a change of product, stamped with the last millisecond of what they cover, so that a
 * count never falls into a window after the one it was made in.
 */
final class LineReporter implements SerialLine.Observer {

    private static final byte[] STATE = EventWriter.ascii(",\"state\":\"");
    private static final byte[] REASON = EventWriter.ascii("\",\"reason\":\"");
    private static final byte[] PRODUCT = EventWriter.ascii(",\"product\":\"");
    private static final byte[] CYCLE_TIME = EventWriter.ascii(",\"cycle_time\":");
    private static final byte[] IDEAL_CYCLE_TIME = EventWriter.ascii(",\"ideal_cycle_time\":");
    private static final byte[] GOOD = EventWriter.ascii(",\"good\":");
    private static final byte[] REJECT = EventWriter.ascii(",\"reject\":");
    private static final byte[] STARTUP_REJECT = EventWriter.ascii(",\"startup_reject\":");
    private static final byte[] ENERGY = EventWriter.ascii(",\"energy_kwh\":");
    private static final byte[] EVENT_ID = EventWriter.ascii(",\"event_id\":\"");

    private static final Map<StepState, byte[]> STATE_NAMES = new EnumMap<>(StepState.class);

    /** By cause; empty for none. */
    private static final Map<SerialLine.Cause, byte[]> REASONS = new EnumMap<>(SerialLine.Cause.class);

    static {
        for (StepState state : StepState.values()) {
            STATE_NAMES.put(state, EventWriter.ascii(state.name()));
        }
        for (SerialLine.Cause cause : SerialLine.Cause.values()) {
            REASONS.put(cause, EventWriter.ascii(reason(cause)));
        }
    }

    /** Watt-milliseconds in a milliwatt-hour. */
    private static final long WATT_MILLIS_PER_MILLIWATT_HOUR = 3_600;

    /** A kilowatt-hour is 10^6 milliwatt-hours. */
    private static final int ENERGY_SCALE = 6;

    private static final int SECONDS_OF_MILLIS = 3;
    private static final int SECONDS_OF_MICROS = 6;

    /** What one step has done since its last report. */
    private static final class Step {
        final byte[] head;
        final byte[] idHead;
        final StepSpec.Power power;
        final long[] idealMicros;
        int product;
        int watts;
        long meteredMillis;
        long wattMillis;
        long good;
        long reject;
        long startupReject;
        long workMillis;

        Step(LineSpec line, int index, long startMillis) {
            StepSpec spec = line.steps().get(index);
            this.head = EventWriter.ascii(
                    "{\"process_id\":\"" + line.processId() + "\",\"step_id\":\"" + spec.id() + "\",\"timestamp\":");
            this.idHead = EventWriter.ascii(spec.id() + "-" + Long.toString(startMillis, 36) + "-");
            this.power = spec.power();
            this.idealMicros = new long[line.products().size()];
            for (int p = 0; p < idealMicros.length; p++) {
                idealMicros[p] = line.idealMicros(index, p);
            }
            this.meteredMillis = startMillis;
        }

        void meterTo(long atMillis) {
            wattMillis += (atMillis - meteredMillis) * watts;
            meteredMillis = atMillis;
        }
    }

    private final SerialLine line;
    private final Step[] steps;
    private final byte[][] products;
    private final boolean statesIdeal;
    private final Dispatcher dispatcher;
    private final EventWriter writer = new EventWriter();
    private long identified;

    /** @param statesIdeal whether the events name the ideal cycle time */
    LineReporter(LineSpec spec, SerialLine line, long startMillis, boolean statesIdeal, Dispatcher dispatcher) {
        this.line = line;
        this.dispatcher = dispatcher;
        this.statesIdeal = statesIdeal;
        this.steps = new Step[spec.steps().size()];
        for (int i = 0; i < steps.length; i++) {
            steps[i] = new Step(spec, i, startMillis);
        }
        this.products = spec.products().stream()
                .map(product -> EventWriter.ascii(product.id()))
                .toArray(byte[][]::new);
    }

    /** Runs the line up to {@code untilMillis} (epoch milliseconds, exclusive) and reports the counts up to there. */
    void report(long untilMillis) {
        line.advanceTo(untilMillis, this);
        for (Step step : steps) {
            counts(step, untilMillis);
        }
    }

    @Override
    public void state(int index, long atMillis, StepState state, SerialLine.Cause cause, int product) {
        Step step = steps[index];
        changeProduct(step, atMillis, product);
        step.meterTo(atMillis);
        step.watts = watts(step.power, state);

        writer.clear().write(step.head).number(atMillis).write(STATE).write(requireNonNull(STATE_NAMES.get(state)));
        byte[] reason = requireNonNull(REASONS.get(cause));
        if (reason.length > 0) {
            writer.write(REASON).write(reason);
        }
        writer.write('"');
        if (state == StepState.SETUP) {
            writer.write(PRODUCT).write(products[product]).write('"');
        }
        send(step, atMillis, TelemetryRecord.Kind.STATE);
    }

    @Override
    public void part(int index, long atMillis, int product, SerialLine.Outcome outcome, long processingMillis) {
        Step step = steps[index];
        changeProduct(step, atMillis, product);
        step.workMillis += processingMillis;
        switch (outcome) {
            case GOOD -> step.good++;
            case REJECT -> step.reject++;
            case STARTUP_REJECT -> {
                step.reject++;
                step.startupReject++;
            }
        }
    }

    /** Counts are per product: what was made of the one before is reported first. */
    private void changeProduct(Step step, long atMillis, int product) {
        if (step.product != product) {
            if (step.good + step.reject > 0) {
                counts(step, atMillis);
            }
            step.product = product;
        }
    }

    private void counts(Step step, long untilMillis) {
        step.meterTo(untilMillis);
        long parts = step.good + step.reject;
        writer.clear()
                .write(step.head)
                .number(untilMillis - 1)
                .write(PRODUCT)
                .write(products[step.product])
                .write('"');
        if (parts > 0) {
            writer.write(CYCLE_TIME).decimal(Math.round((double) step.workMillis / parts), SECONDS_OF_MILLIS);
        }
        if (statesIdeal) {
            writer.write(IDEAL_CYCLE_TIME).decimal(step.idealMicros[step.product], SECONDS_OF_MICROS);
        }
        writer.write(GOOD).number(step.good).write(REJECT).number(step.reject);
        if (step.startupReject > 0) {
            writer.write(STARTUP_REJECT).number(step.startupReject);
        }
        writer.write(ENERGY).decimal(step.wattMillis / WATT_MILLIS_PER_MILLIWATT_HOUR, ENERGY_SCALE);
        step.wattMillis %= WATT_MILLIS_PER_MILLIWATT_HOUR;
        step.good = 0;
        step.reject = 0;
        step.startupReject = 0;
        step.workMillis = 0;
        send(step, untilMillis - 1, TelemetryRecord.Kind.COUNTS);
    }

    private void send(Step step, long timestamp, TelemetryRecord.Kind kind) {
        boolean withId = dispatcher.drawsId();
        if (withId) {
            writer.write(EVENT_ID).write(step.idHead).number(identified++).write('"');
        }
        dispatcher.send(timestamp, writer.write('}').toBytes(), kind, withId);
    }

    private static String reason(SerialLine.Cause cause) {
        return switch (cause) {
            case NONE -> "";
            case BREAKDOWN -> "breakdown";
            case MINOR_STOP -> "minor stop";
            case CHANGEOVER -> "changeover";
            case BREAK -> "break";
        };
    }

    private static int watts(StepSpec.Power power, StepState state) {
        return switch (state) {
            case RUNNING, SETUP -> power.workingWatts();
            case STARVED, BLOCKED, DOWN, IDLE, UNKNOWN -> power.waitingWatts();
            case PLANNED_STOP -> power.restingWatts();
        };
    }
}
