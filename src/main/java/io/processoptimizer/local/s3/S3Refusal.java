package io.processoptimizer.local.s3;

import java.io.Serial;

/** A refusal that the client is to see as the documented error. */
final class S3Refusal extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final S3Error error;

    S3Refusal(S3Error error, String message) {
        super(message);
        this.error = error;
    }

    S3Error error() {
        return error;
    }

    String text() {
        return String.valueOf(getMessage());
    }
}
