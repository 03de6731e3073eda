package io.processoptimizer.emit;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How it went when a model was to be asked for advice.
 *
 * @param model the one that was to be asked
 * @param promptVersion of what it was told
 * @param inputTokens that were billed; 0 where no answer came
 * @param outputTokens that were billed
 * @param stripped what of the answer was not passed on; at most {@value #MAX_STRIPPED} of it are named
 * @param fallback why the rules spoke instead; null where the model did
 */
public record Consultation(
        String model,
        int promptVersion,
        long inputTokens,
        long outputTokens,
        List<Stripped> stripped,
        @Nullable Fallback fallback) {
    /** Enough to see what a model gets wrong; an item of a table is bounded. */
    public static final int MAX_STRIPPED = 20;

    public Consultation {
        stripped = List.copyOf(stripped.subList(0, Math.min(stripped.size(), MAX_STRIPPED)));
    }

    /**
     * A part of an answer that was not passed on.
     *
     * @param part where it stood, as a path
     * @param why in a few words
     */
    public record Stripped(String part, String why) {}

    /**
     * The rules spoke instead.
     *
     * @param detail one sentence for a person
     */
    public record Fallback(Reason reason, String detail) {}

    /** Why the model did not speak. Also the label of the counter. */
    public enum Reason {
        /** More questions are open than wait with a bound. */
        QUEUE_FULL,
        /** No answer in time. */
        TIMEOUT,
        /** The service refused or failed. */
        UNAVAILABLE,
        /** It failed so often lately that it is not asked for a while. */
        CIRCUIT_OPEN,
        /** The day's calls or tokens are used up. */
        BUDGET,
        /** The answer held nothing that may be passed on. */
        UNUSABLE_ANSWER,
        /** The window closed so long ago that advice comes too late. */
        TOO_LATE,
        /** The window was decided before, and an operator has rewound. */
        REPROCESSED,
        /** The worker is about to end. */
        STOPPING,
        /** A replay goes by recorded advice, and there is none on the window. */
        NOT_RECORDED;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }
}
