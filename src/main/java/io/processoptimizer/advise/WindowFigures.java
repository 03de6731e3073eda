package io.processoptimizer.advise;

import io.processoptimizer.emit.WindowResult;
import java.util.function.ToDoubleFunction;

/** What the efficiency model goes by of one window's result. */
@SuppressWarnings("EnumOrdinal") // an array of doubles in memory: a million of them are held in training
public final class WindowFigures {
    private static final Figure[] FIGURES = Figure.values();

    private final long endMillis;
    private final double[] values = new double[FIGURES.length];

    /**
     * @param endMillis the window's end, epoch milliseconds
     * @param values gives each figure; NaN where it is not known
     */
    public WindowFigures(long endMillis, ToDoubleFunction<Figure> values) {
        this.endMillis = endMillis;
        for (Figure figure : FIGURES) {
            this.values[figure.ordinal()] = values.applyAsDouble(figure);
        }
    }

    public static WindowFigures of(WindowResult result) {
        return new WindowFigures(result.endMillis(), figure -> figure.of(result));
    }

    public long endMillis() {
        return endMillis;
    }

    /** NaN where it is not known. */
    public double get(Figure figure) {
        return values[figure.ordinal()];
    }

    /** A time as a share of planned time; NaN where either is not known. */
    double shareOfPlanned(Figure time) {
        double planned = get(Figure.PLANNED);
        return planned > 0 ? get(time) / planned : Double.NaN;
    }
}
