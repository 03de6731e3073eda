package io.processoptimizer.emit;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What came of the question whether to advise on a result. One per final result of the default window; created if absent, never
 * changed.
 *
 * @param result the result it is about
 * @param efficiency what the efficiency model expects; null where none was asked, or it had nothing to go by
 */
public record AdviceRecord(
        WindowResult result, Outcome outcome, @Nullable Efficiency efficiency) {
    /** No model was asked. */
    public AdviceRecord(WindowResult result, Outcome outcome) {
        this(result, outcome, null);
    }

    /** Unique within the process and the same on every re-run. */
    public String id() {
        String first = "advice#" + result.window() + "#" + result.endMillis() + "#" + result.revision();
        return result.generation() == 0 ? first : first + "#g" + result.generation();
    }

    /** What came of it. */
    public sealed interface Outcome {}

    /**
     * Advice was given.
     *
     * @param source who gave it: {@code rules}; {@code bedrock}, a model there; {@code fallback}, the rules instead of it
     * @param consultation how it went with the model; null where none was to be asked
     */
    public record Given(
            String source, Advice advice, @Nullable Consultation consultation) implements Outcome {
        /** No model was to be asked. */
        public Given(String source, Advice advice) {
            this(source, advice, null);
        }
    }

    /**
     * Nobody was asked.
     *
     * @param detail one sentence for a person
     */
    public record NotAsked(Why why, String detail) implements Outcome {}

    /** Why nobody was asked. */
    public enum Why {
        /** The policy asks for no window. */
        SWITCHED_OFF,
        /** The result gives no reason to: OEE meets its target, or no constraint is sure enough. */
        NO_GROUNDS,
        /** The process was advised a short while ago. */
        COOLDOWN,
        /** A late revision of a window that is no longer the last one that was advised on. */
        REVISION;

        private final String label = name().toLowerCase(Locale.ROOT);

        public String label() {
            return label;
        }
    }
}
