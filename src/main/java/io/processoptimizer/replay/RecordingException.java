package io.processoptimizer.replay;

import org.jspecify.annotations.Nullable;

/** A folder cannot be recorded into as asked; the message says why and what to do. */
public final class RecordingException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RecordingException(String message) {
        this(message, null);
    }

    public RecordingException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
