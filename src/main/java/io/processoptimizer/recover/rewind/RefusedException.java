package io.processoptimizer.recover.rewind;

/** A guard does not let the operation begin; nothing was changed. The message says what to do instead. */
public final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }
}
