package io.processoptimizer.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SnapshotEnvelopeTest {
    private static final int CHUNK = 1000;

    @Test
    void statesOfEverySizeComeBackUnchanged() {
        long seed = 20260101;
        SplittableRandom random = new SplittableRandom(seed);
        for (int size : new int[] {0, 1, 999, 1000, 1001, 65_536, 300_000}) {
            byte[] state = bytes(random, size);
            List<byte[]> chunks = SnapshotEnvelope.pack(state, CHUNK);
            assertThat(chunks)
                    .isNotEmpty()
                    .allSatisfy(chunk -> assertThat(chunk.length).isBetween(1, CHUNK));
            assertThat(SnapshotEnvelope.unpack("s", chunks)).as("seed %d", seed).isEqualTo(state);
        }
    }

    @Test
    void aMissingChunkIsReportedAsDamage() {
        List<byte[]> chunks = new ArrayList<>(SnapshotEnvelope.pack(bytes(new SplittableRandom(7), 50_000), CHUNK));
        chunks.remove(chunks.size() / 2);
        assertThatThrownBy(() -> SnapshotEnvelope.unpack("state of shard-1", chunks))
                .isInstanceOf(UnreadableSnapshotException.class)
                .hasMessageContaining("state of shard-1")
                .hasMessageContaining("damaged");
    }

    @Test
    void anyFlippedBitIsReported() {
        byte[] state = bytes(new SplittableRandom(8), 200);
        byte[] packed = SnapshotEnvelope.pack(state, 1 << 20).get(0);
        for (int i = 0; i < packed.length; i++) {
            byte[] damaged = packed.clone();
            damaged[i] ^= 0x10;
            int at = i;
            try {
                byte[] read = SnapshotEnvelope.unpack("s", List.of(damaged));
                assertThat(read).as("byte %d", at).isEqualTo(state);
            } catch (UnreadableSnapshotException | NewerSnapshotException expected) {
                assertThat(expected).hasMessageStartingWith("s ");
            }
        }
    }

    @Test
    void aNewerFormatIsRefusedWithTheRemedy() {
        byte[] packed = SnapshotEnvelope.pack(new byte[10], CHUNK).get(0);
        packed[7] = 9;
        assertThatThrownBy(() -> SnapshotEnvelope.unpack("state of shard-1", List.of(packed)))
                .hasMessageContaining("format 9")
                .hasMessageContaining("run the version that wrote it");
    }

    @Test
    void foreignBytesAreNotTakenForAState() {
        assertThatThrownBy(() -> SnapshotEnvelope.unpack(
                        "s", List.of("{\"a\":1}".repeat(9).getBytes(java.nio.charset.StandardCharsets.UTF_8))))
                .hasMessageContaining("not a state");
    }

    private static byte[] bytes(SplittableRandom random, int size) {
        byte[] state = new byte[size];
        for (int i = 0; i < size; i++) {
            state[i] = (byte) random.nextInt(16);
        }
        return state;
    }
}
