package io.processoptimizer.config;

import org.jspecify.annotations.Nullable;

/** Which models outside are asked, and what that may cost. */
public final class ModelSettings {
    private ModelSettings() {}

    /** The efficiency model. */
    @Section("The efficiency model behind a SageMaker endpoint, asked about every closed window.")
    public record SageMaker(
            @Setting(
                    value = "off",
                    orOff = true,
                    about =
                            "Name of the endpoint, like process-efficiency-endpoint; any that answers as 'model serve' does. off: the"
                                    + " model of advice.efficiency_model, if there is one, in the worker itself.")
            @Nullable
            String endpoint,

            @Setting(value = "16", min = "1", max = "200", about = "Calls under way at a time, by one worker.")
            int concurrency) {}

    /** The language model. */
    @Section("The language model in Bedrock that gives advice, where advice.advisor is bedrock.")
    public record Bedrock(
            @Setting(
                    value = "global.anthropic.claude-haiku-5-5",
                    about =
                            "Model id, inference profile or ARN. The default is the fastest of its family that Bedrock has as active"
                                    + " (launched 2026-10-07, end of life not before 2027-10-07), through the global profile, which every"
                                    + " commercial region offers. A model that thinks before it answers must let that be switched off.")
            String model,

            @Setting(
                    value = "converse",
                    about =
                            "converse (the same for every model) or invoke_model (Anthropic's body, for endpoints that lack Converse).")
            Api api,

            @Setting(
                    value = "1500",
                    min = "100",
                    max = "100000",
                    about = "Longest answer, in tokens. A shorter bound saves little: most answers have a few hundred.")
            int maxTokens,

            @Setting(value = "8", min = "1", max = "200", about = "Calls under way at a time, by one worker.")
            int concurrency,

            @Setting(
                    value = "2000",
                    min = "0",
                    max = "1000000000",
                    about = "Calls of all workers in a day (UTC). Beyond it the rules answer.")
            int callsPerDay,

            @Setting(
                    value = "10000000",
                    min = "0",
                    max = "2000000000",
                    about =
                            "Tokens, in and out, of all workers in a day (UTC); a call needs about 4,000. Each call is counted with the"
                                    + " most that it can need until it is known.")
            int tokensPerDay,

            @Setting(
                    value = "100",
                    min = "0",
                    max = "1000000000",
                    about =
                            "Calls about one process in a day (UTC): so that a bad line cannot use up what is there for all.")
            int callsPerProcessPerDay,

            @Setting(
                    value = "1000000",
                    min = "0",
                    max = "2000000000",
                    about = "Tokens, in and out, about one process in a day (UTC).")
            int tokensPerProcessPerDay) {}

    /** How the language model is called. */
    public enum Api {
        CONVERSE,
        INVOKE_MODEL
    }

    /** Who gives advice. */
    public enum Advisor {
        RULES,
        BEDROCK
    }
}
