package io.processoptimizer.cli;

import java.util.Locale;

/** Counts in sentences. */
final class Plural {
    private Plural() {}

    /** As {@code 1 shard} or {@code 2 shards}. */
    static String of(long count, String thing) {
        return count == 1 ? "1 " + thing : count + " " + thing + "s";
    }

    /** As {@code 1 process} or {@code 2,000 processes}. */
    static String of(long count, String one, String more) {
        return String.format(Locale.ROOT, "%,d %s", count, count == 1 ? one : more);
    }
}
