package io.processoptimizer.model;

/** The data do not suffice to train a model; the message says what there is and what is needed. */
public final class NotEnoughDataException extends Exception {
    private static final long serialVersionUID = 1L;

    NotEnoughDataException(String message) {
        super(message);
    }
}
