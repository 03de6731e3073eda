package io.processoptimizer.replay;

import java.io.IOException;

/** What a replay found cannot be written; the message names the file and the remedy. */
public final class OutputFailedException extends IOException {
    private static final long serialVersionUID = 1L;

    public OutputFailedException(String message, IOException cause) {
        super(message, cause);
    }
}
