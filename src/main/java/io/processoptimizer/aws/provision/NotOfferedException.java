package io.processoptimizer.aws.provision;

/** A change was wanted that the endpoint has no operation for. */
final class NotOfferedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param what the thing that stays as it is */
    NotOfferedException(String what, Throwable cause) {
        super(what, cause);
    }

    String what() {
        return String.valueOf(getMessage());
    }
}
