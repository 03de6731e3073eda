package io.processoptimizer.advise;

import java.util.Locale;
import java.util.function.ToDoubleBiFunction;

/**
 * What the efficiency model is told, the same in training, in the worker and where the model is served: the one place in which features
 * are computed. Levels are as in the result; everything that the model learns from is free of a process's scale (ratios, shares and
 * differences of ratios), so that what is learnt of one process holds for others. NaN: not known.
 */
@SuppressWarnings("ImmutableEnumChecker") // its functions hold nothing
public enum Feature {
    // What the baselines go by, and the scale of what is learnt.
    OEE((now, trend) -> now.get(Figure.OEE)),
    OEE_MEAN((now, trend) -> trend.mean(Figure.OEE)),
    OEE_USUAL((now, trend) -> trend.usual(Figure.OEE)),
    THROUGHPUT((now, trend) -> now.get(Figure.THROUGHPUT), false),
    THROUGHPUT_MEAN((now, trend) -> trend.mean(Figure.THROUGHPUT), false),
    THROUGHPUT_USUAL((now, trend) -> trend.usual(Figure.THROUGHPUT), false),
    CYCLE_TIME((now, trend) -> now.get(Figure.CYCLE_TIME), false),
    CYCLE_TIME_MEAN((now, trend) -> trend.mean(Figure.CYCLE_TIME), false),
    CYCLE_TIME_USUAL((now, trend) -> trend.usual(Figure.CYCLE_TIME), false),

    // Where it stands against its own past.
    OEE_FROM_MEAN((now, trend) -> now.get(Figure.OEE) - trend.mean(Figure.OEE)),
    OEE_FROM_USUAL((now, trend) -> trend.mean(Figure.OEE) - trend.usual(Figure.OEE)),
    OEE_STEP((now, trend) -> now.get(Figure.OEE) - trend.before(Figure.OEE)),
    OEE_DEVIATION((now, trend) -> trend.deviation(Figure.OEE)),
    THROUGHPUT_FROM_MEAN((now, trend) -> ratio(now.get(Figure.THROUGHPUT), trend.mean(Figure.THROUGHPUT))),
    THROUGHPUT_FROM_USUAL((now, trend) -> ratio(trend.mean(Figure.THROUGHPUT), trend.usual(Figure.THROUGHPUT))),
    THROUGHPUT_STEP((now, trend) -> ratio(now.get(Figure.THROUGHPUT), trend.before(Figure.THROUGHPUT))),
    THROUGHPUT_DEVIATION((now, trend) -> ratio(trend.deviation(Figure.THROUGHPUT), trend.mean(Figure.THROUGHPUT))),
    CYCLE_FROM_MEAN((now, trend) -> ratio(now.get(Figure.CYCLE_TIME), trend.mean(Figure.CYCLE_TIME))),
    CYCLE_FROM_USUAL((now, trend) -> ratio(trend.mean(Figure.CYCLE_TIME), trend.usual(Figure.CYCLE_TIME))),

    // What the window was made of.
    AVAILABILITY((now, trend) -> now.get(Figure.AVAILABILITY)),
    PERFORMANCE((now, trend) -> now.get(Figure.PERFORMANCE)),
    QUALITY((now, trend) -> now.get(Figure.QUALITY)),
    RUNNING_SHARE(share(Figure.RUNNING)),
    STARVED_SHARE(share(Figure.STARVED)),
    BLOCKED_SHARE(share(Figure.BLOCKED)),
    IDLE_SHARE(share(Figure.IDLE)),
    BREAKDOWNS_SHARE(share(Figure.BREAKDOWNS)),
    SETUP_SHARE(share(Figure.SETUP)),
    MINOR_STOPS_SHARE(share(Figure.MINOR_STOPS)),
    REDUCED_SPEED_SHARE(share(Figure.REDUCED_SPEED)),
    STARTUP_REJECTS_SHARE(share(Figure.STARTUP_REJECTS)),
    PRODUCTION_REJECTS_SHARE(share(Figure.PRODUCTION_REJECTS)),
    NO_SIGNAL_SHARE(share(Figure.NO_SIGNAL)),
    FAILURES((now, trend) -> now.get(Figure.FAILURES)),
    CONSTRAINT_SHARE((now, trend) -> now.get(Figure.CONSTRAINT_SHARE)),
    CONSTRAINT_GAIN((now, trend) -> now.get(Figure.CONSTRAINT_GAIN)),
    AVERAGE_UTILIZATION((now, trend) -> now.get(Figure.AVERAGE_UTILIZATION)),
    MAX_UTILIZATION((now, trend) -> now.get(Figure.MAX_UTILIZATION)),
    UTILIZATION_SPREAD((now, trend) -> now.get(Figure.UTILIZATION_SPREAD)),
    IDLE_ENERGY_SHARE((now, trend) -> now.get(Figure.IDLE_ENERGY_SHARE));

    private final String label = name().toLowerCase(Locale.ROOT);
    private final ToDoubleBiFunction<WindowFigures, Trend> reading;
    private final boolean isLearntFrom;

    Feature(ToDoubleBiFunction<WindowFigures, Trend> reading) {
        this(reading, true);
    }

    Feature(ToDoubleBiFunction<WindowFigures, Trend> reading, boolean isLearntFrom) {
        this.reading = reading;
        this.isLearntFrom = isLearntFrom;
    }

    private static ToDoubleBiFunction<WindowFigures, Trend> share(Figure time) {
        return (now, trend) -> now.shareOfPlanned(time);
    }

    private static double ratio(double value, double to) {
        return to > 0 ? value / to : Double.NaN;
    }

    double of(WindowFigures now, Trend trend) {
        return reading.applyAsDouble(now, trend);
    }

    /** Its name in requests and in the model. */
    public String label() {
        return label;
    }

    /** Whether the model may learn from it: not from a level that belongs to one process. */
    public boolean isLearntFrom() {
        return isLearntFrom;
    }
}
