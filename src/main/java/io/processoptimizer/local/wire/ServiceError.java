package io.processoptimizer.local.wire;

import java.io.Serial;

/** A refusal that the client is to see as the documented error of the service. */
public final class ServiceError extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final int status;
    private final String shape;
    private final String queryCode;

    private ServiceError(int status, String shape, String queryCode, String message) {
        super(message);
        this.status = status;
        this.shape = shape;
        this.queryCode = queryCode;
    }

    /**
     * The client's mistake.
     *
     * @param shape the error's name in the service's model, which JSON and CBOR clients turn into an exception class
     * @param message what is wrong and what would be right
     */
    public static ServiceError of(String shape, String message) {
        return new ServiceError(400, shape, shape, message);
    }

    /** The same, for a service whose Query protocol names the error otherwise than its model. */
    public static ServiceError of(String shape, String queryCode, String message) {
        return new ServiceError(400, shape, queryCode, message);
    }

    /** The same error with another HTTP status. */
    public ServiceError withStatus(int otherStatus) {
        return new ServiceError(otherStatus, shape, queryCode, text());
    }

    int status() {
        return status;
    }

    /** The name in the model. */
    public String code() {
        return shape;
    }

    String queryCode() {
        return queryCode;
    }

    String text() {
        String message = getMessage();
        return message == null ? shape : message;
    }
}
