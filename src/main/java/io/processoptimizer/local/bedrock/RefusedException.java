package io.processoptimizer.local.bedrock;

import java.io.Serial;

/** A request that Bedrock would refuse as a ValidationException; the message says why, in its manner where that is known. */
final class RefusedException extends Exception {
    @Serial
    private static final long serialVersionUID = 1L;

    RefusedException(String message) {
        super(message);
    }

    /** The words of a limit that the service's own model of its requests states. */
    static RefusedException constraint(String path, String value, String constraint) {
        return new RefusedException("1 validation error detected: Value '" + value + "' at '" + path
                + "' failed to satisfy constraint: " + constraint);
    }
}
