package io.processoptimizer.checkpoint;

/**
 * Which configuration the states that are committed are computed with. It may come to include more while a worker runs. Called from any
 * thread.
 */
public interface ComputedWith {
    /** Names the configuration now; the same name, the same results of the same records. */
    String fingerprint();

    /** Whether another configuration gives the same results of all records so far: the same, or one that differs in later times only. */
    boolean isAs(String other);

    /** A configuration that never changes. */
    static ComputedWith always(String fingerprint) {
        return new ComputedWith() {
            @Override
            public String fingerprint() {
                return fingerprint;
            }

            @Override
            public boolean isAs(String other) {
                return other.equals(fingerprint);
            }
        };
    }
}
