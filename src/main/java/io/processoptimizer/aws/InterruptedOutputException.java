package io.processoptimizer.aws;

/** The thread was interrupted while an output waited for room: the batch is not finished and must not be committed. */
public final class InterruptedOutputException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InterruptedOutputException(InterruptedException cause) {
        super("interrupted while an output waited for room", cause);
    }
}
