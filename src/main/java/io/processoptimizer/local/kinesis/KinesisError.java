package io.processoptimizer.local.kinesis;

/** The errors the service documents, with the names that go over the wire and their HTTP status. */
enum KinesisError {
    RESOURCE_NOT_FOUND("ResourceNotFoundException", 400),
    RESOURCE_IN_USE("ResourceInUseException", 400),
    INVALID_ARGUMENT("InvalidArgumentException", 400),
    VALIDATION("ValidationException", 400),
    EXPIRED_ITERATOR("ExpiredIteratorException", 400),
    EXPIRED_NEXT_TOKEN("ExpiredNextTokenException", 400),
    PROVISIONED_THROUGHPUT_EXCEEDED("ProvisionedThroughputExceededException", 400),
    LIMIT_EXCEEDED("LimitExceededException", 400),
    SERIALIZATION("SerializationException", 400),
    UNKNOWN_OPERATION("UnknownOperationException", 400),
    REQUEST_TOO_LARGE("RequestEntityTooLargeException", 413),
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
    INTERNAL_FAILURE("InternalFailure", 500);

    private final String type;
    private final int httpStatus;

    KinesisError(String type, int httpStatus) {
        this.type = type;
        this.httpStatus = httpStatus;
    }

    /** The value of {@code __type} in the answer. */
    String type() {
        return type;
    }

    int httpStatus() {
        return httpStatus;
    }

    KinesisException with(String message) {
        return new KinesisException(this, message);
    }
}
