package io.processoptimizer.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.processoptimizer.event.RecordPosition;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayInputTest {
    private static final long NOTICED = Instant.parse("2026-03-02T06:00:00Z").toEpochMilli();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    private Path directory;

    @BeforeEach
    void aRecording() throws IOException {
        Files.createDirectories(directory.resolve("rec"));
        Files.writeString(directory.resolve("rec/s-1.ndjson"), "{\"sequence\":\"7\",\"shard\":\"s-1\",\"data\":{}}\n");
    }

    @Test
    void gapsAndTheChoiceOfShardsAreTold() throws IOException {
        manifest(
                List.of("s-1"),
                0,
                new RecordingManifest.Gap(null, NOTICED),
                new RecordingManifest.Gap(new RecordPosition("5", 0), NOTICED));

        try (RecordSource source = open()) {
            assertThat(source.damages()).isEmpty();
            assertThat(source.notes().stream().map(InputNote::text))
                    .containsExactly(
                            "rec was recorded from one shard only (s-1); processes of other shards are not in it",
                            "rec may lack records of s-1 before its first: the stream had dropped them before they were"
                                    + " recorded (noticed 2026-03-02T06:00:00Z); windows around there may be too low",
                            "rec may lack records of s-1 after sequence 5: the stream had dropped them before they were"
                                    + " recorded (noticed 2026-03-02T06:00:00Z); windows around there may be too low");
        }
    }

    @Test
    void aWholeRecordingHasNothingToTell() throws IOException {
        manifest(List.of(), 20);

        try (RecordSource source = open()) {
            assertThat(source.damages()).isEmpty();
            assertThat(source.notes()).isEmpty();
        }
    }

    @Test
    void aFileThatIsShorterThanItWasRecordedIsDamage() throws IOException {
        manifest(List.of(), 1_000);

        try (RecordSource source = open()) {
            assertThat(source.damages())
                    .singleElement()
                    .asString()
                    .startsWith("rec/s-1.ndjson is cut off: recording.json says that it holds 3 records in 1000 bytes,"
                            + " and it has ");
        }
    }

    @Test
    void aFileThatIsNotThereAnyMoreIsDamage() throws IOException {
        manifest(List.of(), 1_000);
        Files.move(directory.resolve("rec/s-1.ndjson"), directory.resolve("rec/other.ndjson"));

        try (RecordSource source = open()) {
            assertThat(source.damages())
                    .singleElement()
                    .asString()
                    .startsWith("rec/s-1.ndjson is missing: recording.json says that it holds 3 records");
        }
    }

    private RecordSource open() throws IOException {
        return ReplayInput.open(List.of(Path.of("rec")), directory, InputStream.nullInputStream());
    }

    private void manifest(List<String> selected, long bytes, RecordingManifest.Gap... gaps) throws IOException {
        RecordingManifest.Shard shard = new RecordingManifest.Shard(
                new RecordedShard("s-1", BigInteger.ZERO, BigInteger.TEN, List.of(), false),
                new ReadFrom.TrimHorizon(),
                new RecordingManifest.Extent(3, bytes, new RecordPosition("7", 0), 0),
                RecordingManifest.End.BOUND,
                List.of(gaps));
        RecordingManifest manifest = new RecordingManifest(
                new RecordingManifest.StreamId("stream", "arn", 0),
                new RecordingManifest.Terms(new ReadFrom.TrimHorizon(), 0, false, selected),
                List.of(shard));
        Files.write(directory.resolve("rec").resolve(RecordingManifest.FILE_NAME), manifest.toBytes());
    }
}
