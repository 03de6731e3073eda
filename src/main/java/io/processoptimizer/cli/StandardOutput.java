package io.processoptimizer.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;

/** Standard output that remembers why it could not be written: a {@link PrintWriter} on it keeps that to itself. */
final class StandardOutput extends OutputStream {
    private final OutputStream to;
    private volatile @Nullable IOException failure;

    StandardOutput(OutputStream to) {
        this.to = to;
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            to.write(bytes, from, length);
        } catch (IOException e) {
            failure = e;
            throw e;
        }
    }

    /**
     * The exit code of a command that has ended: not 0 where a part of what it said is lost. A reader that has read enough, as
     * {@code head}, is none of its business.
     */
    int ended(int exitCode, PrintWriter err) {
        IOException why = failure;
        if (why == null || String.valueOf(why.getMessage()).contains("Broken pipe")) {
            return exitCode;
        }
        err.println("standard output cannot be written: " + why.getMessage()
                + "; what was to be printed is incomplete, so make room or print elsewhere, and run again");
        return exitCode == ExitCode.DONE.code() ? ExitCode.BAD_USAGE.code() : exitCode;
    }
}
