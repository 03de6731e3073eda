package io.processoptimizer.checkpoint;

/** The store did not answer, or refused for a reason that may pass. */
public final class SnapshotStoreException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SnapshotStoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
