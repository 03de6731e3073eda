package io.processoptimizer.aws;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.bedrock.BedrockAsyncClient;
import software.amazon.awssdk.services.bedrock.model.AuthorizationStatus;
import software.amazon.awssdk.services.bedrock.model.EntitlementAvailability;
import software.amazon.awssdk.services.bedrock.model.FoundationModelDetails;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycle;
import software.amazon.awssdk.services.bedrock.model.FoundationModelLifecycleStatus;
import software.amazon.awssdk.services.bedrock.model.GetFoundationModelAvailabilityResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.Message;

/** Whether the models can be asked: by Bedrock's catalogue, which costs nothing, and by one call each, which does. */
public final class ModelCalls {
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

    /** Of a foundation model or an inference profile: what comes before it in an ARN, the profile's area, the model. */
    private static final Pattern MODEL = Pattern.compile("(?:arn:.*/)?(?:(global|us|us-gov|eu|apac|jp|au|ca)\\.)?(.+)");

    /** A word as answer. */
    private static final int FEW_TOKENS = 16;

    /** Time enough to try another model, and to have it allowed. Bedrock itself gives six months from legacy to the end. */
    private static final Duration SOON = Duration.ofDays(180);

    private static final String NEWER_MODEL = "set bedrock.model to a newer one (aws bedrock list-foundation-models)";

    private ModelCalls() {}

    /**
     * What the catalogue says.
     *
     * @param usable whether this account may ask the model here
     * @param text what was found, for a person
     * @param remedy what to do; null where there is nothing
     */
    public record Catalogued(
            boolean usable, String text, @Nullable String remedy) {}

    /**
     * Looks a language model up; asks it nothing.
     *
     * @param now what the model's dates are compared with
     * @throws software.amazon.awssdk.core.exception.SdkException where the catalogue does not answer, or knows no such model
     */
    public static Catalogued catalogued(BedrockAsyncClient bedrock, String model, Instant now)
            throws InterruptedException {
        Matcher parts = MODEL.matcher(model);
        String foundation = parts.matches() ? parts.group(2) : model;
        FoundationModelDetails details = Calls.await(
                        bedrock.getFoundationModel(r -> r.modelIdentifier(foundation)), ANSWER_WITHIN)
                .modelDetails();
        GetFoundationModelAvailabilityResponse availability =
                Calls.await(bedrock.getFoundationModelAvailability(r -> r.modelId(foundation)), ANSWER_WITHIN);
        boolean allowed = availability.authorizationStatus() != AuthorizationStatus.NOT_AUTHORIZED
                && availability.entitlementAvailability() != EntitlementAvailability.NOT_AVAILABLE;
        return catalogued(model, details.modelLifecycle(), allowed, now);
    }

    /** The catalogue's dates in words: null for the lifecycle of a model that has none. */
    static Catalogued catalogued(
            String model, @Nullable FoundationModelLifecycle lifecycle, boolean allowed, Instant now) {
        Instant end = lifecycle == null ? null : lifecycle.endOfLifeTime();
        if (end != null && !end.isAfter(now)) {
            return new Catalogued(false, model + ": switched off since " + day(end), NEWER_MODEL);
        }
        boolean isLegacy = lifecycle != null && lifecycle.status() == FoundationModelLifecycleStatus.LEGACY;
        Instant dearer = lifecycle == null ? null : lifecycle.publicExtendedAccessTime();
        String text = model + ": " + (isLegacy ? legacy(end, dearer, now) : "active" + until(end, now)) + ", "
                + (allowed ? "this account may ask it" : "this account has no access to it");
        if (!allowed) {
            return new Catalogued(false, text, "ask for access in the console of Bedrock, Model access");
        }
        boolean soon = end != null && end.isBefore(now.plus(SOON));
        return new Catalogued(true, text, isLegacy || soon ? NEWER_MODEL : null);
    }

    private static String legacy(@Nullable Instant end, @Nullable Instant dearer, Instant now) {
        return "legacy, it will be switched off"
                + (end == null ? "" : " on " + day(end) + in(end, now))
                + (dearer == null ? "" : ", maybe at a higher price from " + day(dearer) + " on");
    }

    private static String until(@Nullable Instant end, Instant now) {
        return end == null ? "" : " until " + day(end) + in(end, now);
    }

    private static String in(Instant end, Instant now) {
        return " (in " + Duration.between(now, end).toDays() + " d)";
    }

    private static LocalDate day(Instant time) {
        return LocalDate.ofInstant(time, ZoneOffset.UTC);
    }

    /** Asks a language model for a word. Costs a few tokens. */
    public static void askLanguageModel(AwsClients clients, String model, Duration within) throws InterruptedException {
        Calls.await(
                clients.bedrock(within)
                        .converse(r -> r.modelId(model)
                                .messages(Message.builder()
                                        .role(ConversationRole.USER)
                                        .content(ContentBlock.fromText("Answer with the one word: ready"))
                                        .build())
                                .inferenceConfig(c -> c.maxTokens(FEW_TOKENS))),
                within);
    }

    /**
     * Asks an efficiency endpoint about nothing in particular. Costs one request.
     *
     * @return its answer
     */
    public static String askEndpoint(AwsClients clients, String endpoint, Duration within) throws InterruptedException {
        return Calls.await(
                        clients.sageMaker(within)
                                .invokeEndpoint(r -> r.endpointName(endpoint)
                                        .contentType("application/json")
                                        .body(SdkBytes.fromUtf8String(
                                                "{\"process_id\":\"doctor\",\"process_data\":{\"steps\":[{\"step_id\":\"s\","
                                                        + "\"utilization\":0.5,\"cycle_time\":1}],\"throughput\":50,"
                                                        + "\"quality_rate\":0.95}}"))),
                        within)
                .body()
                .asUtf8String();
    }
}
