package io.processoptimizer.replay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.processoptimizer.event.RecordPosition;
import io.processoptimizer.replay.RecordingManifest.End;
import io.processoptimizer.replay.RecordingManifest.Extent;
import io.processoptimizer.replay.RecordingManifest.Gap;
import io.processoptimizer.replay.RecordingManifest.Shard;
import io.processoptimizer.replay.RecordingManifest.StreamId;
import io.processoptimizer.replay.RecordingManifest.Terms;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordingManifestTest {
    private static final Path FILE = Path.of("folder", "recording.json");
    private static final RecordedShard SHARD = new RecordedShard(
            "shardId-000000000002", BigInteger.TEN, BigInteger.TWO.pow(128), List.of("shardId-000000000000"), true);

    private final RecordingManifest manifest = new RecordingManifest(
            new StreamId("s", "arn:aws:kinesis:eu-west-1:1:stream/s", 1_767_225_600_123L),
            new Terms(new ReadFrom.AtTimestamp(5), 7, true, List.of("shardId-000000000002")),
            List.of(
                    new Shard(
                            SHARD,
                            new ReadFrom.TrimHorizon(),
                            new Extent(3, 99, new RecordPosition("4".repeat(56), 2), 11),
                            End.SHARD_END,
                            List.of(new Gap(null, 1), new Gap(new RecordPosition("7", 0), 2))),
                    new Shard(SHARD, new ReadFrom.Latest(), Extent.NONE, null, List.of())));

    @Test
    void comesBackAsItWasWritten() throws IOException {
        assertThat(RecordingManifest.parse(manifest.toBytes(), FILE)).isEqualTo(manifest);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"format\" : 1|\"format\" : 2|has format 2; this version reads 1",
                "\"arn\"|\"other\"|is not the manifest of a recording (it has no arn)",
                "\"records\" : 3|\"records\" : \"x\"|records is \"x\", not a whole number",
                "\"from\" : \"latest\"|\"from\" : \"x\"|from is \"x\"",
                "\"shards\"|\"shards|is not the manifest of a recording (",
                "shardId-000000000002\",|../x\",|'../x' is not the id of a shard"
            })
    void damageIsNamed(String good, String bad, String message) {
        String json = new String(manifest.toBytes(), UTF_8);
        assertThat(json).contains(good);
        byte[] damaged = json.replace(good, bad).getBytes(UTF_8);

        assertThatThrownBy(() -> RecordingManifest.parse(damaged, FILE))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith(FILE.toString())
                .hasMessageContaining(message);
    }
}
