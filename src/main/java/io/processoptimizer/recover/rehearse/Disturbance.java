package io.processoptimizer.recover.rehearse;

import java.time.Duration;
import java.util.Locale;

/** Something that is done to the workers, to the stream or to a sink. */
public sealed interface Disturbance {
    /** Kinds, as a plan mixes them. */
    enum Kind {
        KILL,
        STOP,
        FAULT,
        RESHARD
    }

    /**
     * What follows the end of a worker.
     *
     * @param after a worker is started again
     * @param sameId whether under the id of the one that ended, or under one that was never used
     */
    record Restart(Duration after, boolean sameId) {}

    /**
     * kill -9.
     *
     * @param which of the workers that run: the remainder of its division by their number
     */
    record Kill(int which, Restart restart) implements Disturbance {}

    /**
     * SIGTERM.
     *
     * @param which as of {@link Kill}
     */
    record Stop(int which, Restart restart) implements Disturbance {}

    /**
     * A sink that does not work for a while.
     *
     * @param share of its calls that are hit, above 0 and at most 1
     */
    record SinkFault(Sink sink, How how, double share, Duration length) implements Disturbance {}

    /** @param shards how many the stream is to have */
    record Reshard(int shards) implements Disturbance {}

    /** Where a worker writes to. */
    enum Sink {
        RESULTS,
        ADVICE,
        DEAD_LETTERS,
        STATE,
        EVENTS;

        /** For people. */
        String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** In which way a sink does not work. The names are those that the embedded AWS takes. */
    enum How {
        THROTTLE("throttled"),
        FAIL("failing"),
        HANG("without an answer"),
        LOSE_ANSWER("written but reported as failed");

        private final String text;

        How(String text) {
            this.text = text;
        }

        /** For people. */
        String text() {
            return text;
        }
    }
}
