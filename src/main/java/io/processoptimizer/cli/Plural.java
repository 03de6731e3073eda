package io.processoptimizer.cli;

/** Counts in sentences. */
final class Plural {
    private Plural() {}

    /** As {@code 1 shard} or {@code 2 shards}. */
    static String of(long count, String thing) {
        return count == 1 ? "1 " + thing : count + " " + thing + "s";
    }
}
