package io.processoptimizer.cli;

import io.processoptimizer.aws.AwsConnection;
import io.processoptimizer.aws.AwsConnection.Credentials;
import io.processoptimizer.config.Settings;
import java.net.URI;
import java.util.Map;

/** Where AWS is, as the settings and the environment say. */
final class Connections {
    private Connections() {}

    /**
     * An emulator takes any credentials and needs none of the person's: they are made up where the environment gives none.
     */
    static AwsConnection of(Settings settings, Map<String, String> environment) {
        URI endpoint = settings.aws().endpointOverride().orElse(null);
        boolean given = environment.containsKey("AWS_ACCESS_KEY_ID") || environment.containsKey("AWS_PROFILE");
        boolean madeUp = endpoint != null && !given && isLoopback(endpoint.getHost());
        return new AwsConnection(
                settings.aws().region(), endpoint, madeUp ? Credentials.EMULATOR : Credentials.DEFAULT_CHAIN);
    }

    /** By name, without asking a name server: only what surely is this machine. */
    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
    }
}
