package io.processoptimizer.local;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A process of its own that has the local jar and nothing else on its class path: starts, asks once, ends. */
final class StartedFromJar {
    private StartedFromJar() {}

    /** Prints how long after the JVM's start the port listened and DynamoDB answered. */
    public static void main(String[] arguments) throws IOException {
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort())) {
            Duration listening = sinceStart();
            aws.awaitReady();
            System.out.println("listening after " + listening + ", ready after " + sinceStart());
            try (DynamoDbClient client = DynamoDbClient.builder()
                    .endpointOverride(aws.endpoint())
                    .region(Region.US_EAST_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                    .build()) {
                System.out.println("tables " + client.listTables().tableNames() + " after " + sinceStart());
            }
        }
    }

    private static Duration sinceStart() {
        return Duration.ofMillis(ManagementFactory.getRuntimeMXBean().getUptime());
    }
}
