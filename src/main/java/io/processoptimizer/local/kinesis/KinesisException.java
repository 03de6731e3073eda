package io.processoptimizer.local.kinesis;

/** A refusal that the caller of the service is told. */
final class KinesisException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final KinesisError error;

    KinesisException(KinesisError error, String message) {
        // Without a stack trace: a throttled producer makes thousands of these a second and nobody reads where.
        super(message, null, false, false);
        this.error = error;
    }

    KinesisError error() {
        return error;
    }

    String text() {
        String message = getMessage();
        return message == null ? error.type() : message;
    }
}
