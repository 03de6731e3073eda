package io.processoptimizer.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.local.LocalAws;
import io.processoptimizer.local.LocalAwsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.async.AsyncRequestBody;

class S3DownloadIT {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @Test
    void objectsOfTheWantedNamesBelowAPrefixBecomeFiles() throws Exception {
        try (LocalAws aws = LocalAws.start(LocalAwsSettings.onAnyPort());
                AwsClients clients = new AwsClients(AwsConnection.emulator(aws.endpoint()), false)) {
            clients.s3().createBucket(r -> r.bucket("replays")).join();
            for (String key : List.of(
                    "day/windows.ndjson", "day/late/windows.ndjson", "day/advice.ndjson", "other/windows.ndjson")) {
                clients.s3()
                        .putObject(r -> r.bucket("replays").key(key), AsyncRequestBody.fromString("of " + key))
                        .join();
            }

            S3Download.of(clients.s3(), "s3://replays/day/", "windows\\.ndjson").to(directory);

            try (Stream<Path> files = Files.walk(directory)) {
                assertThat(files.filter(Files::isRegularFile))
                        .allMatch(file -> file.endsWith("windows.ndjson"))
                        .extracting(Files::readString)
                        .containsExactlyInAnyOrder("of day/windows.ndjson", "of day/late/windows.ndjson");
            }
            assertThatThrownBy(() -> S3Download.of(clients.s3(), "s3://replays/nothing", "windows\\.ndjson")
                            .to(directory))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("s3://replays/nothing");
        }
    }
}
