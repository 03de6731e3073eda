package io.processoptimizer.replay;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The input ends early or is not what it should be; the message names the file, the line and the remedy. */
public final class InputDamagedException extends IOException {
    private static final long serialVersionUID = 1L;

    public InputDamagedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
