package io.processoptimizer.window;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Sums of the figures that a process states of itself, in a window that its records fill bit by bit. */
final class FigureTotals {
    private static final int FIGURES = 4;

    private final HeldSum[] sums = new HeldSum[FIGURES];
    private boolean stated;

    FigureTotals() {
        for (int i = 0; i < FIGURES; i++) {
            sums[i] = new HeldSum();
        }
    }

    void reset() {
        stated = false;
        for (HeldSum sum : sums) {
            sum.reset();
        }
    }

    void copyFrom(FigureTotals other) {
        stated = other.stated;
        for (int i = 0; i < FIGURES; i++) {
            sums[i].copyFrom(other.sums[i]);
        }
    }

    /** A record stated something; its figures follow. */
    void stated() {
        stated = true;
    }

    void add(int figure, long time, long value) {
        sums[figure].add(time, value);
    }

    /** The figures up to the window's end, or null where none was stated; to be asked once. */
    WindowFacts.@Nullable StatedFigures until(long end) {
        return stated
                ? new WindowFacts.StatedFigures(
                        sums[0].until(end), sums[1].until(end), sums[2].until(end), sums[3].until(end))
                : null;
    }

    void write(DataOutput out) throws IOException {
        out.writeBoolean(stated);
        for (HeldSum sum : sums) {
            sum.write(out);
        }
    }

    void read(DataInput in) throws IOException {
        stated = in.readBoolean();
        for (HeldSum sum : sums) {
            sum.read(in);
        }
    }
}
