package io.processoptimizer.checkpoint;

/** Another tenure holds the shard: whoever meets this must stop writing for it. */
public final class FencedException extends Exception {
    private static final long serialVersionUID = 1L;

    public FencedException(String shardId, Claim claim) {
        super("shard " + shardId + " is no longer held by " + claim.owner() + " (epoch " + claim.epoch()
                + "); a later holder has taken it over");
    }
}
