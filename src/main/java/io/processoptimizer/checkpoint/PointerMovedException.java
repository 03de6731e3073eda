package io.processoptimizer.checkpoint;

/** What an operator wanted to change is not as it was when it was looked at: look again, and repeat. */
public final class PointerMovedException extends Exception {
    private static final long serialVersionUID = 1L;

    public PointerMovedException(String shardId, String what) {
        super(shardId + ": " + what + "; nothing was changed, try again");
    }
}
