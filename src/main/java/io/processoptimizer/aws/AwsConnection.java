package io.processoptimizer.aws;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where AWS is.
 *
 * @param region the region's id; null: from the environment, the profile or the instance, as the SDK finds it
 * @param endpoint one endpoint for every service (an emulator); null: AWS itself, or what AWS_ENDPOINT_URL says
 * @param credentials how requests are signed
 */
public record AwsConnection(
        @Nullable String region, @Nullable URI endpoint, Credentials credentials) {
    /** How requests are signed. */
    public enum Credentials {
        /** The SDK's default chain: environment, profile, container or instance role. */
        DEFAULT_CHAIN,
        /** Fixed values that only an emulator accepts, so that a local run needs no account. */
        EMULATOR
    }

    /** AWS as the environment describes it. */
    public static AwsConnection fromEnvironment() {
        return new AwsConnection(null, null, Credentials.DEFAULT_CHAIN);
    }

    /** An emulator on this machine. */
    public static AwsConnection emulator(URI endpoint) {
        return new AwsConnection("us-east-1", endpoint, Credentials.EMULATOR);
    }
}
