package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A form in which questions come and answers go. */
sealed interface Form permits Converse, AnthropicMessages {
    /**
     * @param body a JSON object
     * @throws RefusedException where it asks nothing that can be answered
     */
    Question read(ObjectNode body) throws RefusedException;

    /** @return the answer as the body of the reply */
    ObjectNode write(Answer answer, Reply reply);

    /**
     * What a reply tells beside its answer.
     *
     * @param modelId the model that was asked
     * @param requestId different for each request
     * @param inputTokens length of the question, not negative
     * @param latencyMillis how long the answer took, not negative
     */
    record Reply(String modelId, String requestId, int inputTokens, long latencyMillis) {}

    /** A model of today says no more than that at once; whoever allows more gets all of it. */
    int MAX_TOKENS = 64_000;

    /**
     * How long the answer may be.
     *
     * @param node what was asked for, not missing
     * @throws RefusedException where that is no number of tokens
     */
    static int maxTokens(JsonNode node, String path) throws RefusedException {
        if (!node.isIntegralNumber() || node.longValue() < 1) {
            throw RefusedException.constraint(path, node.asText(), "Member must have value greater than or equal to 1");
        }
        return (int) Math.min(node.longValue(), MAX_TOKENS);
    }
}
