package io.processoptimizer.local;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What an embedded AWS is started with.
 *
 * @param port the loopback port to listen on, 0 to 65535; 0 takes any free one, which {@link LocalAws#endpoint()} tells
 * @param directory where DynamoDB keeps its tables over a restart (made if missing), or null to keep them in memory
 * @param region the region that the services name in their ARNs
 * @param kinesisLimits whether Kinesis throttles at the rates of the real service; off, a replay may run at full speed
 * @param faults whether requests can be made to go wrong, by the page /_local/faults, and are written down, on /_local/actions
 * @param model the folder of the efficiency model that SageMaker's endpoints answer with; null: one that has learnt nothing
 */
public record LocalAwsSettings(
        int port,
        @Nullable Path directory,
        String region,
        boolean kinesisLimits,
        boolean faults,
        @Nullable Path model) {
    /** The port that other emulators use too, so that examples and scripts work unchanged. */
    public static final int DEFAULT_PORT = 4566;

    /** The account that the services name in their ARNs; the number that DynamoDB Local uses, so that all agree. */
    public static final String ACCOUNT = "000000000000";

    public static final String DEFAULT_REGION = "us-east-1";

    private static final int MAX_PORT = 65_535;

    /** Refuses a port outside 0 to 65535 and a region that no ARN could name. */
    public LocalAwsSettings {
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException(
                    "local.port (" + port + ") must be 0 to " + MAX_PORT + "; use " + DEFAULT_PORT);
        }
        if (!region.matches("[a-z0-9-]{1,32}")) {
            throw new IllegalArgumentException("region (" + region + ") is not an AWS region; use " + DEFAULT_REGION);
        }
    }

    /** Port 4566, tables in memory, Kinesis without throttling. */
    public static LocalAwsSettings defaults() {
        return new LocalAwsSettings(DEFAULT_PORT, null, DEFAULT_REGION, false, false, null);
    }

    /** Any free port, tables in memory: for tests. */
    public static LocalAwsSettings onAnyPort() {
        return defaults().withPort(0);
    }

    /** The same settings on another port. */
    public LocalAwsSettings withPort(int newPort) {
        return new LocalAwsSettings(newPort, directory, region, kinesisLimits, faults, model);
    }

    /** The same settings with DynamoDB's tables kept in a directory. */
    public LocalAwsSettings withDirectory(Path newDirectory) {
        return new LocalAwsSettings(port, newDirectory, region, kinesisLimits, faults, model);
    }

    /** The same settings with Kinesis throttling as the real service does. */
    public LocalAwsSettings withKinesisLimits() {
        return new LocalAwsSettings(port, directory, region, true, faults, model);
    }

    /** The same settings with requests that can be made to go wrong. */
    public LocalAwsSettings withFaults() {
        return new LocalAwsSettings(port, directory, region, kinesisLimits, true, model);
    }

    /** The same settings with a trained efficiency model. */
    public LocalAwsSettings withModel(Path newModel) {
        return new LocalAwsSettings(port, directory, region, kinesisLimits, faults, newModel);
    }
}
