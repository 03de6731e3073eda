package io.processoptimizer.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.InvokeModelResponse;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolSpecification;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** Bedrock's runtime, asked by the SDK. */
class BedrockIT {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String MODEL = "eu.anthropic.claude-sonnet-4-20250514-v1:0";

    private static final String DATA = "The figures:\n<window_data>\n"
            + "{\"prompt_version\":1,\"rules\":{\"summary\":\"Fill faster\",\"priority\":\"high\","
            + "\"recommendations\":[{\"lever\":\"reduce_breakdowns\",\"evidence\":[\"oee\"],"
            + "\"expected_improvement\":{\"oee_gain\":0.04}},{\"lever\":\"reduce_speed_loss\",\"evidence\":[]}],"
            + "\"risk\":{\"level\":\"low\"}}}\n</window_data>\n";

    @SuppressWarnings("NullAway.Init") // begin() sets it
    private static LocalAws aws;

    @SuppressWarnings("NullAway.Init") // begin() sets it
    private static BedrockRuntimeAsyncClient client;

    @BeforeAll
    static void begin() throws Exception {
        aws = LocalAws.start(LocalAwsSettings.onAnyPort());
        client = builder().build();
    }

    private static BedrockRuntimeAsyncClientBuilder builder() {
        return BedrockRuntimeAsyncClient.builder()
                .endpointOverride(aws.endpoint())
                .region(Region.US_EAST_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")));
    }

    @AfterAll
    static void end() {
        client.close();
        aws.close();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void theRulesComeAsTheInputOfTheToolOverEitherHttp(Protocol protocol) {
        try (BedrockRuntimeAsyncClient either = builder()
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(protocol))
                .build()) {
            assertIsAdvice(either.converse(withTool(4_096)).join());
        }
    }

    @Test
    void theRulesComeAsTheInputOfTheToolToAClientAsItIsBuilt() {
        assertIsAdvice(client.converse(withTool(4_096)).join());
    }

    private static void assertIsAdvice(ConverseResponse reply) {
        assertThat(reply.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(reply.output().message().role()).isEqualTo(ConversationRole.ASSISTANT);
        ToolUseBlock use = reply.output().message().content().get(0).toolUse();
        assertThat(use.name()).isEqualTo("give_advice");
        JsonNode input = JSON.valueToTree(use.input().unwrap());
        assertThat(use.toolUseId()).matches("tooluse_[a-zA-Z0-9_-]{1,56}");
        assertThat(input.path("summary").asText()).isEqualTo("Fill faster");
        assertThat(input.path("recommendations")).hasSize(2);
        assertThat(input.path("changes").isArray()).isTrue();
        assertThat(input.path("changes")).isEmpty();
        assertThat(reply.usage().inputTokens()).isBetween(50, 500);
        assertThat(reply.usage().outputTokens()).isBetween(30, 200);
        assertThat(reply.usage().totalTokens())
                .isEqualTo(reply.usage().inputTokens() + reply.usage().outputTokens());
        assertThat(reply.metrics().latencyMs()).isNotNegative();
    }

    @Test
    void aShortAnswerHasFewerRecommendationsAndSaysThatItWasCut() {
        ConverseResponse reply = client.converse(withTool(50)).join();

        assertThat(reply.stopReason()).isEqualTo(StopReason.MAX_TOKENS);
        JsonNode input = JSON.valueToTree(
                reply.output().message().content().get(0).toolUse().input().unwrap());
        assertThat(input.path("recommendations")).hasSize(1);
        assertThat(reply.usage().outputTokens()).isLessThanOrEqualTo(50);
    }

    @Test
    void withoutAToolTheAnswerIsTheSameInText() throws Exception {
        ConverseResponse reply = client.converse(r -> r.modelId(MODEL).messages(says("user", DATA)))
                .join();

        assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);
        JsonNode said = JSON.readTree(reply.output().message().content().get(0).text());
        assertThat(said.path("priority").asText()).isEqualTo("high");
        assertThat(said.path("recommendations")).hasSize(2);
    }

    @Test
    void theLastMessageOfTheUserIsAnswered() {
        ConverseResponse reply = client.converse(r ->
                        r.modelId(MODEL).messages(says("user", DATA), says("assistant", "{}"), says("user", "Thanks")))
                .join();

        assertThat(reply.output().message().content().get(0).text())
                .isEqualTo("The message has no JSON object between <window_data> and </window_data>.");
    }

    @Test
    void invokeModelSpeaksTheFormOfAnthropic() throws Exception {
        String body = JSON.createObjectNode()
                .put("anthropic_version", "bedrock-2023-05-31")
                .put("max_tokens", 4_096)
                .put("system", "Advise.")
                .<ObjectNode>set(
                        "messages",
                        JSON.readTree("[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":"
                                + JSON.writeValueAsString(DATA) + "}]}]"))
                .<ObjectNode>set(
                        "tools", JSON.readTree("[{\"name\":\"give_advice\",\"input_schema\":{\"type\":\"object\"}}]"))
                .set("tool_choice", JSON.readTree("{\"type\":\"tool\",\"name\":\"give_advice\"}"))
                .toString();

        InvokeModelResponse reply = invoke(body);

        JsonNode said = JSON.readTree(reply.body().asUtf8String());
        assertThat(reply.contentType()).isEqualTo("application/json");
        assertThat(said.path("type").asText()).isEqualTo("message");
        assertThat(said.path("role").asText()).isEqualTo("assistant");
        assertThat(said.path("model").asText()).isEqualTo(MODEL);
        assertThat(said.path("stop_reason").asText()).isEqualTo("tool_use");
        JsonNode block = said.path("content").path(0);
        assertThat(block.path("type").asText()).isEqualTo("tool_use");
        assertThat(block.path("name").asText()).isEqualTo("give_advice");
        assertThat(block.path("input").path("recommendations")).hasSize(2);
        assertThat(said.path("usage").path("output_tokens").asInt()).isPositive();
        assertThat(reply.sdkHttpResponse().firstMatchingHeader("x-amzn-bedrock-output-token-count"))
                .hasValue(said.path("usage").path("output_tokens").asText());
    }

    @Test
    void aTextAsContentIsAnsweredInTextWhereThereIsNoTool() throws Exception {
        JsonNode said = JSON.readTree(invoke("{\"anthropic_version\":\"bedrock-2023-05-31\",\"max_tokens\":5,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":" + JSON.writeValueAsString(DATA) + "}]}")
                .body()
                .asUtf8String());

