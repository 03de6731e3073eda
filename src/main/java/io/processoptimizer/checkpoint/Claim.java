package io.processoptimizer.checkpoint;

/**
 * One tenure of a shard. A later tenure has a greater epoch, and the store refuses every write of an earlier one, so that two
 * processors of one shard that overlap for a while cannot both move its pointer.
 *
 * @param owner the worker's stable id, not empty
 * @param epoch the lease counter that the holder read when it began, ≥ 0
 */
public record Claim(String owner, long epoch) {
    public Claim {
        if (owner.isEmpty()) {
            throw new IllegalArgumentException("the owner of a claim must not be empty");
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("the epoch of a claim must be at least 0, not " + epoch);
        }
    }
}
