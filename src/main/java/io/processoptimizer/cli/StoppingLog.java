package io.processoptimizer.cli;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/**
 * Holds back what is logged while the worker stops. KCL tears its thread pools down under its own running tasks and logs each as an
 * error with a trace; of a stop that came out clean nobody needs to read that. Of another it is shown after all.
 */
final class StoppingLog {
    /** The first of it tells what went wrong. */
    private static final int MAX_BYTES = 256 * 1024;

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    StoppingLog() {
        System.setErr(new PrintStream(
                new OutputStream() {
                    @Override
                    public void write(int b) {
                        synchronized (held) {
                            if (held.size() < MAX_BYTES) {
                                held.write(b);
                            }
                        }
                    }
                },
                true,
                StandardCharsets.UTF_8));
    }

    /** Ends the holding back. */
    void release(boolean show) {
        System.setErr(before);
        if (show) {
            synchronized (held) {
                before.print(held.toString(StandardCharsets.UTF_8));
                before.flush();
            }
        }
    }
}