        assertThat(said.path("stop_reason").asText()).isEqualTo("max_tokens");
        assertThat(said.path("content").path(0).path("text").asText()).isEqualTo("{\"summary\":\"Fill fas");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "rubbish | Malformed input request",
                "[] | Malformed input request",
                "{} {} | Malformed input request",
                "{} | required key [anthropic_version]",
                "{\"anthropic_version\":\"v\"} | required key [messages]",
                "{\"anthropic_version\":\"v\",\"messages\":[]} | required key [max_tokens]",
                "{\"anthropic_version\":\"v\",\"messages\":[],\"max_tokens\":1} | at least one message",
                "{\"anthropic_version\":\"v\",\"messages\":[{\"role\":\"assistant\"}],\"max_tokens\":1} | \"user\" role",
                "{\"anthropic_version\":\"v\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":0} | 'max_tokens'",
                "{\"anthropic_version\":\"v\",\"messages\":[{\"role\":\"user\"}],\"max_tokens\":\"9\"} | 'max_tokens'",
            })
    void whatTheServiceWouldRefuseIsAValidationException(String body, String why) {
        assertThatThrownBy(() -> invoke(body))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(ValidationException.class, error -> {
                    assertThat(error.statusCode()).isEqualTo(400);
                    assertThat(error.requestId()).isNotBlank();
                })
                .hasMessageContaining(why);
    }

    @Test
    void aConversationThatIsNoneIsAValidationException() {
        assertRefused(r -> r.messages(says("assistant", "I")), "user message");
        assertRefused(r -> {}, "user message");
        assertRefused(r -> r.messages(Message.builder().role("user").build()), "messages.0");
        assertRefused(r -> r.messages(says("user", "a"), says("user", "b")), "alternate");
        assertRefused(
                r -> r.messages(says("user", "a")).inferenceConfig(i -> i.maxTokens(0)), "inferenceConfig.maxTokens");
        assertRefused(
                r -> r.messages(says("user", "a"))
                        .toolConfig(t -> t.tools(tool("one")).toolChoice(c -> c.tool(name -> name.name("another")))),
                "another");
    }

    private static void assertRefused(Consumer<ConverseRequest.Builder> conversation, String why) {
        assertThatThrownBy(() -> client.converse(r -> conversation.accept(r.modelId(MODEL)))
                        .join())
                .cause()
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(why);
    }

    @Test
    void aBodyThatIsTooLongIsRefusedAndNotCutOff() {
        String longer = "a".repeat(21 << 20);
        assertRefused(r -> r.messages(says("user", longer)), "too long");
    }

    @Test
    void aModelMayHaveAnArnForANameAsTheSdkOrAHandWritesIt() throws Exception {
        String arn = "arn:aws:bedrock:eu-central-1:000000000000:inference-profile/eu.some-model-v1:0";
        ConverseResponse reply = client.converse(r -> r.modelId(arn).messages(says("user", "Hello")))
                .join();
        assertThat(reply.stopReason()).isEqualTo(StopReason.END_TURN);

        HttpResponse<String> plain = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(aws.endpoint() + "/model/" + arn + "/converse"))
                                .POST(HttpRequest.BodyPublishers.ofString(
                                        "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"Hi\"}]}]}"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(plain.statusCode()).isEqualTo(200);
        assertThat(plain.body()).contains("\"stopReason\":\"end_turn\"");
    }

    private static ConverseRequest withTool(int maxTokens) {
        return ConverseRequest.builder()
                .modelId(MODEL)
                .system(SystemContentBlock.fromText("Advise."))
                .messages(says("user", DATA))
                .inferenceConfig(i -> i.maxTokens(maxTokens))
                .toolConfig(t -> t.tools(tool("give_advice")).toolChoice(c -> c.tool(name -> name.name("give_advice"))))
                .build();
    }

    private static Tool tool(String name) {
        return Tool.fromToolSpec(ToolSpecification.builder()
                .name(name)
                .description("Takes advice.")
                .inputSchema(ToolInputSchema.fromJson(
                        Document.mapBuilder().putString("type", "object").build()))
                .build());
    }

    private static Message says(String role, String text) {
        return Message.builder().role(role).content(ContentBlock.fromText(text)).build();
    }

    private static InvokeModelResponse invoke(String body) {
        return client.invokeModel(
                        r -> r.modelId(MODEL).contentType("application/json").body(SdkBytes.fromUtf8String(body)))
                .join();
    }
}
