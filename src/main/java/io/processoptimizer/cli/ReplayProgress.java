package io.processoptimizer.cli;

import io.processoptimizer.replay.Replayer;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** How far a replay is, in one line on a terminal that is written over; silent elsewhere. */
final class ReplayProgress implements Replayer.Progress, AutoCloseable {
    private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrintWriter out;
    private final boolean shown;
    private final long startNanos = System.nanoTime();
    private long lastNanos = startNanos;
    private boolean drawn;

    ReplayProgress(PrintWriter out, boolean shown) {
        this.out = out;
        this.shown = shown;
    }

    @Override
    public void read(long records, double fraction) {
        long now = System.nanoTime();
        if (!shown || now - lastNanos < EVERY_NANOS) {
            return;
        }
        lastNanos = now;
        drawn = true;
        double seconds = (now - startNanos) / NANOS_PER_SECOND;
        String part = Double.isNaN(fraction)
                ? ""
                : String.format(
                        Locale.ROOT,
                        "%3.0f %%, about %.0f s to go, ",
                        fraction * 100,
                        fraction > 0 ? seconds / fraction - seconds : 0);
        out.printf(Locale.ROOT, "\r%s%,d records, %,.0f a second\u001b[K", part, records, records / seconds);
        out.flush();
    }

    @Override
    public void sorting() {
        if (drawn) {
            out.print("\rwriting the results\u001b[K");
            out.flush();
        }
    }

    @Override
    public void close() {
        done();
    }

    /** Makes room for what is printed next. */
    @Override
    public void done() {
        if (drawn) {
            out.print("\r\u001b[K");
            out.flush();
            drawn = false;
        }
    }
}
