package io.processoptimizer.replay;

import io.processoptimizer.event.RecordPosition;

/** Where reading a shard begins. */
public sealed interface ReadFrom {
    /** At the oldest record that is kept. */
    record TrimHorizon() implements ReadFrom {}

    /** With what comes from now on. */
    record Latest() implements ReadFrom {}

    /**
     * With the first record that arrived then or later.
     *
     * @param epochMillis not in the future
     */
    record AtTimestamp(long epochMillis) implements ReadFrom {}

    /** After that user record, also where it stands inside an aggregated record. */
    record After(RecordPosition position) implements ReadFrom {}
}
