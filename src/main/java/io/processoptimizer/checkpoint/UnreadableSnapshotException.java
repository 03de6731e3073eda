package io.processoptimizer.checkpoint;

/** A stored state is missing, damaged, or written by a newer version; repeating the call does not help. */
public final class UnreadableSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public UnreadableSnapshotException(String message) {
        super(message);
    }
}
