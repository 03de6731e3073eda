package io.processoptimizer.local.bedrock;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The form of Anthropic's models, which InvokeModel hands through; here it is that of every model. Source: Amazon Bedrock User Guide,
 * Anthropic Claude Messages API.
 */
final class AnthropicMessages implements Form {
    @Override
    public Question read(ObjectNode body) throws RefusedException {
        for (String field : List.of("anthropic_version", "messages", "max_tokens")) {
            if (!body.hasNonNull(field)) {
                throw new RefusedException("Malformed input request: #: required key [" + field
                        + "] not found, please reformat your input and try again.");
            }
        }
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new RefusedException("messages: at least one message is required");
        }
        if (!Conversation.isOfUser(messages.get(0))) {
            throw new RefusedException("messages: first message must use the \"user\" role");
        }
        return new Question(
                Conversation.lastOfUser(messages),
                tool(body.path("tools"), body.path("tool_choice").path("name")),
                Form.maxTokens(body.path("max_tokens"), "max_tokens"));
    }

    private static @Nullable String tool(JsonNode tools, JsonNode chosen) throws RefusedException {
        if (!tools.isArray() || tools.isEmpty()) {
            return null;
        }
        for (JsonNode tool : tools) {
            JsonNode name = tool.path("name");
            if (name.isTextual() && (chosen.isMissingNode() || chosen.equals(name))) {
                return name.textValue();
            }
        }
        throw new RefusedException(
                chosen.isMissingNode()
                        ? "tools: no tool has a name"
                        : "tool_choice: Tool '" + chosen.asText() + "' not found in provided tools");
    }

    @Override
    public ObjectNode write(Answer answer, Reply reply) {
        String unique = reply.requestId().replace("-", "");
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("model", reply.modelId())
                .put("id", "msg_bdrk_" + unique)
                .put("type", "message")
                .put("role", "assistant");
        ObjectNode block = body.putArray("content").addObject();
        if (answer.said() instanceof Answer.ToolUse use) {
            block.put("type", "tool_use").put("id", "toolu_bdrk_" + unique).put("name", use.tool());
            block.set("input", use.input());
        } else if (answer.said() instanceof Answer.Text said) {
            block.put("type", "text").put("text", said.text());
        }
        body.put("stop_reason", answer.stopReason().label()).putNull("stop_sequence");
        body.putObject("usage").put("input_tokens", reply.inputTokens()).put("output_tokens", answer.outputTokens());
        return body;
    }
}
