package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a model says, and why it stops there.
 *
 * @param outputTokens its length, not negative
 */
record Answer(Said said, StopReason stopReason, int outputTokens) {
    /** One block of content. */
    sealed interface Said permits Text, ToolUse {}

    /** Words. */
    record Text(String text) implements Said {}

    /** The call of a tool with its input. */
    record ToolUse(String tool, ObjectNode input) implements Said {}

    /** Both forms have the same words for it. */
    enum StopReason {
        /** All is said. */
        END_TURN("end_turn"),
        /** A tool is to be called. */
        TOOL_USE("tool_use"),
        /** There was more to say than was allowed. */
        MAX_TOKENS("max_tokens");

        private final String label;

        StopReason(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }
}
