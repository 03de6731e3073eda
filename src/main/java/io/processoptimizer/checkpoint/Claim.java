package io.processoptimizer.checkpoint;

/**
 * One tenure of a shard. A later tenure has a greater epoch, and the store refuses every write of an earlier one, so that two
 * processors of one shard that overlap for a while cannot both move its pointer.
 *
 * @param owner the worker's stable id, not empty
 * @param epoch the lease counter that the holder read when it began, ≥ 0
 */
public record Claim(String owner, long epoch) {
    /** What the names of operators' commands begin with; no worker's id does. */
    private static final String OPERATOR = "recover:";

    /** Of an operator's command, not of a worker. */
    public static Claim ofOperation(String id, long epoch) {
        return new Claim(OPERATOR + id, epoch);
    }

    /** Whether an operator's command made it: nobody processes the shard under it. */
    public boolean isOperators() {
        return owner.startsWith(OPERATOR);
    }

    public Claim {
        if (owner.isEmpty()) {
            throw new IllegalArgumentException("the owner of a claim must not be empty");
        }
        if (epoch < 0) {
            throw new IllegalArgumentException("the epoch of a claim must be at least 0, not " + epoch);
        }
    }
}
