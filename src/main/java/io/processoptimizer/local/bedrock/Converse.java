package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/**
 * Bedrock's own form, the same for every model. Source: Amazon Bedrock API Reference, Converse; the refusals are in the words of the
 * service.
 */
final class Converse implements Form {
    @Override
    public Question read(ObjectNode body) throws RefusedException {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty() || !Conversation.isOfUser(messages.get(0))) {
            throw new RefusedException("A conversation must start with a user message. "
                    + "Try again with a conversation that starts with a user message.");
        }
        for (int i = 0; i < messages.size(); i++) {
            JsonNode content = messages.get(i).path("content");
            if (!content.isArray() || content.isEmpty()) {
                throw new RefusedException("The content field in the Message object at messages." + i
                        + " is empty. Add a ContentBlock object to the content field and try again.");
            }
            if (i > 0 && Conversation.isOfUser(messages.get(i)) == Conversation.isOfUser(messages.get(i - 1))) {
                throw new RefusedException("A conversation must alternate between user and assistant roles. "
                        + "Make sure the conversation alternates between user and assistant roles and try again.");
            }
        }
        JsonNode maxTokens = body.path("inferenceConfig").path("maxTokens");
        return new Question(
                Conversation.lastOfUser(messages),
                tool(body.path("toolConfig")),
                maxTokens.isMissingNode() || maxTokens.isNull()
                        ? MAX_TOKENS
                        : Form.maxTokens(maxTokens, "inferenceConfig.maxTokens"));
    }

    private static @Nullable String tool(JsonNode config) throws RefusedException {
        if (!config.isObject()) {
            return null;
        }
        JsonNode tools = config.path("tools");
        if (!tools.isArray() || tools.isEmpty()) {
            throw RefusedException.constraint(
                    "toolConfig.tools", tools.toString(), "Member must have length greater than or equal to 1");
        }
        JsonNode chosen = config.path("toolChoice").path("tool").path("name");
        for (JsonNode tool : tools) {
            JsonNode name = tool.path("toolSpec").path("name");
            if (name.isTextual() && (chosen.isMissingNode() || chosen.equals(name))) {
                return name.textValue();
            }
        }
        throw new RefusedException(
                chosen.isMissingNode()
                        ? "The toolConfig has no tool with a toolSpec and a name."
                        : "The toolChoice names the tool " + chosen.asText() + ", which is not in toolConfig.tools.");
    }

    @Override
    public ObjectNode write(Answer answer, Reply reply) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.putObject("metrics").put("latencyMs", reply.latencyMillis());
        ObjectNode message = body.putObject("output").putObject("message").put("role", "assistant");
        ObjectNode block = message.putArray("content").addObject();
        if (answer.said() instanceof Answer.ToolUse use) {
            ObjectNode toolUse = block.putObject("toolUse");
            toolUse.put("toolUseId", "tooluse_" + reply.requestId().replace("-", ""));
            toolUse.put("name", use.tool());
            toolUse.set("input", use.input());
        } else if (answer.said() instanceof Answer.Text said) {
            block.put("text", said.text());
        }
        body.put("stopReason", answer.stopReason().label());
        body.putObject("usage")
                .put("inputTokens", reply.inputTokens())
                .put("outputTokens", answer.outputTokens())
                .put("totalTokens", reply.inputTokens() + answer.outputTokens());
        return body;
    }
}
