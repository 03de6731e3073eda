package io.processoptimizer.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.processoptimizer.advise.Prompt;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;

/** A model in Bedrock that answers with the tool of {@link Prompt}. Thread safe. */
public final class LanguageModel {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    /** Models of this provider think aloud unless told not to, which a forced tool does not go with, and which is billed. */
    private static final String THINKS = "anthropic.";

    private final BedrockRuntimeAsyncClient bedrock;
    private final String model;
    private final Api api;
    private final int maxTokens;

    LanguageModel(BedrockRuntimeAsyncClient bedrock, String model, Api api, int maxTokens) {
        this.bedrock = bedrock;
        this.model = model;
        this.api = api;
        this.maxTokens = maxTokens;
    }

    /** How the model is called. */
    public enum Api {
        /** The same for every model in Bedrock. */
        CONVERSE,
        /** InvokeModel with Anthropic's body: for endpoints and models that lack Converse. */
        INVOKE_MODEL
    }

    /**
     * What it answered.
     *
     * @param text the tool's input as JSON, or the text that came instead
     */
    record Reply(String text, long inputTokens, long outputTokens) {}

    String name() {
        return model;
    }

    /** Most tokens that a call with this text can come to: three characters are never less than one. */
    long mostTokens(String user) {
        return tokens(Prompt.SYSTEM) + tokens(Prompt.schema().toString()) + tokens(user) + maxTokens;
    }

    /** Three Latin characters a token are fewer than there are; of other scripts one can take two. */
    private static long tokens(String text) {
        long latin = text.chars().filter(character -> character < 0x80).count();
        return latin / 3 + 2 * (text.length() - latin);
    }

    CompletableFuture<Reply> ask(String user) {
        return switch (api) {
            case CONVERSE -> converse(user);
            case INVOKE_MODEL -> invoke(user);
        };
    }

    private CompletableFuture<Reply> converse(String user) {
        Tool tool = Tool.fromToolSpec(t -> t.name(Prompt.TOOL)
                .description(Prompt.TOOL_DESCRIPTION)
                .inputSchema(ToolInputSchema.fromJson(Documents.of(Prompt.schema()))));
        return bedrock.converse(r -> {
                    r.modelId(model)
                            .system(SystemContentBlock.fromText(Prompt.SYSTEM))
                            .messages(Message.builder()
                                    .role(ConversationRole.USER)
                                    .content(ContentBlock.fromText(user))
                                    .build())
                            .inferenceConfig(c -> c.maxTokens(maxTokens))
                            .toolConfig(t -> t.tools(tool).toolChoice(c -> c.tool(named -> named.name(Prompt.TOOL))));
                    if (model.contains(THINKS)) {
                        r.additionalModelRequestFields(Document.mapBuilder()
                                .putDocument(
                                        "thinking",
                                        Document.mapBuilder()
                                                .putString("type", "disabled")
                                                .build())
                                .build());
                    }
                })
                .thenApply(LanguageModel::reply);
    }

    private static Reply reply(ConverseResponse response) {
        long input = response.usage() == null ? 0 : response.usage().inputTokens();
        long output = response.usage() == null ? 0 : response.usage().outputTokens();
        String text = "";
        for (ContentBlock block : response.output().message().content()) {
            if (block.toolUse() != null && Prompt.TOOL.equals(block.toolUse().name())) {
                return new Reply(Documents.json(block.toolUse().input()).toString(), input, output);
            }
            text = block.text() == null ? text : block.text();
        }
        return new Reply(text, input, output);
    }

    private CompletableFuture<Reply> invoke(String user) {
        ObjectNode body = MAPPER.createObjectNode();
        body.put("anthropic_version", "bedrock-2023-05-31");
        body.put("max_tokens", maxTokens);
        body.putObject("thinking").put("type", "disabled");
        body.put("system", Prompt.SYSTEM);
        body.putArray("messages").addObject().put("role", "user").put("content", user);
        ObjectNode tool = body.putArray("tools").addObject();
        tool.put("name", Prompt.TOOL).put("description", Prompt.TOOL_DESCRIPTION);
        tool.set("input_schema", Prompt.schema());
        body.putObject("tool_choice").put("type", "tool").put("name", Prompt.TOOL);
        return bedrock.invokeModel(r -> r.modelId(model)
                        .contentType("application/json")
                        .accept("application/json")
                        .body(SdkBytes.fromUtf8String(body.toString())))
                .thenApply(LanguageModel::reply);
    }

    private static Reply reply(InvokeModelResponse response) {
        String raw = response.body().asUtf8String();
        JsonNode node;
        try {
            node = MAPPER.readTree(raw);
        } catch (JsonProcessingException e) {
            return new Reply(raw, 0, 0); // judged as the answer that it is
        }
        long input = node.path("usage").path("input_tokens").asLong();
        long output = node.path("usage").path("output_tokens").asLong();
        String text = "";
        for (JsonNode block : node.path("content")) {
            if (Prompt.TOOL.equals(block.path("name").textValue())) {
                return new Reply(block.path("input").toString(), input, output);
            }
            text = block.path("text").asText(text);
        }
        return new Reply(text, input, output);
    }
}
