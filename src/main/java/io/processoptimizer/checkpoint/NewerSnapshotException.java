package io.processoptimizer.checkpoint;

/** A stored state was written by a newer version of this product: it is whole, and must not be replaced by an older one. */
public final class NewerSnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /**
     * @param what names the state
     * @param format its format
     * @param known the newest format that this version reads
     */
    public NewerSnapshotException(String what, int format, int known) {
        super(what + " has format " + format + ", this version reads up to " + known
                + "; run the version that wrote it, or a newer one");
    }
}
